/* GET /v1/report: everything that took effect, oldest first. GET /healthz. */
#include "paysrv/sandbox/sandbox.h"

#define ROWS_MAX 10000

struct report_in {
    int64_t from;
    int64_t to;
};

static const struct param report_params[] = {
    P_I64(struct report_in, from, .need = OPTIONAL, .low = 0, .high = INT64_C(99999999999)),
    P_I64(struct report_in, to, .need = OPTIONAL, .low = 0, .high = INT64_C(99999999999),
          .fallback = INT64_C(99999999999)),
};

struct row {
    const char *kind;
    str id, reference, currency;
    int64_t amount_minor;
    instant at;
};

static void row_write(struct json *j, const struct row *row)
{
    json_object(j, NULL);
    json_str(j, "kind", str_of(row->kind));
    json_str(j, "id", row->id);
    json_str(j, "reference", row->reference);
    json_i64(j, "amount", row->amount_minor);
    json_str(j, "currency", row->currency);
    json_str(j, "status", STR("succeeded"));
    json_time(j, "at", row->at);
    json_close(j);
}

static bool within(const struct report_in *in, instant at)
{
    return instant_seconds(at) >= in->from && instant_seconds(at) < in->to;
}

/* Charges and operations are each in order of time; the two lists are merged. A void moves nothing. false: there is
 * more. */
static bool rows_write(struct json *j, const struct report_in *in, const struct charge *c, const struct operation *o)
{
    size_t n = 0;
    while (c || o) {
        bool is_charge = c && (!o || !instant_before(o->at, c->at));
        bool shown = is_charge ? c->status == STATUS_SUCCEEDED && within(in, c->at)
                               : o->kind != OPERATION_VOID && o->status == STATUS_SUCCEEDED && within(in, o->at);
        struct row row =
            is_charge ? (struct row){ "charge", c->id, c->reference, c->currency, c->amount_minor, c->at }
                      : (struct row){
                            operation_kind_name(o->kind).p, o->id, o->reference, o->currency, o->amount_minor, o->at
                        };
        if (shown && n++ == ROWS_MAX)
            return false;
        if (shown)
            row_write(j, &row);
        if (is_charge)
            c = c->next;
        else
            o = o->next;
    }
    return true;
}

static err report_show(struct task *t, const struct request *rq, struct response *rs)
{
    struct app *app = sandbox_enter(t);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    bool complete = rows_write(j, rq->in, app->bank.first_charge, app->bank.first_operation);
    json_close(j);
    json_bool(j, "has_more", !complete);
    sandbox_leave(app);
    return OK;
}

const struct route report_route = {
    .method = GET,
    .path = "/v1/report",
    .guard = &GUARD_MERCHANT,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    INPUT(struct report_in, report_params),
    .handle = report_show,
    .summary = "Everything that took effect between two times.",
};

static err health_show(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    (void)rq;
    json_str(reply_json(rs, 200), "status", STR("ok"));
    return OK;
}

const struct route health_route = {
    .method = GET,
    .path = "/healthz",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .handle = health_show,
    .summary = "The process is up.",
};
