/* POST /v1/settlements, GET /v1/settlements, GET /v1/settlements/{settlement}: what the acquirer pays out. */
#include "paysrv/sandbox/settlement.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"

#define FILE_MAX_BYTES ((size_t)8 << 20)
#define LISTED_MAX 100

static void settlement_write(struct json *j, const struct settlement *s)
{
    json_object(j, NULL);
    json_i64(j, "settlement", s->number);
    json_str(j, "id", s->id);
    json_str(j, "currency", s->currency);
    json_i64(j, "lines", s->lines);
    json_i64(j, "gross", s->gross_minor);
    json_i64(j, "fee", s->fee_minor);
    json_i64(j, "net", s->gross_minor - s->fee_minor);
    json_close(j);
}

/* Also the reference of the transfer, for which banks take capital letters and digits anywhere. */
static str id_new(struct task *t)
{
    return arena_printf(t->arena, "ST%.*s",
                        STR_ARG(random_letters(t->arena, STR("ABCDEFGHJKLMNPQRSTUVWXYZ23456789"), 20)));
}

static err close_all(struct task *t, struct app *app, struct json *j)
{
    for (str currency = settlement_due(app, t->now); str_given(currency); currency = settlement_due(app, t->now)) {
        str id = id_new(t);
        struct buf line;
        buf_init(&line, t->arena, 4096);
        settlement_write_line(&line, id, currency, t->now);
        TRY(journal_append(&app->journal, t, buf_str(&line)));
        settlement_write(j, settlement_close(app, id, currency, t->now));
    }
    return OK;
}

static err settlements_post(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    struct app *app = sandbox_enter(t);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    err e = close_all(t, app, j);
    json_close(j);
    sandbox_leave(app);
    return e;
}

struct list_in {
    int64_t after;
};

static const struct param list_params[] = {
    P_I64(struct list_in, after, .need = OPTIONAL, .low = 0, .high = INT64_C(1000000000)),
};

static err settlements_get(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    size_t n = 0;
    struct app *app = sandbox_enter(t);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    for (const struct settlement *s = app->bank.first_settlement; s && n < LISTED_MAX; s = s->next)
        if (s->number > in->after) {
            settlement_write(j, s);
            n++;
        }
    json_close(j);
    sandbox_leave(app);
    return OK;
}

static err settlement_get(struct task *t, const struct request *rq, struct response *rs)
{
    int64_t number;
    struct buf out;
    if (!num_parse(request_path_param(rq, "settlement"), &number))
        return FAIL(t, NOT_FOUND, "no number");
    buf_init(&out, t->arena, FILE_MAX_BYTES);
    struct app *app = sandbox_enter(t);
    const struct settlement *s = app->bank.first_settlement;
    while (s && s->number != number)
        s = s->next;
    if (s)
        settlement_file_write(app, s, &out, t->arena);
    sandbox_leave(app);
    if (!s)
        return FAIL(t, NOT_FOUND, "no such settlement");
    reply_raw(rs, 200, "text/csv; charset=utf-8", buf_str(&out));
    return OK;
}

#define SETTLEMENT_ROUTE(METHOD, PATH)                                                                                 \
    .method = METHOD, .path = PATH, .guard = &GUARD_MERCHANT, .run = RUN_INLINE, .errors = ERRORS_PROBLEM
const struct route settlement_create_route = { SETTLEMENT_ROUTE(POST, "/v1/settlements"), .body = BODY_JSON,
                                               .handle = settlements_post,
                                               .summary =
                                                   "Settles all that moved money: a registry for each currency." };
const struct route settlement_list_route = { SETTLEMENT_ROUTE(GET, "/v1/settlements"), .body = BODY_NONE,
                                             INPUT(struct list_in, list_params), .handle = settlements_get,
                                             .summary = "Registries after a number." };
const struct route settlement_get_route = { SETTLEMENT_ROUTE(GET, "/v1/settlements/{settlement}"), .body = BODY_NONE,
                                            .handle = settlement_get, .summary = "A registry as CSV." };
