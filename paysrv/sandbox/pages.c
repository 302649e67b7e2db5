/* See pages.h. */
#include "paysrv/sandbox/pages.h"

#include "paysrv/sandbox/sandbox.h"
#include "shared/text/url.h"
#include "web/acquirer/pages.h"

#define URL_MAX_BYTES 8192

struct buf *page_start(struct task *t, struct response *rs, int status)
{
    const struct app *app = t->app;
    struct buf *out = reply_html(rs, status);
    reply_csp(rs, "frame-ancestors", app->config.frame_ancestors);
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    return out;
}

void sandbox_error_page(struct task *t, const struct failure *f, struct buf *out)
{
    page_problem(out, &(struct page_problem){ .what = str_of(f->fault->say), .request_id = t->request_id });
}

void page_lead_back(struct task *t, struct response *rs, str return_url, const char *name, str value)
{
    struct buf url;
    buf_init(&url, t->arena, URL_MAX_BYTES);
    buf_add(&url, return_url);
    url_add_query(&url, name, value);
    page_leave(page_start(t, rs, 200), &(struct page_leave){ .location = buf_str(&url) });
}
