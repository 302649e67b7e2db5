/* Subscriptions, step by step. See subscription.h. */
#include "paysrv/flow/subscription/subscription.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/spread.h"
#include "paysrv/flow/subscription/card_change.h"
#include "paysrv/flow/subscription/invoice.h"
#include "paysrv/flow/subscription/notice.h"
#include "paysrv/flow/subscription/price_change.h"
#include "paysrv/flow/subscription/subscription_move.h"
#include "paysrv/flow/subscription/upcoming.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/base/num.h"
#include "shared/ops/log.h"

#define LEASE SECONDS(60)

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static event_id new_event(struct task *t)
{
    return (event_id){ app_of(t)->env->new_id(t->arena, "evt_") };
}

static void wake(struct task *t)
{
    clock_wake(t, "subscriptions.run");
}

/* ---- making one ---- */

struct making {
    const struct subscription_order *order;
    struct subscription_insert_args args;
};

static err first_paid(struct task *t, const struct making *m)
{
    const struct subscription_order *o = m->order;
    const struct invoice_line line = { STR("period"),      o->price->price_id.v, o->quantity,
                                       o->payment->amount, m->args.period_start, m->args.period_end };
    const struct subscription_find_row plain = { .partner_id = m->args.partner,
                                                 .subscription_id = m->args.subscription,
                                                 .currency = o->price->currency };
    struct invoice_list_row draft;
    int64_t balance, affected;
    TRY(invoice_draft(t, &plain, &line, 1, &draft, &balance));
    draft.kind = STR("period");
    draft.period_n = m->args.period_n;
    draft.period_start = m->args.period_start;
    draft.period_end = m->args.period_end;
    draft.status = STR("paid");
    draft.payment_id = o->payment->payment_id.v;
    draft.finished_at_given = true;
    const struct subscription_first_paid_args args = {
        .invoice = draft.invoice_id,
        .currency = draft.currency,
        .amount = draft.due,
        .lines = draft.lines,
        .payment = o->payment->payment_id,
        .subscription = m->args.subscription,
        .event = new_event(t),
        .data = invoice_document(t, &draft),
        .paid_event = new_event(t),
    };
    return subscription_first_paid(t, &args, &affected);
}

static err make_effect(struct task *t, void *context, struct answer *ret)
{
    struct making *m = context;
    const struct subscription_find_row *row;
    int64_t affected;
    TRY(subscription_insert(t, &m->args, &affected));
    TRY(subscription_any(t, m->args.subscription, &row));
    if (!row)
        return FAIL(t, INTERNAL, "a subscription that was just made is not there");
    *ret = (struct answer){ .status = 201, .body = subscription_document(t, row) };
    TRY(event_insert(t, new_event(t), m->args.partner, STR("subscription.created"), m->args.subscription.v, ret->body,
                     &affected));
    return m->order->payment ? first_paid(t, m) : OK;
}

/* Before the first period the number is -1; a trial is such a time that lasts. */
static err periods_set(struct task *t, const struct subscription_order *o, struct subscription_insert_args *args)
{
    struct recurrence r = { .count = o->price->unit_count };
    if (!recurrence_unit_parse(o->price->unit, &r.unit))
        return FAIL(t, INTERNAL, "a price without a unit");
    TRY(zone_load(t, o->zone, &r.zone));
    recurrence_anchor(&r, o->starts_at);
    args->anchor_local = r.anchor_local_s;
    args->anchor_again = r.anchor_again;
    struct period first = recurrence_period(&r, 0);
    bool is_trial = instant_before(t->now, first.start);
    args->status = subscription_status_name(is_trial ? SUBSCRIPTION_TRIALING : SUBSCRIPTION_ACTIVE);
    args->period_n = o->payment ? first.n : -1;
    args->period_start = is_trial ? t->now : first.start;
    args->period_end = o->payment ? first.end : first.start;
    return OK;
}

err subscription_make(struct task *t, const struct subscription_order *o, const struct once *once, struct answer *ret)
{
    struct making m = { .order = o };
    m.args = (struct subscription_insert_args){
        .subscription = { app_of(t)->env->new_id(t->arena, "sub_") },
        .partner = o->price->partner_id,
        .store = o->price->store_id,
        .price = o->price->price_id,
        .quantity = o->quantity,
        .card = o->card->saved_card_id,
        .external_id = o->external_id,
        .zone = o->zone,
        .periods = o->periods,
        .ends_at = o->ends_at,
        .keep_unpaid = o->keep_unpaid,
        .on_dispute = o->on_dispute,
    };
    TRY(subscription_amount(t, o->price->amount, o->quantity, &m.args.agreed));
    TRY(periods_set(t, o, &m.args));
    TRY(once_run(t, m.args.partner, once, m.args.subscription.v, make_effect, &m, ret));
    wake(t);
    return OK;
}

/* ---- renewing ---- */

/* What a period is begun with. */
struct beginning {
    struct period period; /* what is left of it, when the subscription goes on within it */
    int64_t amount_minor;
    price_id price;
    bool price_turns; /* what was announced is over, one way or the other */
};

static struct subscription_find_row period_of(const struct subscription_find_row *s, const struct beginning *b,
                                              int64_t balance)
{
    struct subscription_find_row after = *s;
    after.status = subscription_status_name(SUBSCRIPTION_ACTIVE);
    after.price_id = b->price;
    after.period_n = b->period.n;
    after.period_start = b->period.start;
    after.period_end = b->period.end;
    after.balance = balance;
    after.next_price_at_given = after.next_price_at_given && !b->price_turns;
    after.status_reason = after.held_from = STR_NONE;
    return after;
}

static err period_begin(struct task *t, const struct subscription_find_row *s, const struct beginning *b, bool *applied)
{
    const struct invoice_line line = { STR("period"),   b->price.v,      s->quantity,
                                       b->amount_minor, b->period.start, b->period.end };
    const struct subscription_renew_row *row;
    struct invoice_list_row draft;
    int64_t balance;
    TRY(invoice_draft(t, s, &line, 1, &draft, &balance));
    draft.kind = STR("period");
    draft.period_n = b->period.n;
    draft.period_start = b->period.start;
    draft.period_end = b->period.end;
    struct subscription_find_row after = period_of(s, b, balance);
    const struct subscription_renew_args args = {
        .n = b->period.n,
        .start = b->period.start,
        .end = b->period.end,
        .balance = balance,
        .due = draft.due,
        .price = b->price,
        .price_turns = b->price_turns,
        .subscription = s->subscription_id,
        .from_n = s->period_n,
        .from_balance = s->balance,
        .from_status = s->status,
        .from_at_end = s->cancel_at_period_end,
        .from_cancel_at = s->cancel_at_given ? &s->cancel_at : NULL,
        .from_price = s->price_id,
        .from_quantity = s->quantity,
        .from_next = s->next_price_id,
        .from_agreed = s->next_price_agreed_given ? &s->next_price_agreed : NULL,
        .invoice = draft.invoice_id,
        .currency = draft.currency,
        .total = draft.total,
        .lines = draft.lines,
        .payment = draft.payment_id,
        .event = new_event(t),
        .data = invoice_document(t, &draft),
        .paid_event = new_event(t),
        .after_event = new_event(t),
        .after_data = subscription_document(t, &after),
    };
    TRY(subscription_renew(t, &args, &row));
    *applied = row->applied;
    if (row->applied)
        log_info(t, "subscription.renewed", L_STR("subscription", s->subscription_id.v), L_I64("period", b->period.n));
    return OK;
}

/* The next period begins, or there is none, and it ends at that moment. */
static err next_begin(struct task *t, const struct subscription_find_row *s, const struct upcoming *next, bool *applied)
{
    const struct farewell how = { next->turn == PRICE_ENDS ? FAREWELL_PRICE : FAREWELL_RAN_OUT, next->at, false };
    const struct beginning b = { next->period, next->amount_minor, next->price,
                                 next->turn == PRICE_MOVES || next->turn == PRICE_LAPSES };
    return next->is_end ? subscription_has_ended(t, s, &how, applied) : period_begin(t, s, &b, applied);
}

/* What is left of the period of then is charged; when that is none of the subscription's any more, it has ended. */
err subscription_rejoin(struct task *t, const struct subscription_find_row *s, instant at, bool *applied)
{
    struct upcoming next;
    TRY(upcoming_rejoin(t, s, at, &next));
    return next_begin(t, s, &next, applied);
}

static err renew(struct task *t, subscription_id id)
{
    const struct subscription_find_row *s;
    struct upcoming next;
    bool applied;
    TRY(subscription_any(t, id, &s));
    if (!s || instant_before(t->now, s->period_end))
        return OK;
    TRY(upcoming_find(t, s, &next));
    return next_begin(t, s, &next, &applied);
}

static err due_claim(struct task *t, int64_t most, str **ids, size_t *n)
{
    const struct subscriptions_due_row *rows;
    instant later = instant_add(t->now, SUBSCRIPTIONS_PUT_OFF), lease = instant_add(t->now, LEASE);
    TRY(subscriptions_due(t, most, later, lease, &rows, n));
    *ids = arena_array(t->arena, str, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ids)[i] = rows[i].waits ? STR_NONE : rows[i].subscription_id.v;
    return OK;
}

static enum spread_outcome due_renew(struct task *t, str id)
{
    err e = renew(t, (subscription_id){ id });
    if (e)
        log_failure(t, e);
    return SPREAD_DONE;
}

err subscriptions_run(struct task *t)
{
    const struct spread_work renewals = { CREW_BILLING, app_of(t)->renewals, due_claim, due_renew };
    size_t n, n_told, n_changes, n_collected;
    TRY(spread(t, &renewals, &n));
    TRY(subscriptions_end(t));
    TRY(price_migrations_run(t));
    TRY(notices_run(t, &n_told)); /* before a charge at the same moment it would be too late */
    TRY(card_changes_run(t, &n_changes));
    TRY(invoices_collect(t, &n_collected));
    if (n + n_collected >
        0) /* what is paid may be followed by the next period, of now or of the time without a server */
        wake(t);
    return OK;
}

/* ---- what is asked for ---- */

/* The same may be asked for again in a moment. */
static err soon(struct failure *refused)
{
    refused->retry_after_s = 1;
    return refused;
}

/* In the period that was paid, and not before another change: what that took back or charged would be counted twice.
 * Before the first one nothing is. */
static err change_time_judge(struct task *t, const struct subscription_find_row *s, instant at)
{
    const struct subscription_changed_row *last;
    if (s->period_n < 0)
        return OK;
    if (!instant_before(t->now, s->period_end))
        return soon(subscription_refused(t, s, "changed while its next period begins"));
    if (instant_before(at, s->period_start) || !instant_before(at, s->period_end))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("at"), STR("must be in the current period"));
    TRY(subscription_changed(t, s->subscription_id, s->period_n, &last));
    if (last->at_given && instant_before(at, last->at))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("at"), STR("must not be before the change that was made last"));
    return OK;
}

err subscription_change_plan(struct task *t, const struct subscription_find_row *s, struct subscription_change *c)
{
    bool is_same_price = str_eq(c->price->price_id.v, s->price_id.v);
    const struct subscription_paid_price_row *paid;
    struct recurrence r;
    if (subscription_status_of(s) != SUBSCRIPTION_ACTIVE && subscription_status_of(s) != SUBSCRIPTION_TRIALING)
        return subscription_refused(t, s, "changed");
    if (s->has_open_invoice) /* which is charged at this moment, or what it owes would have made it past due */
        return soon(subscription_refused(t, s, "changed before that is paid"));
    if (!str_eq(c->price->store_id.v, s->store_id.v) || !str_eq(c->price->unit, s->unit) ||
        c->price->unit_count != s->unit_count || (c->price->archived_at_given && !is_same_price))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("price"),
                          STR("must be an open price of this store with the same interval"));
    TRY(change_time_judge(t, s, c->at));
    TRY(subscription_recurrence(t, s, &r));
    TRY(subscription_paid_price(t, s->subscription_id, &paid));
    c->paid_price = paid->price_id;
    c->paid_quantity = paid->quantity;
    TRY(subscription_amount(t, c->price->amount, c->quantity, &c->amount_minor));
    const struct period whole = recurrence_period(&r, s->period_n);
    c->lines = (struct proration){ 0, 0 };
    c->sum = (struct settlement){ 0, s->balance };
    c->is_none = is_same_price && c->quantity == s->quantity;
    if (c->is_none)
        return OK;
    if (s->period_n >= 0)
        c->lines = proration_of(paid->amount, c->amount_minor, &whole, c->at, s->period_end);
    return invoice_settle(t, s, c->lines.charge_minor - c->lines.credit_minor, &c->sum);
}

/* An announced price goes with the price that it follows; and what he agreed to, with the quantity, is never exceeded
 * unasked. */
static bool keeps_next_price(const struct subscription_find_row *s, const struct subscription_change *c)
{
    int64_t agreed = c->amount_minor > s->agreed_amount ? c->amount_minor : s->agreed_amount, then;
    if (!s->next_price_at_given || !str_eq(c->price->price_id.v, s->price_id.v))
        return false;
    return num_mul(s->next_price_amount, c->quantity, &then) &&
           (!s->next_price_agreed || !price_needs_consent(agreed, then));
}

err subscription_change_make(struct task *t, const struct subscription_find_row *s, const struct subscription_change *c)
{
    const struct invoice_line lines[2] = {
        { STR("unused"), c->paid_price.v, c->paid_quantity, -c->lines.credit_minor, c->at, s->period_end },
        { STR("rest"), c->price->price_id.v, c->quantity, c->lines.charge_minor, c->at, s->period_end },
    };
    const struct subscription_change_row *row;
    struct subscription_find_row after = *s;
    struct invoice_list_row draft;
    if (c->is_none)
        return OK;
    TRY(invoice_draft(t, s, lines, 2, &draft, &after.balance));
    draft.kind = STR("change");
    draft.period_n = s->period_n;
    draft.period_start = c->at;
    draft.period_end = s->period_end;
    after.price_id = c->price->price_id;
    after.quantity = c->quantity;
    after.next_price_at_given = keeps_next_price(s, c);
    const struct subscription_change_args args = {
        .price = after.price_id,
        .quantity = after.quantity,
        .balance = after.balance,
        .due = draft.due,
        .agreed = c->amount_minor,
        .keeps_next = after.next_price_at_given,
        .from_next = s->next_price_id,
        .from_agreed = s->next_price_agreed_given ? &s->next_price_agreed : NULL,
        .subscription = s->subscription_id,
        .n = s->period_n,
        .from_price = s->price_id,
        .from_quantity = s->quantity,
        .from_balance = s->balance,
        .status = s->status,
        .from_cancel_at = s->cancel_at_given ? &s->cancel_at : NULL,
        .invoice = draft.invoice_id,
        .start = draft.period_start,
        .end = draft.period_end,
        .currency = draft.currency,
        .total = draft.total,
        .lines = draft.lines,
        .payment = draft.payment_id,
        .event = new_event(t),
        .data = subscription_document(t, &after),
        .invoice_event = new_event(t),
        .invoice_data = invoice_document(t, &draft),
        .paid_event = new_event(t),
    };
    TRY(subscription_change(t, &args, &row));
    wake(t);
    return row->applied ? OK : soon(subscription_refused(t, s, "changed: another change came first"));
}

err subscription_card_set(struct task *t, const struct subscription_find_row *s, const struct saved_card_find_row *card)
{
    const struct subscription_card_row *row;
    struct subscription_find_row after = *s;
    after.saved_card_id = card->saved_card_id;
    after.buyer = card->buyer;
    TRY(subscription_card(t, after.saved_card_id, s->subscription_id, DUNNING_ATTEMPTS_MAX, new_event(t),
                          subscription_document(t, &after), &row));
    wake(t);
    return row->applied ? OK : subscription_refused(t, s, "given another card");
}

err subscription_on_dispute_change(struct task *t, const struct subscription_find_row *s, str on_dispute)
{
    const struct subscription_find_row *after;
    int64_t affected;
    TRY(subscription_on_dispute_set(t, on_dispute, s->subscription_id, &affected));
    if (affected == 0)
        return subscription_refused(t, s, "changed");
    TRY(subscription_any(t, s->subscription_id, &after));
    if (!after)
        return FAIL(t, INTERNAL, "a subscription vanished");
    return event_insert(t, new_event(t), s->partner_id, STR("subscription.updated"), s->subscription_id.v,
                        subscription_document(t, after), &affected);
}
