/*
 * GET and POST /device (RFC 8628 section 3.3): where a person types the code of a device. A link with the code in it
 * only fills the field in. Guesses are limited by browser, by address and for all together (section 5.1).
 */
#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/domain/authorization/user_code.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/decoupled.sql.h"
#include "shared/cache/cache.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/network.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define FLOW_LIFE MINUTES(15)
#define CSRF_PURPOSE STR("device")

static const struct {
    const char *of;
    int per_minute, burst;
} limits[] = { { "browser", 2, 5 }, { "peer", 20, 20 }, { "all", 1200, 1200 } };

struct code_in {
    str user_code, csrf;
};

static const struct param page_params[] = {
    P_STR(struct code_in, user_code, .need = OPTIONAL, .set = LINE, .max = 32),
};

static const struct param code_params[] = {
    P_STR(struct code_in, user_code, .need = REQUIRED, .set = LINE, .max = 32),
    P_STR(struct code_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static void page_show(struct task *t, str cookie, struct response *rs, int status, str typed, str problem)
{
    page_device(reply_html(rs, status), t->language, t->frame,
                &(struct page_device){ .action = STR("/device"),
                                       .csrf = csrf_token(t, cookie, CSRF_PURPOSE),
                                       .user_code = typed,
                                       .problem = problem });
}

static err device(struct task *t, const struct request *rq, struct response *rs)
{
    const struct code_in *in = rq->in;
    str code, cookie = browser_cookie_keep(t, rq, rs);
    bool is_code = str_given(in->user_code) && user_code_read(t->arena, in->user_code, &code);
    TRY(visit_language(t, rq, STR_NONE));
    page_show(t, cookie, rs, 200, is_code ? user_code_shown(t->arena, code) : STR(""), STR_NONE);
    return OK;
}

/* Every attempt is counted, also the right one: a guess that hits is still a guess. */
static bool may_try(struct task *t, const struct request *rq, digest browser)
{
    const str who[] = { base64url_encode(t->arena, (bytes){ browser.b, 16 }), network_of(t->arena, rq->peer), STR("") };
    int retry_after_s;
    if (!app_of(t)->config.rate_limits)
        return true;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        str key = arena_printf(t->arena, "user_code_%s:%.*s", limits[i].of, STR_ARG(who[i]));
        if (!cache_allow(t, key, limits[i].per_minute, limits[i].burst, &retry_after_s))
            return false;
    }
    return true;
}

/* *flow absent: no device waits with this code. */
static err flow_begin(struct task *t, str typed, digest browser, flow_id *flow)
{
    str code;
    int64_t n;
    *flow = (flow_id){ STR_NONE };
    if (!user_code_read(t->arena, typed, &code))
        return OK;
    flow_id id = { random_id(t->arena, "fl_") };
    TRY(device_flow_create(t, code, browser, id, instant_add(t->now, FLOW_LIFE), &n));
    if (n == 1)
        *flow = id;
    return OK;
}

static err device_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct code_in *in = rq->in;
    str cookie = browser_cookie(rq);
    flow_id flow;
    struct visit v;
    str csrf = csrf_token(t, cookie, CSRF_PURPOSE);
    if (!str_given(cookie) || !equal_bytes(bytes_of(csrf), bytes_of(in->csrf)))
        return FAIL(t, FORBIDDEN, "wrong csrf token, or no binding cookie");
    digest browser = browser_bind(t, rq, rs);
    TRY(visit_language(t, rq, STR_NONE));
    if (!may_try(t, rq, browser)) {
        page_show(t, cookie, rs, 429, in->user_code, text_in(t->language, TEXT_DEVICE_SLOW));
        return OK;
    }
    TRY(flow_begin(t, in->user_code, browser, &flow));
    if (!str_given(flow.v)) {
        count_user_code_wrong(t);
        page_show(t, cookie, rs, 400, in->user_code, text_in(t->language, TEXT_DEVICE_WRONG));
        return OK;
    }
    TRY(visit_load(t, rq, flow.v, &v));
    return visit_go(t, &v, rs);
}

const struct route device_route = PAGE_ROUTE("/device", INPUT(struct code_in, page_params), .handle = device,
                                             .summary = "Page for the code of a device");

const struct route device_post_route = FORM_ROUTE("/device", INPUT(struct code_in, code_params), .handle = device_post,
                                                  .summary = "Find the device that waits with a code");
