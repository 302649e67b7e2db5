/* See deal.h. */
#include "paysrv/flow/payment/deal.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/deal.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/faults.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/ledger/holdback.h"
#include "paysrv/flow/outgoing.h"
#include "paysrv/flow/payment/acquirer_round.h"
#include "paysrv/flow/payment/refund.h"
#include "paysrv/store/deal.sql.h"
#include "paysrv/store/event.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 8192
#define END_ROUTE STR("hold_end") /* of the refund at the end: no request can name it */
#define LEASE MINUTES(5)
#define SHORT_WAIT MINUTES(1) /* for a refund without an outcome */
#define LONG_WAIT HOURS(6)    /* for what may still be captured */
#define RETRY_WAIT HOURS(1)

static const struct pay_env *env_of(struct task *t)
{
    const struct app *app = t->app;
    return app->env;
}

static struct deal_state state_of(const struct deal_find_row *d)
{
    return (struct deal_state){
        .captured_minor = d->captured,
        .returned_minor = d->returned,
        .returning_minor = d->returning,
        .released_minor = d->released,
        .is_over = d->ended_at_given,
        .is_settled = str_eq(d->status, payment_status_name(PAYMENT_SUCCEEDED)),
    };
}

/* The payment's name with another beginning: it is another object, whose events are counted by themselves. */
static str id_of(struct task *t, payment_id payment)
{
    return arena_printf(t->arena, "hld_%.*s", (int)(payment.v.n - 4), payment.v.p + 4);
}

/* ---- what it looks like ---- */

SHAPE(hold, "Hold",
      "object: 'hold', payment: string, status: 'unpaid' | 'held' | 'ended', until: 'delivered', ends_after: string, "
      "at_end: 'release' | 'return', amount: integer, amount_returned: integer, amount_released: integer, amount_held: "
      "integer, currency: string, ends_at: time | null, ended_at?: time, ended_by?: 'release' | 'end' | 'return'")

void deal_write(struct json *j, const struct deal_find_row *d)
{
    const struct deal_state state = state_of(d);
    const char *status = d->ended_at_given ? "ended" : d->captured == 0 ? "unpaid" : "held";
    json_str(j, "object", STR("hold"));
    json_str(j, "payment", d->payment_id.v);
    json_str(j, "status", str_of(status));
    json_str(j, "until", STR("delivered"));
    json_str(j, "ends_after", d->deal_after);
    json_str(j, "at_end", d->deal_end);
    json_i64(j, "amount", d->captured);
    json_i64(j, "amount_returned", d->returned);
    json_i64(j, "amount_released", d->released);
    json_i64(j, "amount_held", deal_open_minor(&state));
    json_str(j, "currency", d->currency);
    if (d->ends_at_given)
        json_time(j, "ends_at", d->ends_at);
    else
        json_null(j, "ends_at");
    if (d->ended_at_given)
        json_time(j, "ended_at", d->ended_at);
    json_str(j, "ended_by", d->ended_by);
}

static str document(struct task *t, const struct deal_find_row *d)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    deal_write(&j, d);
    json_end(&j);
    return buf_str(&out);
}

static err tell(struct task *t, const struct deal_find_row *d, const char *type, str body)
{
    int64_t told;
    const event_id id = { env_of(t)->new_id(t->arena, "evt_") };
    return event_insert(t, id, d->partner_id, str_of(type), id_of(t, d->payment_id), body, &told);
}

/* ---- in one transaction, with the payment locked ---- */

/* ended_by absent: it goes on. */
static err release_book(struct task *t, const struct deal_find_row *before, int64_t amount, str ended_by,
                        struct deal_find_row *after)
{
    int64_t affected;
    *after = *before;
    after->released += amount;
    after->ended_by = ended_by;
    after->ended_at_given = str_given(ended_by);
    after->ended_at = t->now;
    return deal_release(t, before->payment_id, before->partner_id, after->released, ended_by, &affected);
}

static err judge(struct task *t, const struct deal_find_row *d, int64_t wanted, int64_t *amount, bool *ends)
{
    const struct deal_state state = state_of(d);
    enum deal_verdict verdict = deal_release_judge(&state, wanted, amount, ends);
    switch (verdict) {
    case DEAL_GOOD:
        return OK;
    case DEAL_NOT_PAID:
    case DEAL_OVER:
        return FAIL_PARAM(t, PAYMENT_STATE, STR("payment"), deal_verdict_text(verdict));
    case DEAL_TOO_LARGE:
    case DEAL_VERDICT_COUNT:
        break;
    }
    return FAIL_PARAM(t, RELEASE_TOO_LARGE, STR("amount"),
                      arena_printf(t->arena, "at most %lld is held", (long long)deal_open_minor(&state)));
}

static err released_by_partner(struct task *t, void *context, struct answer *ret)
{
    const struct deal_release_order *o = context;
    const struct deal_find_row *d;
    struct deal_find_row after;
    int64_t amount;
    bool ends;
    TRY(deal_lock(t, o->payment, &d));
    if (!d)
        return FAIL(t, NOT_FOUND, "the payment has no deal");
    TRY(judge(t, d, o->wanted_minor, &amount, &ends));
    TRY(release_book(t, d, amount, ends ? STR("release") : STR_NONE, &after));
    *ret = (struct answer){ .status = 200, .body = document(t, &after) };
    return tell(t, d, "hold.released", ret->body);
}

err deal_release_run(struct task *t, const struct deal_release_order *o, struct answer *ret)
{
    struct deal_release_order order = *o;
    CRASH_POINT("hold.before_release");
    TRY(once_run(t, o->partner, o->once, env_of(t)->new_id(t->arena, "rel_"), released_by_partner, &order, ret));
    CRASH_POINT("hold.after_release");
    err e = holdbacks_follow(t, o->payment); /* the job would, a moment later */
    if (e)
        log_failure(t, e);
    return OK;
}

/* ---- the end ---- */

static err wait_for(struct task *t, const struct deal_find_row *d, instant due)
{
    int64_t affected;
    return deal_wait(t, d->payment_id, &due, &affected);
}

static err ended_by_time(struct task *t, void *context)
{
    const struct deal_find_row *due = context, *d;
    struct deal_find_row after;
    TRY(deal_lock(t, due->payment_id, &d));
    if (!d || d->ended_at_given)
        return OK;
    const struct deal_state state = state_of(d);
    int64_t open = deal_open_minor(&state);
    bool returns = str_eq(d->deal_end, deal_end_name(DEAL_RETURNS));
    if (returns && open > 0)
        return wait_for(t, d, t->now); /* something came back meanwhile: it is returned, too */
    TRY(release_book(t, d, open, returns ? STR("return") : STR("end"), &after));
    return tell(t, d, "hold.ended", document(t, &after));
}

static err given_up(struct task *t, void *context)
{
    const struct deal_find_row *d = context;
    int64_t affected;
    TRY(deal_wait(t, d->payment_id, NULL, &affected));
    TRY(anomaly_tell(t, ANOMALY_HOLD_RETURN_REFUSED, d->partner_id.v, d->payment_id.v,
                     STR("the acquirer does not give the buyer's money back")));
    return tell(t, d, "hold.return_failed", document(t, d));
}

static err unfunded(struct task *t, const struct deal_find_row *d)
{
    return anomaly_tell(t, ANOMALY_HOLD_RETURN_UNFUNDED, d->partner_id.v, d->payment_id.v,
                        STR("the seller's balance does not hold what goes back to the buyer"));
}

/*
 * The money goes back to the buyer, once; what the acquirer refuses is the partner's to decide. Nothing when he has
 * released some of it, or given it back himself, since the deal was read (version).
 */
static err give_back(struct task *t, struct deal_find_row *d, int64_t open, int64_t version)
{
    struct answer answer;
    const struct payment_find_row *payment = NULL;
    if (outgoing_is_held(t))
        return wait_for(t, d, instant_add(t->now, SHORT_WAIT));
    TRY(env_of(t)->payment_any(t, d->payment_id, &payment));
    if (!payment)
        return FAIL(t, INTERNAL, "a deal without its payment");
    /* Each return has a key of its own. Refunds only grow; what is returned shrinks again when a dispute is won. */
    str key = arena_printf(t->arena, "%.*s after %lld", STR_ARG(d->payment_id.v), (long long)payment->refunded);
    const struct refund_order order = {
        .payment = payment,
        .route = END_ROUTE,
        .key = key,
        .fingerprint = sha256(bytes_of(key)),
        .wanted_minor = open,
        .reason = STR("not delivered in time"),
        .reason_code = STR("not_delivered"),
        .by = STR("system"),
        .is_late_too = true,
        .version = &version,
    };
    CRASH_POINT("hold.before_return");
    err e = refund_run(t, &order, &answer);
    CRASH_POINT("hold.after_return");
    if (err_is(e, &FAULT_INSUFFICIENT_FUNDS))
        TRY(unfunded(t, d));
    if (err_is(e, &FAULT_PAYMENT_STATE) || err_is(e, &FAULT_REFUND_TOO_LARGE))
        return wait_for(t, d, instant_add(t->now, SHORT_WAIT));
    TRY(e);
    if (answer.status >= 400)
        return db_tx(t, given_up, d);
    return wait_for(t, d, instant_add(t->now, SHORT_WAIT)); /* ends when nothing is left to return */
}

static err deal_look(struct task *t, struct deal_find_row *d, int64_t version)
{
    const struct deal_state state = state_of(d);
    int64_t open = deal_open_minor(&state);
    if (!d->ends_at_given || instant_before(t->now, d->ends_at))
        return wait_for(t, d, d->ends_at_given ? d->ends_at : instant_add(t->now, LONG_WAIT));
    if (!state.is_settled)
        return wait_for(t, d, instant_add(t->now, LONG_WAIT));
    if (d->returning > 0)
        return wait_for(t, d, instant_add(t->now, SHORT_WAIT));
    if (open > 0 && str_eq(d->deal_end, deal_end_name(DEAL_RETURNS)))
        return give_back(t, d, open, version);
    CRASH_POINT("hold.before_end");
    return db_tx(t, ended_by_time, d);
}

static err deal_turn(struct task *t, payment_id payment)
{
    const struct deal_version_row *version;
    const struct deal_find_row *now;
    TRY(deal_version(t, payment, &version));
    TRY(deal_now(t, payment, &now));
    if (!now)
        return OK;
    struct deal_find_row due = *now;
    err e = deal_look(t, &due, version->version);
    if (!e)
        return OK;
    log_failure(t, e); /* one must not keep the others waiting */
    return wait_for(t, &due, instant_add(t->now, RETRY_WAIT));
}

static err first_due_end(struct task *t, void *found)
{
    const struct deal_due_row *due;
    TRY(deal_due(t, instant_add(t->now, LEASE), &due));
    *(bool *)found = due != NULL;
    return due ? deal_turn(t, due->payment_id) : OK;
}

/*
 * Taken one by one, so that each is as it is now, and none is kept from other servers by a round that ends before it.
 * What had no answer is behind all others that wait.
 */
err deals_run(struct task *t)
{
    return acquirer_round_run(t, first_due_end);
}
