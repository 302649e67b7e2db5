/*
 * The second step of payments with capture_method manual: POST /v1/payments/{payment}/capture and its list;
 * and POST /v1/payments/{payment}/cancel for every payment (docs/protocol/pay/captures.md; SECURITY J 268, O
 * 368).
 */
#include "paysrv/domain/money.h"
#include "paysrv/domain/payment/receipt.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/payment/cancel.h"
#include "paysrv/flow/payment/capture.h"
#include "paysrv/flow/subscription/invoice.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/split_request.h"
#include "paysrv/store/billing.sql.h"
#include "paysrv/store/capture.sql.h"
#include "paysrv/store/payment.sql.h"

struct capture_in {
    int64_t amount;
    bool final;
    str split_profile;
    struct list split;
    const struct json_value *receipt;
};

static const struct param capture_params[] = {
    P_I64(struct capture_in, amount, .need = OPTIONAL, .low = 1, .high = MONEY_MAX_MINOR),
    P_BOOL(struct capture_in, final, .need = OPTIONAL),
    P_STR(struct capture_in, split_profile, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
    P_OBJECTS(struct capture_in, split, struct rule_in, rule_params, .need = OPTIONAL, .min = 1,
              .max = SPLIT_RULES_MAX),
    P_VALUE(struct capture_in, receipt, .need = OPTIONAL, .type = RECEIPT_TYPE),
};

static err payment_of(struct task *t, const struct request *rq, const struct payment_find_row **ret)
{
    const struct caller *caller = caller_of(rq);
    payment_id id = { request_path_param(rq, "payment") };
    TRY(payment_find(t, id, caller->partner, caller->subject, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such payment for this caller");
}

/*
 * The payment's own rules, with the platform's turn put right before anything is shared by them: they may be older than
 * the rule that its turn is the first.
 */
static err turn_read(struct task *t, const struct payment_find_row *p, struct split_profile *ret, str *id)
{
    struct split_draft draft = { .param = "split_profile", .currency = p->currency, .first = SPLIT_RULES_MAX };
    if (p->captured > 0 || !str_given(p->split_profile_id))
        return OK;
    TRY(split_of_payment(t, p, &draft.profile));
    TRY(split_in_turn(t, p->partner_id, &draft, id));
    *ret = draft.profile;
    return OK;
}

/* Rules that replace the payment's for all of it, so they come with the first capture and fit the whole amount. */
static err split_read(struct task *t, const struct caller *caller, const struct capture_in *in,
                      const struct payment_find_row *p, struct split_profile *ret, str *id)
{
    const struct split_choice choice = { &in->split, in->split_profile };
    const char *param = in->split.n ? "split" : "split_profile";
    int64_t parts[SPLIT_RULES_MAX];
    TRY(split_choice_check(t, caller, &choice));
    if ((in->split.n || str_given(in->split_profile)) && p->captured > 0)
        return FAIL_PARAM(t, INVALID_PARAMETER, str_of(param), STR("only with the first capture of a payment"));
    TRY(split_choice_read(t, p->partner_id, &choice, p->currency, ret, id));
    if (!str_given(*id))
        return turn_read(t, p, ret, id);
    TRY(split_seller_check(t, ret, p->user_id.v, param));
    enum split_verdict verdict = split_allocate(ret, p->amount, parts);
    if (verdict != SPLIT_GOOD)
        return FAIL_PARAM(t, INVALID_PARAMETER, str_of(param), str_of(split_verdict_text(verdict)));
    return OK;
}

static err create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct capture_in *in = rq->in;
    const struct payment_find_row *p;
    const struct card_change_is_check_row *check;
    struct split_profile split;
    struct answer answer;
    struct once once;
    bool found;
    TRY(once_of(t, rq, true, &once));
    TRY(payment_of(t, rq, &p));
    struct capture_order order = {
        .payment = p,
        .route = once.route,
        .key = once.key,
        .fingerprint = once.fingerprint,
        .wanted_minor = in->amount,
        .is_final = in->final,
        .receipt = in->receipt,
    };
    TRY(capture_replayed(t, &order, &answer, &found));
    if (!found) {
        TRY(card_change_is_check(t, p->payment_id, &check));
        if (check->is_check)
            return FAIL_PARAM(t, PAYMENT_STATE, STR("payment"), STR("the buyer was told that nothing is charged"));
        TRY(split_read(t, caller_of(rq), in, p, &split, &order.split_profile_id));
        order.split = str_given(order.split_profile_id) ? &split : NULL;
        TRY(capture_run(t, &order, &answer));
    }
    answer_send(rs, &answer);
    return OK;
}

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct parts_in *in = rq->in;
    const struct payment_find_row *p;
    const struct capture_find_row *rows;
    size_t limit = parts_limit(in->limit), n;
    str after;
    TRY(payment_of(t, rq, &p));
    const char *list_name = parts_name(t, "captures", p->payment_id);
    TRY(cursor_read(t, list_name, p->partner_id, in->cursor, &after));
    TRY(capture_list(t, p->payment_id, p->partner_id, after, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++)
        capture_write(j, NULL, &rows[i], rows[i].status);
    page_end(t, j, list_name, p->partner_id, n > limit, shown ? rows[shown - 1].capture_id : STR_NONE);
    return OK;
}

static err cancel(struct task *t, const struct request *rq, struct response *rs)
{
    const struct payment_find_row *p;
    struct answer answer;
    struct once once;
    TRY(once_of(t, rq, true, &once));
    TRY(payment_of(t, rq, &p));
    const struct cancel_order order = { p, &once, CANCEL_REQUESTED };
    TRY(cancel_run(t, &order, &answer));
    TRY(invoice_look_soon(t, p->payment_id)); /* if it is of one, that is forgiven */
    answer_send(rs, &answer);
    return OK;
}

#define STEP_ROUTE .guard = &GUARD_PAYMENTS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true

const struct route captures_create_route = { STEP_ROUTE,
                                             .method = POST,
                                             .path = "/v1/payments/{payment}/capture",
                                             .body = BODY_JSON,
                                             INPUT(struct capture_in, capture_params),
                                             .needs_key = true,
                                             .handle = create,
                                             .answer = "Payment",
                                             .done = "200 202",
                                             .summary = "Capture an authorised payment, wholly or in part" };

const struct route captures_list_route = { STEP_ROUTE,
                                           .method = GET,
                                           .path = "/v1/payments/{payment}/captures",
                                           .body = BODY_NONE,
                                           INPUT(struct parts_in, parts_params),
                                           .handle = list,
                                           .answer = "Page<Capture>",
                                           .summary = "List the captures of a payment" };

const struct route payments_cancel_route = {
    STEP_ROUTE,          .method = POST,    .path = "/v1/payments/{payment}/cancel",
    .body = BODY_NONE,   .needs_key = true, .handle = cancel,
    .answer = "Payment", .done = "200 202", .summary = "Cancel a payment, or what is left of its authorisation"
};
