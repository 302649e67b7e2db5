/* POST /v1/settlements, GET /v1/settlements, GET /v1/settlements/{settlement}: what the acquirer pays out; and the same
 * below /wallet, of the wallet. */
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
static str id_new(struct task *t, bool is_wallet)
{
    return arena_printf(t->arena, "%s%.*s", is_wallet ? "WT" : "ST",
                        STR_ARG(random_letters(t->arena, STR("ABCDEFGHJKLMNPQRSTUVWXYZ23456789"), 20)));
}

static err close_all(struct task *t, struct app *app, bool is_wallet, struct json *j)
{
    for (str currency = settlement_due(app, is_wallet, t->now); str_given(currency);
         currency = settlement_due(app, is_wallet, t->now)) {
        str id = id_new(t, is_wallet);
        struct buf line;
        buf_init(&line, t->arena, 4096);
        settlement_write_line(&line, is_wallet, id, currency, t->now);
        TRY(journal_append(&app->journal, t, buf_str(&line)));
        settlement_write(j, settlement_close(app, is_wallet, id, currency, t->now));
    }
    return OK;
}

static err settle_all(struct task *t, struct response *rs, bool is_wallet)
{
    struct app *app = sandbox_enter(t);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    err e = close_all(t, app, is_wallet, j);
    json_close(j);
    sandbox_leave(app);
    return e;
}

static err settlements_post(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    return settle_all(t, rs, false);
}

static err wallet_settlements_post(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    return settle_all(t, rs, true);
}

struct list_in {
    int64_t after;
};

static const struct param list_params[] = {
    P_I64(struct list_in, after, .need = OPTIONAL, .low = 0, .high = INT64_C(1000000000)),
};

static err list_all(struct task *t, const struct request *rq, struct response *rs, bool is_wallet)
{
    const struct list_in *in = rq->in;
    size_t n = 0;
    struct app *app = sandbox_enter(t);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    for (const struct settlement *s = app->settlements[is_wallet].first; s && n < LISTED_MAX; s = s->next)
        if (s->number > in->after) {
            settlement_write(j, s);
            n++;
        }
    json_close(j);
    sandbox_leave(app);
    return OK;
}

static err settlements_get(struct task *t, const struct request *rq, struct response *rs)
{
    return list_all(t, rq, rs, false);
}

static err wallet_settlements_get(struct task *t, const struct request *rq, struct response *rs)
{
    return list_all(t, rq, rs, true);
}

static err file_show(struct task *t, const struct request *rq, struct response *rs, bool is_wallet)
{
    int64_t number;
    struct buf out;
    if (!num_parse(request_path_param(rq, "settlement"), &number))
        return FAIL(t, NOT_FOUND, "no number");
    buf_init(&out, t->arena, FILE_MAX_BYTES);
    struct app *app = sandbox_enter(t);
    const struct settlement *s = app->settlements[is_wallet].first;
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

static err settlement_get(struct task *t, const struct request *rq, struct response *rs)
{
    return file_show(t, rq, rs, false);
}

static err wallet_settlement_get(struct task *t, const struct request *rq, struct response *rs)
{
    return file_show(t, rq, rs, true);
}

#define SETTLEMENT_ROUTE(METHOD, GUARD, PATH, HANDLE, SUMMARY, ...)                                                    \
    {                                                                                                                  \
        .method = METHOD, .path = PATH, .guard = &GUARD, .run = RUN_INLINE, .errors = ERRORS_PROBLEM,                  \
        .handle = HANDLE, .summary = SUMMARY, __VA_ARGS__                                                              \
    }
#define SETTLES "Settles all that moved money: a registry for each currency."
#define LISTS "Registries after a number."
#define SHOWS "A registry as CSV."
const struct route settlement_create_route =
    SETTLEMENT_ROUTE(POST, GUARD_MERCHANT, "/v1/settlements", settlements_post, SETTLES, .body = BODY_JSON);
const struct route settlement_list_route =
    SETTLEMENT_ROUTE(GET, GUARD_MERCHANT, "/v1/settlements", settlements_get, LISTS, .body = BODY_NONE,
                     INPUT(struct list_in, list_params));
const struct route settlement_get_route =
    SETTLEMENT_ROUTE(GET, GUARD_MERCHANT, "/v1/settlements/{settlement}", settlement_get, SHOWS, .body = BODY_NONE);
const struct route wallet_settlement_create_route = SETTLEMENT_ROUTE(
    POST, GUARD_WALLET_MERCHANT, "/wallet/v1/settlements", wallet_settlements_post, SETTLES, .body = BODY_JSON);
const struct route wallet_settlement_list_route =
    SETTLEMENT_ROUTE(GET, GUARD_WALLET_MERCHANT, "/wallet/v1/settlements", wallet_settlements_get, LISTS,
                     .body = BODY_NONE, INPUT(struct list_in, list_params));
const struct route wallet_settlement_get_route = SETTLEMENT_ROUTE(
    GET, GUARD_WALLET_MERCHANT, "/wallet/v1/settlements/{settlement}", wallet_settlement_get, SHOWS, .body = BODY_NONE);
