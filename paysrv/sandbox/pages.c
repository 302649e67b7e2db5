/* See pages.h. */
#include "paysrv/sandbox/pages.h"

#include "paysrv/sandbox/sandbox.h"
#include "shared/text/locale_text.h"
#include "shared/text/url.h"
#include "web/acquirer/pages.h"

#define URL_MAX_BYTES 8192

static const struct languages ours = { language_tags, LANGUAGES };

struct languages page_languages(void)
{
    return ours;
}

void sandbox_page_begin(struct task *t, const struct request *rq)
{
    size_t found;
    if (language_accept(&ours, request_header(rq, "accept-language"), &found))
        t->language = (unsigned)found;
}

bool page_speak(struct task *t, str locale)
{
    size_t found;
    if (!language_find(&ours, locale, &found))
        return false;
    t->language = (unsigned)found;
    return true;
}

str page_text(const struct task *t, enum text_key key)
{
    return text_in(t->language, key);
}

str page_money(struct task *t, int64_t amount_minor, str currency)
{
    return locale_money(t->arena, language_tags[t->language], amount_minor, currency);
}

struct buf *page_start(struct task *t, struct response *rs, int status)
{
    const struct app *app = t->app;
    struct buf *out = reply_html(rs, status);
    reply_csp(rs, "frame-ancestors", app->config.frame_ancestors);
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    return out;
}

void sandbox_error_page(struct task *t, const struct request *rq, const struct failure *f, struct response *rs)
{
    (void)rq;
    str what = f->fault == &FAULT_NOT_FOUND ? page_text(t, TEXT_FAULT_NOT_FOUND) : str_of(f->fault->say);
    page_problem(page_start(t, rs, f->fault->status), t->language, NULL,
                 &(struct page_problem){ .what = what, .request_id = t->request_id });
}

void page_lead_back(struct task *t, struct response *rs, str return_url, const char *name, str value)
{
    struct buf url;
    buf_init(&url, t->arena, URL_MAX_BYTES);
    buf_add(&url, return_url);
    url_add_query(&url, name, value);
    page_leave(page_start(t, rs, 200), t->language, NULL, &(struct page_leave){ .location = buf_str(&url) });
}
