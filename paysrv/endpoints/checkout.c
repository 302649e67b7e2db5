/*
 * The buyer's pages (docs/protocol/pay/pages.md): hosted and framed. They work without JavaScript; what has an
 * effect is a form post or the return from the acquirer, and every page shows the payment as it stands.
 */
#include "paysrv/checkout_page.h"
#include "paysrv/domain/transfer/transfer.h"
#include "paysrv/faults.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/routes.h"
#include "paysrv/store/transfer.rows.h"
#include "shared/crypto/crypto.h"
#include "shared/text/qr.h"

#define PER_MINUTE 1200 /* many buyers share the address of a carrier */
#define PER_MINUTE_LINK 120

/* ---- show ---- */

/* The acquirer may know more than we do, and a page elsewhere is easily left without coming back. */
static bool is_worth_asking(const struct checkout *c)
{
    if (c->status == PAYMENT_PROCESSING)
        return str_eq(c->shown->call_state, STR("unknown"));
    return c->status == PAYMENT_REQUIRES_ACTION && checkout_method(c) != METHOD_CARD;
}

/* In the language that the address asks for, or the others that are asked (domain/store_speech.h). */
static err find(struct task *t, const struct request *rq, str session, str locale, struct checkout *ret)
{
    TRY(checkout_find(t, session, ret));
    ret->accepts = request_header(rq, "accept-language");
    checkout_speak(t, ret, locale);
    return OK;
}

static err again(struct task *t, struct checkout *c)
{
    const str accepts = c->accepts, locale = c->locale;
    TRY(checkout_find(t, c->session, c));
    c->accepts = accepts;
    checkout_speak(t, c, locale);
    return OK;
}

static err show(struct task *t, const struct request *rq, struct response *rs, str session, str locale,
                bool is_embedded)
{
    struct checkout c;
    TRY(find(t, rq, session, locale, &c));
    if (is_worth_asking(&c)) {
        TRY(checkout_refresh(t, &c));
        TRY(again(t, &c));
    }
    checkout_show(t, rs, &c, is_embedded);
    return OK;
}

/* What is no tag says nothing: a page that is paid on is not refused for it. */
#define LOCALE_PARAM(type) P_STR(type, locale, .need = OPTIONAL, .set = LINE, .max = 200)

struct show_in {
    str locale;
};

static const struct param show_params[] = {
    LOCALE_PARAM(struct show_in),
};

static err show_hosted(struct task *t, const struct request *rq, struct response *rs)
{
    const struct show_in *in = rq->in;
    return show(t, rq, rs, request_path_param(rq, "session"), in->locale, false);
}

struct embed_in {
    str s;
    str locale;
};

static const struct param embed_params[] = {
    P_STR(struct embed_in, s, .need = REQUIRED, .set = ID, .max = 80),
    LOCALE_PARAM(struct embed_in),
};

static err show_embedded(struct task *t, const struct request *rq, struct response *rs)
{
    const struct embed_in *in = rq->in;
    return show(t, rq, rs, in->s, in->locale, true);
}

/* ---- start ---- */

struct start_in {
    str method;
    bool another_card;
    bool another_way;
    bool save_card;
    str locale;
};

static const struct param start_params[] = {
    P_STR(struct start_in, method, .need = OPTIONAL, .set = ID, .max = 40),
    P_BOOL(struct start_in, another_card, .need = OPTIONAL),
    P_BOOL(struct start_in, another_way, .need = OPTIONAL),
    P_BOOL(struct start_in, save_card, .need = OPTIONAL),
    LOCALE_PARAM(struct start_in),
};

/* What waits for him elsewhere is given up, because he wants to pay otherwise. */
static err other_way(struct task *t, const struct start_in *in, struct checkout *c)
{
    if (!(in->another_card || in->another_way) || c->status != PAYMENT_REQUIRES_ACTION)
        return OK;
    TRY(checkout_give_up(t, c));
    return again(t, c);
}

/* Into the browser, or from within a frame into a tab of its own: the page that waits has the link. */
static err set_out(struct task *t, struct response *rs, struct checkout *c, bool is_embedded,
                   enum payment_method method)
{
    TRY(checkout_set_out(t, c, method));
    TRY(again(t, c));
    if (!is_embedded && c->status == PAYMENT_REQUIRES_ACTION && str_given(c->shown->action_url))
        checkout_leave(t, rs, c, is_embedded, c->shown->action_url);
    else
        reply_see_other(rs, checkout_path(t, c, is_embedded));
    return OK;
}

/* The button was pressed twice, or he came back to it: it leads where it led. */
static bool is_on_the_way(const struct checkout *c, enum payment_method method)
{
    return c->status == PAYMENT_REQUIRES_ACTION && checkout_method(c) == method && str_given(c->shown->action_url);
}

static err start(struct task *t, const struct request *rq, struct response *rs, bool is_embedded)
{
    const struct start_in *in = rq->in;
    struct checkout c;
    str session = request_path_param(rq, "session"), browser = checkout_browser(rq), card_page;
    enum payment_method method = METHOD_CARD;
    if (str_given(in->method) && !payment_method_parse(in->method, &method))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("method"), STR("must be " PAYMENT_METHODS_TEXT));
    TRY(find(t, rq, session, in->locale, &c));
    TRY(other_way(t, in, &c));
    if (method != METHOD_CARD && is_on_the_way(&c, method) && !is_embedded) {
        checkout_leave(t, rs, &c, is_embedded, c.shown->action_url);
        return OK;
    }
    if (in->another_way || c.status != PAYMENT_REQUIRES_PAYMENT_METHOD || !store_is_selling(c.shown->store_status)) {
        reply_see_other(rs, checkout_path(t, &c, is_embedded));
        return OK;
    }
    if (!c.offers[method])
        return FAIL_PARAM(t, METHOD_UNAVAILABLE, STR("method"), STR("this payment is not offered so"));
    if (method != METHOD_CARD)
        return set_out(t, rs, &c, is_embedded, method);
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
    str locale;
};

static const struct param return_params[] = {
    P_STR(struct return_in, state, .need = OPTIONAL, .set = TOKEN, .max = 100),
    P_STR(struct return_in, card_token, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_STR(struct return_in, card_error, .need = OPTIONAL, .set = TOKEN, .max = 100),
    P_STR(struct return_in, charge, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_BOOL(struct return_in, embedded, .need = OPTIONAL),
    LOCALE_PARAM(struct return_in),
};

/* A payment that then waits for its challenge goes straight on to it. */
static err go_on(struct task *t, struct response *rs, struct checkout *c, bool is_embedded, str card_token)
{
    TRY(again(t, c));
    if (str_given(card_token) && c->status == PAYMENT_REQUIRES_ACTION && str_given(c->shown->action_url))
        checkout_leave(t, rs, c, is_embedded, c->shown->action_url);
    else
        reply_see_other(rs, checkout_path(t, c, is_embedded));
    return OK;
}

/*
 * From the card page with a token, or from the challenge with nothing that counts: the browser's word is never trusted,
 * the acquirer is asked.
 */
static err come_back(struct task *t, const struct request *rq, struct response *rs)
{
    const struct return_in *in = rq->in;
    struct checkout c;
    struct checkout_visited visited = { .is_embedded = in->embedded };
    str session = request_path_param(rq, "session");
    TRY(find(t, rq, session, in->locale, &c));
    if (str_given(in->state)) {
        const struct checkout_return visit = { in->state, in->card_token, checkout_browser(rq), false };
        TRY(checkout_return(t, &c, &visit, &visited));
    } else {
        TRY(checkout_refresh(t, &c));
    }
    if (visited.is_to_ask && c.status == PAYMENT_REQUIRES_PAYMENT_METHOD && store_is_selling(c.shown->store_status)) {
        checkout_ask(t, rs, &c, visited.is_embedded,
                     &(struct checkout_asked){ in->state, in->card_token, visited.keeps_card });
        return OK;
    }
    return go_on(t, rs, &c, visited.is_embedded, in->card_token);
}

/* The buyer's yes on that page. */
static err confirm(struct task *t, const struct request *rq, struct response *rs)
{
    const struct return_in *in = rq->in;
    struct checkout c;
    struct checkout_visited visited = { .is_embedded = in->embedded };
    TRY(find(t, rq, request_path_param(rq, "session"), in->locale, &c));
    TRY(checkout_return(t, &c, &(struct checkout_return){ in->state, in->card_token, STR_NONE, true }, &visited));
    return go_on(t, rs, &c, visited.is_embedded, in->card_token);
}

/* ---- the picture of a bank transfer ---- */

static err picture(struct task *t, const struct request *rq, struct response *rs)
{
    struct checkout c;
    str svg;
    TRY(checkout_find(t, request_path_param(rq, "session"), &c));
    if (!c.transfer)
        return FAIL(t, NOT_FOUND, "it waits for no bank transfer");
    const struct transfer_code code = { .holder_name = c.transfer->holder_name,
                                        .iban = c.transfer->iban,
                                        .bic = c.transfer->bic,
                                        .reference = c.transfer->reference,
                                        .amount_minor = transfer_rest(c.transfer->amount, c.transfer->received) };
    if (!qr_svg(t->arena, transfer_code_text(t->arena, &code), &svg))
        return FAIL(t, NOT_FOUND, "nothing to show as a QR code");
    reply_raw(rs, 200, "image/svg+xml", svg);
    return OK;
}

/* ---- routes ---- */

#define PAGE_ROUTE(METHOD, PATH, SUMMARY, HANDLE, ...)                                                                 \
    {                                                                                                                  \
        .method = METHOD, .path = PATH, .guard = &GUARD_PUBLIC, .run = RUN_WORKER, .errors = ERRORS_PAGE,              \
        .no_store = true, .per_minute = PER_MINUTE, .per_minute_link = PER_MINUTE_LINK, .handle = HANDLE,              \
        .summary = SUMMARY, __VA_ARGS__                                                                                \
    }

const struct route checkout_show_route =
    PAGE_ROUTE(GET, "/pay/{session}", "The hosted checkout", show_hosted, .body = BODY_NONE, .ignore_unknown = true,
               INPUT(struct show_in, show_params));
const struct route checkout_start_route =
    PAGE_ROUTE(POST, "/pay/{session}/start", "Sets out for the page where he pays", start_hosted, .body = BODY_FORM,
               INPUT(struct start_in, start_params));
const struct route checkout_transfer_code_route =
    PAGE_ROUTE(GET, "/pay/{session}/transfer.svg", "The bank transfer as a QR code", picture, .body = BODY_NONE);
const struct route checkout_return_route =
    PAGE_ROUTE(GET, "/pay/{session}/return", "Back from card page, challenge or wallet", come_back, .body = BODY_NONE,
               .ignore_unknown = true, INPUT(struct return_in, return_params));
const struct route checkout_confirm_route =
    PAGE_ROUTE(POST, "/pay/{session}/return", "Pays by the card that was typed, where no cookies are kept", confirm,
               .body = BODY_FORM, INPUT(struct return_in, return_params));
const struct route checkout_embed_route =
    PAGE_ROUTE(GET, "/embed/checkout", "The checkout inside the partner's page", show_embedded, .body = BODY_NONE,
               .ignore_unknown = true, INPUT(struct embed_in, embed_params));
const struct route checkout_embed_start_route =
    PAGE_ROUTE(POST, "/embed/checkout/{session}/start", "Sets out for the page where he pays, framed", start_embedded,
               .body = BODY_FORM, INPUT(struct start_in, start_params));
