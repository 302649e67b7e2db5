/* POST /v1/pushes, GET /v1/pushes?key=. See pushes.h. */
#include "paysrv/sandbox/pushes.h"

#include "paysrv/sandbox/answer.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/crypto/crypto.h"
#include "shared/text/currency.h"

#define RETURNS_AFTER SECONDS(3)

/* ---- the state ---- */

static struct push *bank_push(struct bank *b, const struct push *in)
{
    struct push *p = arena_new(b->arena, struct push);
    *p = *in;
    p->id = arena_str(b->arena, in->id);
    p->key = arena_str(b->arena, in->key);
    p->reference = arena_str(b->arena, in->reference);
    p->currency = arena_str(b->arena, in->currency);
    p->token = arena_str(b->arena, in->token);
    p->decline_code = arena_str(b->arena, in->decline_code);
    table_put(&b->pushes, p->id, p);
    table_put(&b->push_keys, p->key, p);
    if (b->last_push)
        b->last_push->next = p;
    else
        b->first_push = p;
    b->last_push = p;
    return p;
}

static bool push_is_returned(const struct push *p, instant now)
{
    return p->returns_at.us && p->status == STATUS_SUCCEEDED && !instant_before(now, p->returns_at);
}

static str name_of(const struct push *p)
{
    return p->is_wallet ? STR("payout") : STR("push");
}

static str return_code(const struct push *p)
{
    return p->is_wallet ? STR("wallet_closed") : STR("card_closed");
}

enum object_status push_status_at(const struct push *p, instant now)
{
    return push_is_returned(p, now) ? STATUS_RETURNED : p->status;
}

void push_write(struct json *j, const struct push *p, instant now)
{
    enum object_status status = push_status_at(p, now);
    json_str(j, "id", p->id);
    json_str(j, "object", name_of(p));
    json_str(j, "status", object_status_name(status));
    json_i64(j, "amount", p->amount_minor);
    json_str(j, "currency", p->currency);
    json_str(j, "reference", p->reference);
    json_str(j, "key", p->key);
    if (status == STATUS_DECLINED || status == STATUS_RETURNED)
        json_str(j, "decline_code", status == STATUS_RETURNED ? return_code(p) : p->decline_code);
}

/* ---- the journal ---- */

static void bank_write_push(struct buf *out, const struct push *p)
{
    struct json j;
    json_begin(&j, out);
    json_str(&j, "e", STR("push"));
    json_str(&j, "id", p->id);
    json_str(&j, "key", p->key);
    json_str(&j, "reference", p->reference);
    json_str(&j, "currency", p->currency);
    json_str(&j, "token", p->token);
    json_str(&j, "decline_code", p->decline_code);
    json_str(&j, "status", object_status_name(p->status));
    json_i64(&j, "amount", p->amount_minor);
    json_i64(&j, "at_us", p->at.us);
    json_i64(&j, "returns_us", p->returns_at.us);
    json_i64(&j, "takes", p->takes);
    if (p->is_wallet)
        json_i64(&j, "wallet", 1);
    json_end(&j);
    buf_add_char(out, '\n');
}

void push_read(struct bank *b, const struct json_value *line)
{
    struct push p = { .id = STR_NONE };
    str status = STR("");
    int64_t takes = 0, wallet = 0;
    json_get_str(line, "id", &p.id);
    json_get_str(line, "key", &p.key);
    json_get_str(line, "reference", &p.reference);
    json_get_str(line, "currency", &p.currency);
    json_get_str(line, "token", &p.token);
    json_get_str(line, "decline_code", &p.decline_code);
    json_get_str(line, "status", &status);
    json_get_i64(line, "amount", &p.amount_minor);
    json_get_i64(line, "at_us", &p.at.us);
    json_get_i64(line, "returns_us", &p.returns_at.us);
    json_get_i64(line, "takes", &takes);
    json_get_i64(line, "wallet", &wallet);
    p.takes = (enum card_takes)takes;
    p.is_wallet = wallet == 1;
    p.status = str_eq(status, STR("succeeded")) ? STATUS_SUCCEEDED
               : str_eq(status, STR("pending")) ? STATUS_PENDING
                                                : STATUS_DECLINED;
    bank_push(b, &p);
}

/* ---- what both do ---- */

static bool same_push(const struct push *p, const struct push_in *in)
{
    return p->amount_minor == in->amount && str_eq(p->currency, in->currency) && str_eq(p->token, in->token) &&
           str_eq(p->reference, in->reference);
}

/* A name that cannot be paid to is a decline: a final answer, not an error to be retried. */
static void outcome_set(struct push *p, const struct payee *payee)
{
    p->status = STATUS_DECLINED;
    p->takes = payee->takes;
    if (!payee->is_known) {
        p->decline_code = p->is_wallet ? STR("wallet_unknown") : STR("token_unusable");
        return;
    }
    switch (payee->takes) {
    case TAKES_PUSHES:
    case TAKES_SILENTLY:
        p->status = STATUS_SUCCEEDED;
        return;
    case TAKES_AND_RETURNS:
        p->status = STATUS_SUCCEEDED;
        p->returns_at = instant_add(p->at, RETURNS_AFTER);
        return;
    case TAKES_SOMETIME:
        p->status = STATUS_PENDING;
        return;
    case TAKES_NOT_NOW:
        p->decline_code = p->is_wallet ? STR("account_blocked") : STR("do_not_honor");
        return;
    case TAKES_NEVER:
        p->decline_code = return_code(p);
        return;
    case TAKES_NO_PUSHES:
        p->decline_code = STR("not_push_eligible");
        return;
    }
}

/* One message when it has come to something, a second one when it comes back. */
static void notices_prepare(struct task *t, struct app *app, const struct push *p, struct notice told[2],
                            struct buf *lines)
{
    told[0].is_wallet = told[1].is_wallet = p->is_wallet;
    if (p->status == STATUS_PENDING || p->takes == TAKES_SILENTLY)
        return;
    notice_prepare(t, app, NULL, p->id, &told[0], lines);
    if (!p->returns_at.us)
        return;
    notice_prepare(t, app, NULL, p->id, &told[1], lines);
    told[1].due = p->returns_at;
}

static err execute(struct task *t, struct app *app, struct push *p, const struct payee *payee, struct push **ret)
{
    struct notice told[2] = { { NULL }, { NULL } };
    struct buf lines;
    outcome_set(p, payee);
    buf_init(&lines, t->arena, 65536);
    bank_write_push(&lines, p);
    notices_prepare(t, app, p, told, &lines);
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    *ret = bank_push(&app->bank, p);
    for (size_t i = 0; i < 2; i++) {
        told[i].push = *ret;
        notice_post(app, &told[i]);
    }
    return OK;
}

static err answer(struct task *t, struct app *app, struct push *wanted, const struct push_in *in,
                  const struct payee *payee, struct response *rs)
{
    enum call_fate fate = fault_draw_call(&app->faults);
    struct push *p = table_get(&app->bank.push_keys, wanted->key);
    if (p && !same_push(p, in))
        return FAIL(t, IDEMPOTENCY_MISMATCH, "another body than the first time");
    if (!p && call_is_executed(fate)) {
        TRY(execute(t, app, wanted, payee, &p));
        if (fate == CALL_SOUND && p->takes == TAKES_SILENTLY)
            fate = CALL_TIMES_OUT;
    }
    if (p)
        push_write(reply_json(rs, 200), p, t->now);
    answer_bend(t, rs, fate, fate == CALL_SLOW ? fault_draw_slow_ms(&app->faults) : 0);
    return OK;
}

err push_answer(struct task *t, const struct request *rq, struct response *rs, const struct push_in *in, bool is_wallet,
                struct payee (*find)(struct app *app, str token))
{
    str key;
    TRY(idempotency_key(t, rq, &key));
    if (!currency_is_taken(in->currency))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("currency"), STR("is not a currency that is taken here"));
    struct push wanted = { .id = random_id(t->arena, is_wallet ? "wpo_" : "push_"),
                           .key = key,
                           .reference = in->reference,
                           .currency = in->currency,
                           .token = in->token,
                           .amount_minor = in->amount,
                           .is_wallet = is_wallet,
                           .at = t->now };
    struct app *app = sandbox_enter(t);
    const struct payee payee = find(app, in->token);
    err e = answer(t, app, &wanted, in, &payee, rs);
    sandbox_leave(app);
    return e;
}

err push_by_key(struct task *t, const struct request *rq, struct response *rs)
{
    const struct push_find_in *in = rq->in;
    struct app *app = sandbox_enter(t);
    const struct push *p = table_get(&app->bank.push_keys, in->key);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    if (p) {
        json_object(j, NULL);
        push_write(j, p, t->now);
        json_close(j);
    }
    json_close(j);
    sandbox_leave(app);
    return OK;
}

/* ---- to cards ---- */

static const struct param push_params[] = {
    P_I64(struct push_in, amount, .need = REQUIRED, .low = 1, .high = INT64_C(999999999999)),
    P_STR(struct push_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct push_in, token, .need = REQUIRED, .set = TOKEN, .max = 100),
    P_STR(struct push_in, reference, .need = REQUIRED, .set = LINE, .max = 200),
};
static const struct param find_params[] = { PUSH_FIND_PARAMS };

static struct payee card_find(struct app *app, str token)
{
    struct token standing;
    const struct token *tok = bank_token_usable(&app->bank, token, &standing);
    bool is_known = tok && (tok->is_saved || tok->standing);
    return (struct payee){ is_known, is_known ? tok->card->takes : TAKES_PUSHES };
}

static err push_make(struct task *t, const struct request *rq, struct response *rs)
{
    return push_answer(t, rq, rs, rq->in, false, card_find);
}

#define PUSH_ROUTE .path = "/v1/pushes", .guard = &GUARD_MERCHANT, .run = RUN_INLINE, .errors = ERRORS_PROBLEM
const struct route push_create_route = { PUSH_ROUTE,          .method = POST,
                                         .body = BODY_JSON,   INPUT(struct push_in, push_params),
                                         .handle = push_make, .summary = "Pays to a card once per Idempotency-Key." };
const struct route push_find_route = { PUSH_ROUTE,
                                       .method = GET,
                                       .body = BODY_NONE,
                                       INPUT(struct push_find_in, find_params),
                                       .handle = push_by_key,
                                       .summary = "The push of a key, or an empty list." };
