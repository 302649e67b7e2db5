/* /v1/operator/anomalies: what a person has to look at, and closing it with a word. */
#include "paysrv/decision_request.h"
#include "paysrv/faults.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/payment/call_word.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/anomaly.sql.h"
#include "shared/base/num.h"
#include "shared/text/shape.h"

static const partner_id ALL = { { "", 0 } }; /* the operator's lists belong to no partner */

SHAPE(anomaly, "Anomaly",
      "id: integer, object: 'anomaly', kind: string, about: 'operation' | 'payment' | 'dispute' | 'subscription' | "
      "'invoice' | 'user' | 'rule' | 'currency' | 'message' | 'other', reference: string, detail: string, status: "
      "'open' | 'closed', "
      "partner: string | null, payment: string | null, subscription: string | null, closed_by: string | null, "
      "note: string | null, manual_entry: string | null, created_at: time, closed_at: time | null")

static void anomaly_write(struct json *j, const struct anomalies_open_row *a)
{
    json_i64(j, "id", a->anomaly_id);
    json_str(j, "object", STR("anomaly"));
    json_str(j, "kind", a->kind);
    json_str(j, "about", anomaly_about(a->kind));
    json_str(j, "reference", a->ref);
    json_str(j, "detail", a->detail);
    json_str(j, "status", a->closed_at_given ? STR("closed") : STR("open"));
    json_str_or_null(j, "partner", a->partner_id);
    json_str_or_null(j, "payment", a->payment_id);
    json_str_or_null(j, "subscription", a->subscription_id);
    json_str_or_null(j, "closed_by", a->closed_by);
    json_str_or_null(j, "note", a->note);
    json_str_or_null(j, "manual_entry", a->waits);
    json_time(j, "created_at", a->created_at);
    if (a->closed_at_given)
        json_time(j, "closed_at", a->closed_at);
    else
        json_null(j, "closed_at");
}

struct list_in {
    PAGE_FIELDS
    str status, kind, partner;
};

static const struct param list_params[] = {
    PAGE_PARAMS(struct list_in),
    P_STR(struct list_in, status, .need = OPTIONAL, .set = ID, .min = 1, .max = 20),
    P_STR(struct list_in, kind, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
    P_STR(struct list_in, partner, .need = OPTIONAL, .set = LINE, .min = 1, .max = 63),
};

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct anomaly_wish wish = { in->status, in->kind, in->partner };
    const char *name = str_eq(in->status, STR("closed")) ? "closed anomalies" : "anomalies";
    struct anomalies_found found;
    str position;
    TRY(cursor_read(t, name, ALL, in->cursor, &position));
    TRY(anomalies_find(t, &wish, position, page_limit(in->limit), &found));
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < found.n; i++) {
        json_object(j, NULL);
        anomaly_write(j, &found.rows[i]);
        json_close(j);
    }
    page_end(t, j, name, ALL, str_given(found.next), found.next);
    return OK;
}

const struct route anomaly_list_route = {
    .method = GET,
    .path = "/v1/operator/anomalies",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct list_in, list_params),
    .handle = list,
    .answer = "Page<Anomaly>",
    .summary = "What a person has to look at, the oldest first; status=closed: what was closed, the newest first",
};

static err id_read(struct task *t, const struct request *rq, int64_t *ret)
{
    return num_parse(request_path_param(rq, "anomaly"), ret) ? OK : FAIL(t, NOT_FOUND, "no number");
}

static err reply(struct task *t, int64_t id, struct response *rs)
{
    const struct anomalies_open_row *row;
    TRY(anomaly_find(t, id, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such anomaly");
    anomaly_write(reply_json(rs, 200), row);
    return OK;
}

static err show(struct task *t, const struct request *rq, struct response *rs)
{
    int64_t id;
    TRY(id_read(t, rq, &id));
    return reply(t, id, rs);
}

const struct route anomaly_read_route = {
    .method = GET,
    .path = "/v1/operator/anomalies/{anomaly}",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = show,
    .answer = "Anomaly",
    .summary = "One of what a person has to look at, open or not",
};

struct close_in {
    str note;
};

static const struct param close_params[] = {
    P_STR(struct close_in, note, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
};

static err close_one(struct task *t, const struct request *rq, struct response *rs)
{
    const struct close_in *in = rq->in;
    int64_t id;
    TRY(id_read(t, rq, &id));
    TRY(anomaly_end(t, id, caller_actor(caller_of(rq)), in->note));
    return reply(t, id, rs);
}

const struct route anomaly_close_route = {
    .method = POST,
    .path = "/v1/operator/anomalies/{anomaly}/close",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct close_in, close_params),
    .repeatable = true,
    .handle = close_one,
    .answer = "Anomaly",
    .summary = "Close what was looked at, with a note",
};

struct resolve_in {
    str as, acquirer_ref, note;
};

static const struct param resolve_params[] = {
    P_STR(struct resolve_in, as, .need = REQUIRED, .set = ID, .min = 1, .max = 20),
    P_STR(struct resolve_in, acquirer_ref, .need = OPTIONAL, .set = LINE, .min = 1, .max = 255, .in_characters = true),
    P_STR(struct resolve_in, note, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
};

static err resolve_one(struct task *t, const struct request *rq, struct response *rs)
{
    const struct resolve_in *in = rq->in;
    int64_t id;
    TRY(id_read(t, rq, &id));
    struct call_word word = { .as = in->as,
                              .acquirer_ref = in->acquirer_ref,
                              .note = in->note,
                              .by = caller_actor(caller_of(rq)),
                              .by_name = caller_shown(caller_of(rq)) };
    TRY(call_word_take(t, id, &word));
    return reply(t, id, rs);
}

const struct route anomaly_resolve_route = {
    .method = POST,
    .path = "/v1/operator/anomalies/{anomaly}/resolve",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct resolve_in, resolve_params),
    .repeatable = true,
    .handle = resolve_one,
    .answer = "Anomaly",
    .summary = "Say how an operation ended that its acquirer answers nothing about any more",
};
