/*
 * POST /v1/payments/{payment}/confirm: charges the card behind a token, or sends the buyer to his wallet, once
 * (docs/protocol/pay/payments.md, SECURITY 5.1).
 */
#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/payment/charge.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/flow/stores/store_domain.h"
#include "paysrv/guards.h"
#include "paysrv/means_request.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "shared/text/url.h"

struct confirm_in {
    str method;
    str payment_token;
    str return_url;
    bool replace_attempt;
};

static const struct param confirm_params[] = {
    P_STR(struct confirm_in, method, .need = OPTIONAL, .set = ID, .max = 40, .words = PAYMENT_METHODS(STR_LISTED)),
    P_STR(struct confirm_in, payment_token, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
    P_STR(struct confirm_in, return_url, .need = OPTIONAL, .set = URI, .max = 2000),
    P_BOOL(struct confirm_in, replace_attempt, .need = OPTIONAL),
};

/*
 * A user's token confirms that user's payments only; whether a payment is the partner's is for T1 to see, but where its
 * store is asked for a card: what is answered about that would tell of another partner's.
 */
static err owner_check(struct task *t, const struct confirm_in *in, const struct caller *caller, payment_id id)
{
    const struct payment_find_row *p;
    if (!str_given(caller->subject) && !saved_card_is_id(in->payment_token))
        return OK;
    TRY(payment_find(t, id, caller->partner, caller->subject, &p));
    return p ? OK : FAIL(t, NOT_FOUND, "no such payment for this caller");
}

/* A saved card is charged for payments of its own store only. What was answered before it ended is answered again. */
static err card_check(struct task *t, const struct confirm_in *in, const struct caller *caller, payment_id id,
                      const struct once *once, struct answer *ret, bool *is_answered)
{
    bool usable = true;
    if (saved_card_is_id(in->payment_token))
        TRY(saved_card_usable(t, in->payment_token, id, &usable));
    if (!usable)
        TRY(charge_stored(t, caller->partner, once, is_answered, ret));
    if (!usable && !*is_answered)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("payment_token"),
                          STR("is no saved card of this payment's store that may still be charged"));
    return OK;
}

/* A page that the buyer is sent to has to lead him back. */
static err method_read(struct task *t, const struct confirm_in *in, enum payment_method *ret)
{
    TRY(means_read(t, &(struct means_in){ in->method, in->payment_token }, "", ret));
    if (str_given(in->return_url) && !url_is_web(in->return_url))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("return_url"), STR("must be an http or https URL"));
    return OK;
}

static err confirm(struct task *t, const struct request *rq, struct response *rs)
{
    const struct confirm_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    payment_id id = { request_path_param(rq, "payment") };
    struct answer answer;
    struct once once;
    enum payment_method method;
    bool is_answered = false;
    TRY(once_of(t, rq, true, &once));
    TRY(method_read(t, in, &method));
    TRY(owner_check(t, in, caller, id));
    TRY(payment_return_check(t, caller->partner, id, in->return_url));
    TRY(card_check(t, in, caller, id, &once, &answer, &is_answered));
    if (is_answered) {
        answer_send(rs, &answer);
        return OK;
    }
    const struct charge_order order = {
        .partner = caller->partner,
        .payment = id,
        .route = once.route,
        .key = once.key,
        .fingerprint = once.fingerprint,
        .method = method,
        .token = in->payment_token,
        .return_url = in->return_url,
        .is_instead = in->replace_attempt,
    };
    TRY(charge_run(t, &order, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct route payments_confirm_route = {
    .method = POST,
    .path = "/v1/payments/{payment}/confirm",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct confirm_in, confirm_params),
    .needs_key = true,
    .handle = confirm,
    .answer = "Payment",
    .done = "200 202",
    .summary =
        "Confirm a payment with a card token, with a saved card while the buyer is not there, or by another method",
};
