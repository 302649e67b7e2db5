/* GET and POST /language: the person chooses in which language this log-in goes on. Without a script, within the flow.
 */
#include "authsrv/flow/language.h"
#include "authsrv/browser.h"
#include "authsrv/faults.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/flow.sql.h"
#include "web/authsrv/pages.h"

struct language_in {
    str flow, then, csrf, to;
};

static const struct param language_page_params[] = {
    P_STR(struct language_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct language_in, then, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static const struct param language_params[] = {
    P_STR(struct language_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct language_in, then, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct language_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct language_in, to, .need = REQUIRED, .set = TOKEN, .max = 35),
};

static err then_check(struct task *t, str then)
{
    return language_path_good(then) ? OK : (err)FAIL_PARAM(t, INVALID_REQUEST, STR("then"), STR("a page of a log-in"));
}

static err language_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct language_in *in = rq->in;
    struct language_choice choices[LANGUAGES];
    struct visit v;
    TRY(then_check(t, in->then));
    TRY(visit_load(t, rq, in->flow, &v));
    for (unsigned i = 0; i < LANGUAGES; i++)
        choices[i] = (struct language_choice){ language_tags[i], text_in((enum language)i, TEXT_LANGUAGE_NAME),
                                               i == t->language };
    page_language(reply_html(rs, 200), t->language, t->frame,
                  &(struct page_language){ .action = STR("/language"),
                                           .csrf = v.csrf,
                                           .flow = v.flow->id.v,
                                           .then = in->then,
                                           .choices = { choices, LANGUAGES } });
    return OK;
}

static err language_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct language_in *in = rq->in;
    struct visit v;
    int64_t n;
    TRY(then_check(t, in->then));
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    if (!language_is_there(languages_ours(), in->to))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("to"), STR("one of ui_locales_supported"));
    TRY(flow_speak(t, in->to, v.flow->id, v.browser, &n));
    reply_see_other(rs, arena_printf(t->arena, "%.*s?flow=%.*s", STR_ARG(in->then), STR_ARG(v.flow->id.v)));
    return OK;
}

const struct route language_route =
    PAGE_ROUTE("/language", .sites = SITE_ANY, INPUT(struct language_in, language_page_params), .handle = language_page,
               .summary = "Page to choose the language of a log-in");

const struct route language_post_route =
    FORM_ROUTE("/language", .sites = SITE_ANY, INPUT(struct language_in, language_params), .handle = language_post,
               .summary = "Go on with a log-in in another language");
