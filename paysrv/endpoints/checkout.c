/*
 * The buyer's pages (docs/protocol/pay-api.md, "Pages"): hosted and framed. They work without JavaScript; what has an
 * effect is a form post or the return from the acquirer, and every page shows the payment as it stands.
 */
#include "paysrv/checkout_page.h"
#include "paysrv/faults.h"
#include "paysrv/flow/store_state.h"
#include "paysrv/routes.h"
#include "shared/crypto/crypto.h"

#define PER_MINUTE 120

/* ---- show ---- */

static err show(struct task *t, struct response *rs, str session, bool is_embedded)
{
    struct checkout c;
    TRY(checkout_find(t, session, &c));
    if (c.status == PAYMENT_PROCESSING && str_eq(c.shown->call_state, STR("unknown"))) {
        TRY(checkout_refresh(t, &c));
        TRY(checkout_find(t, session, &c));
    }
    checkout_show(t, rs, &c, is_embedded);
    return OK;
}

static err show_hosted(struct task *t, const struct request *rq, struct response *rs)
{
    return show(t, rs, request_path_param(rq, "session"), false);
}

struct embed_in {
    str s;
};

static const struct param embed_params[] = {
    P_STR(struct embed_in, s, .need = REQUIRED, .set = ID, .max = 80),
};

static err show_embedded(struct task *t, const struct request *rq, struct response *rs)
{
    const struct embed_in *in = rq->in;
    return show(t, rs, in->s, true);
}

/* ---- start ---- */

struct start_in {
    bool another_card;
    bool save_card;
};

static const struct param start_params[] = {
    P_BOOL(struct start_in, another_card, .need = OPTIONAL),
    P_BOOL(struct start_in, save_card, .need = OPTIONAL),
};

static err start(struct task *t, const struct request *rq, struct response *rs, bool is_embedded)
{
    const struct start_in *in = rq->in;
    struct checkout c;
    str session = request_path_param(rq, "session"), browser = checkout_browser(rq), card_page;
    TRY(checkout_find(t, session, &c));
    if (in->another_card && c.status == PAYMENT_REQUIRES_ACTION) {
        TRY(checkout_give_up(t, &c));
        TRY(checkout_find(t, session, &c));
    }
    if (c.status != PAYMENT_REQUIRES_PAYMENT_METHOD || !store_is_selling(c.shown->store_status)) {
        reply_see_other(rs, checkout_path(t, session, is_embedded));
        return OK;
    }
    c.is_consent_missing = c.shown->save_required_given && c.shown->save_required && !in->save_card;
    if (c.is_consent_missing) {
        checkout_show(t, rs, &c, is_embedded);
        return OK;
    }
    if (!str_given(browser))
        browser = random_token(t->arena, "");
    const struct checkout_visit visit = { browser, is_embedded, in->save_card };
    TRY(checkout_start(t, &c, &visit, &card_page));
    checkout_browser_set(rs, browser, is_embedded);
    checkout_leave(t, rs, &c, is_embedded, card_page);
    return OK;
}

static err start_hosted(struct task *t, const struct request *rq, struct response *rs)
{
    return start(t, rq, rs, false);
}

static err start_embedded(struct task *t, const struct request *rq, struct response *rs)
{
    return start(t, rq, rs, true);
}

/* ---- return ---- */

struct return_in {
    str state;
    str card_token;
    str card_error;
    str charge;
    bool embedded;
};

static const struct param return_params[] = {
    P_STR(struct return_in, state, .need = OPTIONAL, .set = TOKEN, .max = 100),
    P_STR(struct return_in, card_token, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_STR(struct return_in, card_error, .need = OPTIONAL, .set = TOKEN, .max = 100),
    P_STR(struct return_in, charge, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_BOOL(struct return_in, embedded, .need = OPTIONAL),
};

/*
 * From the card page with a token, or from the challenge with nothing that counts: the browser's word is never trusted,
 * the acquirer is asked. A payment that then waits for its challenge goes straight on to it.
 */
static err come_back(struct task *t, const struct request *rq, struct response *rs)
{
    const struct return_in *in = rq->in;
    struct checkout c;
    bool is_embedded = in->embedded;
    str session = request_path_param(rq, "session");
    TRY(checkout_find(t, session, &c));
    if (str_given(in->state)) {
        const struct checkout_return visit = { in->state, in->card_token, checkout_browser(rq) };
        TRY(checkout_return(t, &c, &visit, &is_embedded));
    } else {
        TRY(checkout_refresh(t, &c));
    }
    TRY(checkout_find(t, session, &c));
    if (str_given(in->card_token) && c.status == PAYMENT_REQUIRES_ACTION && str_given(c.shown->action_url))
        checkout_leave(t, rs, &c, is_embedded, c.shown->action_url);
    else
        reply_see_other(rs, checkout_path(t, session, is_embedded));
    return OK;
}

/* ---- routes ---- */

#define PAGE_ROUTE(METHOD, PATH, SUMMARY, HANDLE, ...)                                                                 \
    {                                                                                                                  \
        .method = METHOD, .path = PATH, .guard = &GUARD_PUBLIC, .run = RUN_WORKER, .errors = ERRORS_PAGE,              \
        .no_store = true, .per_minute = PER_MINUTE, .handle = HANDLE, .summary = SUMMARY, __VA_ARGS__                  \
    }

const struct route checkout_show_route =
    PAGE_ROUTE(GET, "/pay/{session}", "The hosted checkout", show_hosted, .body = BODY_NONE, .ignore_unknown = true);
const struct route checkout_start_route =
    PAGE_ROUTE(POST, "/pay/{session}/start", "Sets out for the card page", start_hosted, .body = BODY_FORM,
               INPUT(struct start_in, start_params));
const struct route checkout_return_route =
    PAGE_ROUTE(GET, "/pay/{session}/return", "Back from card page or challenge", come_back, .body = BODY_NONE,
               .ignore_unknown = true, INPUT(struct return_in, return_params));
const struct route checkout_embed_route =
    PAGE_ROUTE(GET, "/embed/checkout", "The checkout inside the partner's page", show_embedded, .body = BODY_NONE,
               .ignore_unknown = true, INPUT(struct embed_in, embed_params));
const struct route checkout_embed_start_route =
    PAGE_ROUTE(POST, "/embed/checkout/{session}/start", "Sets out for the card page, framed", start_embedded,
               .body = BODY_FORM, INPUT(struct start_in, start_params));
