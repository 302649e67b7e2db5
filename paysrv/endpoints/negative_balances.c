/* /v1/operator/negative_balances, /v1/operator/users/{user}/write_offs, /v1/operator/write_offs/{write_off}/undo: what
 * sellers owe, and what of it is borne by somebody else. */
#include "paysrv/decision_request.h"
#include "paysrv/domain/money.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/negative.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/negative.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/text/shape.h"

#define ROWS 1000

SHAPE(negative_balance, "NegativeBalance",
      "object: 'negative_balance', partner: string, user: string | null, user_name: string, currency: string, "
      "owed: integer, available: integer, negative_since: time")

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct negative_list_row *rows;
    size_t n;
    TRY(negative_list(t, false, ROWS, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "object", STR("negative_balance"));
        json_str(j, "partner", rows[i].partner_id.v);
        json_str_or_null(j, "user", rows[i].user_id.v.n ? rows[i].user_id.v : STR_NONE);
        json_str(j, "user_name", rows[i].user_name);
        json_str(j, "currency", rows[i].currency);
        json_i64(j, "owed", rows[i].owed);
        json_i64(j, "available", rows[i].available);
        json_time(j, "negative_since", rows[i].negative_since);
        json_close(j);
    }
    json_close(j);
    return OK;
}

const struct route negative_balance_list_route = {
    .method = GET,
    .path = "/v1/operator/negative_balances",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = list,
    .answer = "List<NegativeBalance>",
    .summary = "Sellers' balances below zero, the oldest first (1000 at most)",
};

SHAPE(write_off, "WriteOff",
      "object: 'write_off', partner: string, user: string, currency: string, amount: integer, borne_by: string, "
      "status: 'booked' | 'waiting', manual_entry: string | null")

static void write_off_write(const struct relief *r, str user, str waits, struct response *rs)
{
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("write_off"));
    json_str(j, "partner", r->partner.v);
    json_str(j, "user", user);
    json_str(j, "currency", r->currency);
    json_i64(j, "amount", r->amount_minor);
    json_str(j, "borne_by", r->borne_by);
    json_str(j, "status", str_given(waits) ? STR("waiting") : STR("booked"));
    json_str_or_null(j, "manual_entry", waits); /* that another operator has to approve */
}

struct write_off_in {
    str currency, borne_by, reason;
    int64_t owed, amount;
};

static const struct param write_off_params[] = {
    P_STR(struct write_off_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_I64(struct write_off_in, owed, .need = REQUIRED, .low = 1, .high = MONEY_MAX_MINOR),
    P_I64(struct write_off_in, amount, .need = OPTIONAL, .low = 1, .high = MONEY_MAX_MINOR),
    P_STR(struct write_off_in, borne_by, .need = OPTIONAL, .set = ID, .max = 20),
    P_STR(struct write_off_in, reason, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
};

static err write_off(struct task *t, const struct request *rq, struct response *rs)
{
    const struct write_off_in *in = rq->in;
    const struct user_any_row *whose;
    const user_id user = { request_path_param(rq, "user") };
    str waits;
    TRY(user_any(t, user, &whose));
    if (!whose)
        return FAIL(t, NOT_FOUND, "no such user");
    TRY(clock_enter(t, whose->partner_id));
    struct relief relief = { .partner = whose->partner_id,
                             .user = user,
                             .currency = in->currency,
                             .amount_minor = in->amount,
                             .owed_minor = in->owed,
                             .borne_by = in->borne_by.n ? in->borne_by : STR("platform"),
                             .reason = in->reason,
                             .by = caller_actor(caller_of(rq)),
                             .by_name = caller_shown(caller_of(rq)) };
    TRY(write_off_ask(t, &relief, &waits));
    write_off_write(&relief, user.v, waits, rs);
    return OK;
}

const struct route write_off_create_route = {
    .method = POST,
    .path = "/v1/operator/users/{user}/write_offs",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct write_off_in, write_off_params),
    .repeatable = true,
    .handle = write_off,
    .answer = "WriteOff",
    .summary = "Write off what a seller owes, all of it or an amount",
};

SHAPE(written_off, "WrittenOff",
      "object: 'written_off', id: string, currency: string, amount: integer, not_back: integer, borne_by: string, "
      "reason: string, created_at: time")

static err written_off(struct task *t, const struct request *rq, struct response *rs)
{
    const struct user_any_row *whose;
    const struct write_offs_of_user_row *rows;
    const user_id user = { request_path_param(rq, "user") };
    size_t n;
    TRY(user_any(t, user, &whose));
    if (!whose)
        return FAIL(t, NOT_FOUND, "no such user");
    TRY(write_offs_of_user(t, whose->partner_id, user, ROWS, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "object", STR("written_off"));
        json_str(j, "id", rows[i].relief_id);
        json_str(j, "currency", rows[i].currency);
        json_i64(j, "amount", rows[i].amount);
        json_i64(j, "not_back", rows[i].left_over);
        json_str(j, "borne_by", rows[i].borne_by);
        json_str(j, "reason", rows[i].reason);
        json_time(j, "created_at", rows[i].created_at);
        json_close(j);
    }
    json_close(j);
    return OK;
}

const struct route write_off_list_route = {
    .method = GET,
    .path = "/v1/operator/users/{user}/write_offs",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = written_off,
    .answer = "List<WrittenOff>",
    .summary = "What was written off for a seller, newest first, with what its bearer has not back (1000 at most)",
};

struct undo_in {
    str reason;
};

static const struct param undo_params[] = {
    P_STR(struct undo_in, reason, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
};

SHAPE(write_off_undone, "WriteOffUndone",
      "object: 'write_off_undone', write_off: string, status: 'booked' | 'waiting', manual_entry: string | null")

static err undo(struct task *t, const struct request *rq, struct response *rs)
{
    const struct undo_in *in = rq->in;
    const struct undoing undoing = { .write_off = request_path_param(rq, "write_off"),
                                     .reason = in->reason,
                                     .by = caller_actor(caller_of(rq)),
                                     .by_name = caller_shown(caller_of(rq)) };
    struct relief relief;
    str waits;
    TRY(write_off_undo(t, &undoing, &relief, &waits));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("write_off_undone"));
    json_str(j, "write_off", undoing.write_off);
    json_str(j, "status", str_given(waits) ? STR("waiting") : STR("booked"));
    json_str_or_null(j, "manual_entry", waits);
    return OK;
}

const struct route write_off_undo_route = {
    .method = POST,
    .path = "/v1/operator/write_offs/{write_off}/undo",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct undo_in, undo_params),
    .repeatable = true,
    .handle = undo,
    .answer = "WriteOffUndone",
    .summary = "Have a seller owe again what was written off by mistake",
};
