/* Payouts that wait for operators: /v1/operator/approvals, /v1/operator/payouts/{payout}/approve and /reject, and the
 * form of the page. */
#include "paysrv/decision_request.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/payout/approval.h"
#include "paysrv/guards.h"
#include "paysrv/operator_payouts_page.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "shared/text/shape.h"

#define LIST "approvals"
#define ALL ((partner_id){ STR("") })

static err decide(struct task *t, const struct request *rq, struct response *rs, bool is_approval)
{
    struct operator_decision decision;
    str body;
    TRY(decision_of_token(t, rq, is_approval, &decision));
    TRY(payout_decision_take(t, (payout_id){ request_path_param(rq, "payout") }, &decision, &body));
    reply_raw(rs, 200, "application/json", body);
    return OK;
}

static err approve(struct task *t, const struct request *rq, struct response *rs)
{
    return decide(t, rq, rs, true);
}

const struct route payout_approve_route = {
    .method = POST,
    .path = "/v1/operator/payouts/{payout}/approve",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct note_in, note_params),
    .repeatable = true,
    .handle = approve,
    .answer = "Payout",
    .summary = "Approve a payout that waits for it; two operators have to",
};

static err reject(struct task *t, const struct request *rq, struct response *rs)
{
    return decide(t, rq, rs, false);
}

const struct route payout_reject_route = {
    .method = POST,
    .path = "/v1/operator/payouts/{payout}/reject",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct note_in, note_params),
    .repeatable = true,
    .handle = reject,
    .answer = "Payout",
    .summary = "Reject a payout that waits for approval; its money is available again",
};

SHAPE(approval, "Approval",
      "payout: string, partner_name: string, user_name: string, amount: integer, currency: string, destination: "
      "string, reasons: string[], may_decide: boolean, requested_by: string | null, approved_by: string | null, "
      "account_shared_with: integer, account_created_at: time, waiting_since: time | null, screening: 'open' | "
      "'review' | 'allow' | 'deny' | null, screening_reference: string | null")

static void approval_write(struct json *j, const struct payout_awaiting_row *row, str subject)
{
    json_str(j, "payout", row->payout_id.v);
    json_str(j, "partner_name", row->partner_name);
    json_str(j, "user_name", row->user_name);
    json_i64(j, "amount", row->amount);
    json_str(j, "currency", row->currency);
    json_str(j, "destination", row->masked);
    json_array(j, "reasons");
    for (size_t k = 0; k < row->reasons.n; k++)
        json_str(j, NULL, row->reasons.items[k]);
    json_close(j);
    json_bool(j, "may_decide", approver_of(subject, row).may_decide);
    json_str_or_null(j, "requested_by", row->requested_by);
    json_str_or_null(j, "approved_by", row->approved_by);
    json_i64(j, "account_shared_with", row->shared_with);
    json_time(j, "account_created_at", row->account_since);
    if (row->confirmed_at_given)
        json_time(j, "waiting_since", row->confirmed_at);
    else
        json_null(j, "waiting_since");
    json_str_or_null(j, "screening", row->screening);
    json_str_or_null(j, "screening_reference", row->screening_ref);
}

static err approvals_list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct parts_in *in = rq->in;
    const struct caller *caller = rq->caller;
    const struct payout_awaiting_row *rows;
    str position;
    size_t limit = parts_limit(in->limit), n;
    TRY(cursor_read(t, LIST, ALL, in->cursor, &position));
    TRY(payouts_awaiting_read(t, position, limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        approval_write(j, &rows[i], caller->subject);
        json_close(j);
    }
    page_end(t, j, LIST, ALL, n > limit, shown ? payout_awaiting_position(t->arena, &rows[shown - 1]) : STR_NONE);
    return OK;
}

const struct route approvals_list_route = {
    .method = GET,
    .path = "/v1/operator/approvals",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct parts_in, parts_params),
    .handle = approvals_list,
    .answer = "Page<Approval>",
    .summary =
        "Payouts that wait for approval, oldest first; last those that wait for the answer about their payee alone",
};

/* ---- the page's form ---- */

static err decision_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct decision_in *in = rq->in;
    const payout_id id = { request_path_param(rq, "payout") };
    struct payouts_refused refused = { .id = id.v, .note = in->note };
    struct operator_decision decision;
    str body;
    TRY(decision_of_form(t, rq, &decision));
    err e = payout_decision_take(t, id, &decision, &body);
    if (operator_refused(t, e, &refused.said))
        return operator_payouts_show(t, rq->caller, NULL, &refused, rs);
    TRY(e);
    reply_see_other(rs, STR("/operator/payouts"));
    return OK;
}

const struct route operator_decision_route = {
    .method = POST,
    .path = "/operator/payouts/{payout}/decision",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct decision_in, decision_params),
    .handle = decision_post,
    .summary = "Approve or reject a payout that waits for it",
};
