/* Payouts that wait for operators: /v1/operator/approvals, /v1/operator/payouts/{payout}/approve and /reject, and the
 * form of the page. */
#include "paysrv/decision_request.h"
#include "paysrv/flow/payout/approval.h"
#include "paysrv/guards.h"
#include "paysrv/operator_payouts_page.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/approval.sql.h"

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
    .handle = reject,
    .answer = "Payout",
    .summary = "Reject a payout that waits for approval; its money is available again",
};

static err approvals_list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *caller = rq->caller;
    const struct payout_awaiting_row *rows;
    size_t n;
    TRY(payout_awaiting(t, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "payout", rows[i].payout_id.v);
        json_str(j, "partner_name", rows[i].partner_name);
        json_str(j, "user_name", rows[i].user_name);
        json_i64(j, "amount", rows[i].amount);
        json_str(j, "currency", rows[i].currency);
        json_str(j, "destination", rows[i].masked);
        json_array(j, "reasons");
        for (size_t k = 0; k < rows[i].reasons.n; k++)
            json_str(j, NULL, rows[i].reasons.items[k]);
        json_close(j);
        json_bool(j, "may_decide", approver_of(caller->subject, &rows[i]).may_decide);
        json_str_or_null(j, "requested_by", rows[i].requested_by);
        json_str_or_null(j, "approved_by", rows[i].approved_by);
        json_i64(j, "account_shared_with", rows[i].shared_with);
        json_time(j, "account_created_at", rows[i].account_since);
        if (rows[i].confirmed_at_given)
            json_time(j, "waiting_since", rows[i].confirmed_at);
        else
            json_null(j, "waiting_since");
        json_str_or_null(j, "screening", rows[i].screening);
        json_str_or_null(j, "screening_reference", rows[i].screening_ref);
        json_close(j);
    }
    json_close(j);
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
    .handle = approvals_list,
    .answer = "List<{ payout: string, partner_name: string, user_name: string, amount: integer, currency: "
              "string, destination: string, reasons: string[], "
              "may_decide: boolean, requested_by: string | null, approved_by: string | null, "
              "account_shared_with: integer, account_created_at: time, waiting_since: time | null, screening: 'open' | "
              "'review' | 'allow' | 'deny' | null, screening_reference: string | null }>",
    .summary = "Payouts that wait for approval, oldest first (100 at most)",
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
        return operator_payouts_show(t, rq->caller, STR_NONE, &refused, rs);
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
