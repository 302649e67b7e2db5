/*
 * What is done about a charge: POST /v1/refunds, /v1/captures, /v1/voids, and each with GET ?key=. One handler for all
 * three; what may be done is in bank.c.
 */
#include "paysrv/sandbox/answer.h"
#include "paysrv/sandbox/objects.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/crypto/crypto.h"

struct operation_in {
    str charge;
    int64_t amount;
    str reference;
    bool final;
};

#define OPERATION_PARAMS                                                                                               \
    P_STR(struct operation_in, charge, .need = REQUIRED, .set = ID, .max = 100),                                       \
        P_I64(struct operation_in, amount, .need = REQUIRED, .low = 1, .high = INT64_C(999999999999)),                 \
        P_STR(struct operation_in, reference, .need = REQUIRED, .set = LINE, .max = 200)

static const struct param operation_params[] = { OPERATION_PARAMS };
static const struct param capture_params[] = {
    OPERATION_PARAMS,
    P_BOOL(struct operation_in, final, .need = OPTIONAL),
};

static bool same_operation(const struct operation *o, const struct operation_in *in)
{
    return str_eq(o->charge->id, in->charge) && o->amount_minor == in->amount && str_eq(o->reference, in->reference) &&
           o->is_final == in->final;
}

static err execute(struct task *t, struct app *app, enum operation_kind kind, const struct operation_in *in, str key,
                   struct operation **ret)
{
    static const char *const prefixes[OPERATION_KIND_COUNT] = { "re_", "cap_", "void_" };
    struct operation o = { .kind = kind,
                           .id = random_id(t->arena, prefixes[kind]),
                           .key = key,
                           .reference = in->reference,
                           .charge = table_get(&app->bank.charges, in->charge),
                           .amount_minor = in->amount,
                           .is_final = in->final,
                           .at = t->now };
    if (!o.charge)
        return FAIL_PARAM(t, NOT_FOUND, STR("charge"), STR("is not a charge of this merchant"));
    o.decline_code = operation_refused(&o, t->now);
    o.status = str_given(o.decline_code) ? STATUS_DECLINED : STATUS_SUCCEEDED;
    struct buf lines;
    buf_init(&lines, t->arena, 65536);
    bank_write_operation(&lines, &o);
    struct notice notice = { NULL };
    notice_prepare(t, app, o.charge->card, o.id, &notice, &lines);
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    *ret = bank_operation(&app->bank, &o);
    notice.operation = *ret;
    notice_post(app, &notice);
    return OK;
}

static err answer(struct task *t, struct app *app, enum operation_kind kind, const struct operation_in *in, str key,
                  struct response *rs)
{
    enum call_fate fate = fault_draw_call(&app->faults);
    struct operation *o = table_get(&app->bank.operation_keys[kind], key);
    if (o && !same_operation(o, in))
        return FAIL(t, IDEMPOTENCY_MISMATCH, "another body than the first time");
    if (!o && call_is_executed(fate))
        TRY(execute(t, app, kind, in, key, &o));
    if (o)
        operation_write(reply_json(rs, 200), o);
    answer_bend(t, rs, fate, fate == CALL_SLOW ? fault_draw_slow_ms(&app->faults) : 0);
    return OK;
}

static err make(struct task *t, const struct request *rq, struct response *rs, enum operation_kind kind)
{
    str key;
    TRY(idempotency_key(t, rq, &key));
    struct app *app = sandbox_enter(t);
    err e = answer(t, app, kind, rq->in, key, rs);
    sandbox_leave(app);
    return e;
}

struct find_in {
    str key;
};
static const struct param find_params[] = {
    P_STR(struct find_in, key, .need = REQUIRED, .set = TOKEN, .max = 255),
};

static err by_key(struct task *t, const struct request *rq, struct response *rs, enum operation_kind kind)
{
    const struct find_in *in = rq->in;
    struct app *app = sandbox_enter(t);
    const struct operation *o = table_get(&app->bank.operation_keys[kind], in->key);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    if (o) {
        json_object(j, NULL);
        operation_write(j, o);
        json_close(j);
    }
    json_close(j);
    sandbox_leave(app);
    return OK;
}

/* The two routes of a kind: NAME_create and NAME_find. */
#define OPERATION_ROUTES(NAME, KIND, PATH, PARAMS, WHAT)                                                               \
    static err NAME##_make(struct task *t, const struct request *rq, struct response *rs)                              \
    {                                                                                                                  \
        return make(t, rq, rs, KIND);                                                                                  \
    }                                                                                                                  \
    static err NAME##_by_key(struct task *t, const struct request *rq, struct response *rs)                            \
    {                                                                                                                  \
        return by_key(t, rq, rs, KIND);                                                                                \
    }                                                                                                                  \
    const struct route NAME##_create_route = { .guard = &GUARD_MERCHANT,                                               \
                                               .run = RUN_INLINE,                                                      \
                                               .errors = ERRORS_PROBLEM,                                               \
                                               .method = POST,                                                         \
                                               .path = PATH,                                                           \
                                               .body = BODY_JSON,                                                      \
                                               INPUT(struct operation_in, PARAMS),                                     \
                                               .handle = NAME##_make,                                                  \
                                               .summary = WHAT ", once per Idempotency-Key." };                        \
    const struct route NAME##_find_route = { .guard = &GUARD_MERCHANT,                                                 \
                                             .run = RUN_INLINE,                                                        \
                                             .errors = ERRORS_PROBLEM,                                                 \
                                             .method = GET,                                                            \
                                             .path = PATH,                                                             \
                                             .body = BODY_NONE,                                                        \
                                             INPUT(struct find_in, find_params),                                       \
                                             .handle = NAME##_by_key,                                                  \
                                             .summary = "What a key made, or an empty list." };

OPERATION_ROUTES(refund, OPERATION_REFUND, "/v1/refunds", operation_params, "Refunds a charge")
OPERATION_ROUTES(capture, OPERATION_CAPTURE, "/v1/captures", capture_params, "Captures of an authorised charge")
OPERATION_ROUTES(void, OPERATION_VOID, "/v1/voids", operation_params, "Releases what is left of an authorised charge")
