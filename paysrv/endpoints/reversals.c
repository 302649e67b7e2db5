/* /v1/operator/reversals: what the acquirer refused to take back to the end, and what a person says about it. */
#include "paysrv/decision_request.h"
#include "paysrv/flow/payment/reversal.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "shared/text/shape.h"

#define ROWS 500

SHAPE(reversal, "Reversal",
      "id: string, object: 'reversal', kind: 'refund' | 'void', status: 'refused' | 'retried' | 'settled', partner: "
      "string, payment: string, amount: integer, currency: string, acquirer: string | null, charge: string, "
      "decline_code: string | null, refusals: integer, refused_at: time, settled_as: string | null, note: string | "
      "null, decided_by: string | null, decided_at: time | null, manual_entry: string | null")

static void reversal_write(struct json *j, const struct reversal_list_row *r)
{
    json_str(j, "id", r->call_id);
    json_str(j, "object", STR("reversal"));
    json_str(j, "kind", reversal_kind(r->op));
    json_str(j, "status", str_given(r->decision) ? r->decision : STR("refused"));
    json_str(j, "partner", r->partner_id.v);
    json_str(j, "payment", r->payment_id.v);
    json_i64(j, "amount", r->amount);
    json_str(j, "currency", r->currency);
    json_str_or_null(j, "acquirer", r->acquirer);
    json_str(j, "charge", r->charge_ref);
    json_str_or_null(j, "decline_code", r->decline_code);
    json_i64(j, "refusals", r->refusals);
    json_time(j, "refused_at", r->refused_at);
    json_str_or_null(j, "settled_as", r->settled_as);
    json_str_or_null(j, "note", r->note);
    json_str_or_null(j, "decided_by", r->decided_name);
    if (r->decided_at_given)
        json_time(j, "decided_at", r->decided_at);
    else
        json_null(j, "decided_at");
    json_str_or_null(j, "manual_entry", r->waits); /* that another operator has to approve */
}

static const struct param list_params[] = {
    P_BOOL(struct reversal_wish, all, .need = OPTIONAL),
    P_STR(struct reversal_wish, reversal, .need = OPTIONAL, .set = ID, .max = 100),
    P_STR(struct reversal_wish, payment, .need = OPTIONAL, .set = ID, .max = 100),
};

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct reversal_list_row *rows;
    size_t n;
    TRY(reversals_find(t, rq->in, NULL, ROWS, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        reversal_write(j, &rows[i]);
        json_close(j);
    }
    json_close(j);
    return OK;
}

const struct route reversal_page_route = {
    .method = GET,
    .path = "/v1/operator/reversals",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct reversal_wish, list_params),
    .handle = list,
    .answer = "List<Reversal>",
    .summary = "Reversals that the acquirer refused to the end and that wait for a person (all=true: decided ones "
               "too), the oldest first (500 at most)",
};

static err decide(struct task *t, const struct request *rq, str as, str note, struct response *rs)
{
    const struct reversal_word word = { .reversal = request_path_param(rq, "reversal"),
                                        .as = as,
                                        .note = str_given(note) ? note : STR(""),
                                        .by = caller_actor(caller_of(rq)),
                                        .by_name = caller_shown(caller_of(rq)) };
    const struct reversal_list_row *row;
    TRY(reversal_decide(t, &word, &row));
    reversal_write(reply_json(rs, 200), row);
    return OK;
}

struct retry_in {
    str note;
};

static const struct param retry_params[] = {
    P_STR(struct retry_in, note, .need = OPTIONAL, NOTE_PARAM),
};

static err retry(struct task *t, const struct request *rq, struct response *rs)
{
    return decide(t, rq, STR_NONE, ((const struct retry_in *)rq->in)->note, rs);
}

const struct route reversal_retry_route = {
    .method = POST,
    .path = "/v1/operator/reversals/{reversal}/retry",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct retry_in, retry_params),
    .repeatable = true,
    .handle = retry,
    .answer = "Reversal",
    .summary = "Ask the acquirer once more to take it back",
};

struct settle_in {
    str as, note;
};

static const struct param settle_params[] = {
    P_STR(struct settle_in, as, .need = REQUIRED, .set = ID, .min = 1, .max = 20),
    P_STR(struct settle_in, note, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
};

static err settle(struct task *t, const struct request *rq, struct response *rs)
{
    const struct settle_in *in = rq->in;
    return decide(t, rq, in->as, in->note, rs);
}

const struct route reversal_settle_route = {
    .method = POST,
    .path = "/v1/operator/reversals/{reversal}/settle",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct settle_in, settle_params),
    .repeatable = true,
    .handle = settle,
    .answer = "Reversal",
    .summary = "Say where the money went that the acquirer did not take back",
};
