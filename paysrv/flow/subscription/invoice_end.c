/* See invoice_end.h. */
#include "paysrv/flow/subscription/invoice_end.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/payment/cancel.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/text/json_in.h"
#include "web/paysrv/pages.h"

#define SOON SECONDS(10)
#define SELDOM DAYS(1)
#define PATIENCE HOURS(1)

#define NOT_OWED STR("subscription_canceled")
#define NOT_PAID STR("invoice_uncollectible")
#define NOT_PAYABLE STR("method_unavailable")

/* What a subscription becomes whose period nobody has paid. */
static enum subscription_status without(const struct collection *c)
{
    return c->subscription->keep_unpaid ? SUBSCRIPTION_UNPAID : SUBSCRIPTION_CANCELED;
}

static bool is_change(const struct collection *c)
{
    return str_eq(c->invoice->kind, STR("change"));
}

struct invoice_ending invoice_not_owed(const struct collection *c)
{
    return (struct invoice_ending){ STR("void"), NOT_OWED, SUBSCRIPTION_CANCELED,
                                    collection_has(c, SUBSCRIPTION_CANCELED) ? STR("subscription_canceled")
                                                                             : STR("store_state") };
}

struct invoice_ending invoice_unpayable(const struct collection *c)
{
    return (struct invoice_ending){ STR("void"), NOT_PAYABLE, is_change(c) ? SUBSCRIPTION_ACTIVE : SUBSCRIPTION_PAUSED,
                                    STR("method_unavailable") };
}

struct invoice_ending invoice_unsplittable(const struct collection *c)
{
    return (struct invoice_ending){ STR("void"), STR_NONE, is_change(c) ? SUBSCRIPTION_ACTIVE : without(c),
                                    STR("unsplittable") };
}

struct invoice_ending invoice_forgiven(void)
{
    return (struct invoice_ending){ STR("void"), STR("invoice_void"), SUBSCRIPTION_ACTIVE, STR("forgiven") };
}

static struct invoice_ending bad_debt(const struct collection *c)
{
    return (struct invoice_ending){ STR("uncollectible"), NOT_PAID, without(c), STR("not_paid"), .is_of_card = true };
}

/* By its partner or an operator. */
static struct invoice_ending of_canceled_payment(const struct collection *c)
{
    if (collection_has(c, SUBSCRIPTION_CANCELED))
        return invoice_not_owed(c);
    if (is_change(c)) /* who does not want it paid does not want it */
        return (struct invoice_ending){
            .invoice = STR("void"), .to = SUBSCRIPTION_ACTIVE, .reason = STR("payment_canceled"), .takes_back = true
        };
    return (struct invoice_ending){ STR("void"), STR_NONE, without(c), STR("payment_canceled") };
}

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static event_id new_event(struct task *t)
{
    return (event_id){ app_of(t)->env->new_id(t->arena, "evt_") };
}

err invoice_collection(struct task *t, invoice_id id, struct collection *ret)
{
    *ret = (struct collection){ NULL };
    TRY(invoice_any(t, id, &ret->invoice));
    if (!ret->invoice)
        return OK;
    TRY(subscription_any(t, ret->invoice->subscription_id, &ret->subscription));
    TRY(invoice_buyer(t, ret->invoice->subscription_id, &ret->buyer));
    if (!ret->subscription || !ret->buyer)
        return FAIL(t, INTERNAL, "an invoice without its subscription");
    return app_of(t)->env->payment_any(t, (payment_id){ ret->invoice->payment_id }, &ret->payment);
}

bool collection_has(const struct collection *c, enum subscription_status status)
{
    return str_eq(c->subscription->status, subscription_status_name(status));
}

err invoice_hold(struct task *t, const struct collection *c, bool *is_open)
{
    const struct invoice_list_row *i = c->invoice;
    int64_t affected;
    TRY(invoice_look_later(t, i->look_at, i->invoice_id, &i->look_at, &affected));
    *is_open = affected == 1;
    return OK;
}

err invoice_look_at(struct task *t, const struct collection *c, instant at)
{
    const struct invoice_list_row *i = c->invoice;
    int64_t affected;
    return invoice_look_later(t, at, i->invoice_id, i->look_at_given ? &i->look_at : NULL, &affected);
}

err invoice_look_after(struct task *t, const struct collection *c, duration wait)
{
    return invoice_look_at(t, c, instant_add(t->now, wait));
}

/* Nobody asked for this end, so the buyer is told why it came. */
static struct mail_draft goodbye_write(struct task *t, const struct collection *c, str reason)
{
    enum language lang = speech_to(t, c->buyer->locale);
    const bool is_owed = str_eq(reason, STR("not_paid"));
    const struct mail_subscription_ended m = {
        .store_name = c->buyer->store_name,
        .what = c->buyer->price_name,
        .unpaid = is_owed,
        .by_store = str_eq(reason, STR("store_state")),
        .forgiven = str_eq(reason, STR("payment_canceled")),
        .not_charged = str_eq(reason, STR("unsplittable")),
        .amount = is_owed ? money_in(t, lang, c->invoice->due, c->invoice->currency) : STR_NONE,
        .support = c->buyer->support,
        .billing_url = billing_url(t, c->subscription->store_id, c->buyer->buyer),
    };
    return mail_draft_make(t, c->buyer->email, lang, mail_subscription_ended(t->arena, lang, &m));
}

/* What a change counted back stands in the first line of its invoice. */
static err change_take_back(struct task *t, const struct invoice_list_row *change, struct subscription_find_row *s)
{
    const struct json_value *lines, *first;
    if (!json_parse(t->arena, change->lines, &lines) || !(first = json_item(lines, 0)) ||
        !json_get_str(first, "price", &s->price_id.v) || !json_get_i64(first, "quantity", &s->quantity))
        return FAIL(t, INTERNAL, "an invoice of a change without its lines");
    return OK;
}

/* The subscription as it will be. */
static err ended_make(struct task *t, const struct collection *c, const struct invoice_ending *end,
                      struct subscription_find_row *ret)
{
    const bool goes_on = end->to == SUBSCRIPTION_ACTIVE;
    const bool is_behind = collection_has(c, SUBSCRIPTION_PAST_DUE) || collection_has(c, SUBSCRIPTION_UNPAID);
    *ret = *c->subscription;
    if (!goes_on || is_behind)
        ret->status = subscription_status_name(end->to);
    if (!goes_on || is_behind)
        ret->status_reason = goes_on ? STR_NONE : end->reason;
    ret->balance += c->invoice->applied;
    ret->canceled_at = t->now;
    ret->canceled_at_given = end->to == SUBSCRIPTION_CANCELED;
    return end->takes_back ? change_take_back(t, c->invoice, ret) : OK;
}

static err end_applied(struct task *t, const struct collection *c, const struct invoice_ending *end, bool *applied)
{
    const struct invoice_close_row *row;
    struct invoice_list_row after = *c->invoice, failed;
    struct subscription_find_row ended;
    TRY(ended_make(t, c, end, &ended));
    after.attempt += end->is_declined;
    failed = after;
    failed.retry_at_given = false; /* there is no other try */
    after.status = end->invoice;
    after.status_reason = end->reason;
    after.finished_at = t->now;
    after.finished_at_given = true;
    struct mail_draft mail = { .id = STR_NONE };
    if (end->to == SUBSCRIPTION_CANCELED && !collection_has(c, SUBSCRIPTION_CANCELED))
        mail = goodbye_write(t, c, end->reason);
    const struct invoice_close_args args = {
        .to = after.status,
        .invoice = after.invoice_id,
        .subscription_status = subscription_status_name(end->to),
        .reason = end->reason,
        .is_declined = end->is_declined,
        .card = end->is_of_card ? c->subscription->saved_card_id.v : STR_NONE,
        .attempt = end->is_of_card ? &c->invoice->attempt : NULL,
        .failed_event = new_event(t),
        .failed_data = invoice_document(t, &failed),
        .event = new_event(t),
        .data = invoice_document(t, &after),
        .old_price = end->takes_back ? ended.price_id.v : STR_NONE,
        .old_quantity = end->takes_back ? &ended.quantity : NULL,
        .end_event = new_event(t),
        .end_data = subscription_document(t, &ended),
        .mail = mail.id,
        .recipient = mail.recipient,
        .content = mail.content,
    };
    TRY(invoice_close(t, &args, &row));
    *applied = row->applied;
    mail_wake(t);
    if (row->applied)
        log_info(t, "invoice.closed", L_STR("invoice", after.invoice_id.v), L_STR("status", after.status));
    return OK;
}

err invoice_end(struct task *t, const struct collection *c, const struct invoice_ending *end)
{
    bool applied;
    return end_applied(t, c, end, &applied);
}

err invoice_payment_cancel(struct task *t, const struct collection *c, const struct invoice_ending *end, bool *done)
{
    const struct invoice_turn_row *held;
    struct answer unused;
    TRY(invoice_turn(t, c->subscription->subscription_id, &held));
    return cancel_unpaid(t, c->payment, end->payment, &unused, done);
}

struct giving_up {
    const struct collection *collection;
    const struct invoice_ending *end;
    bool done;
    bool is_tried; /* another card is, which came meanwhile: nothing is given up */
};

static err give_up_in_tx(struct task *t, void *context)
{
    struct giving_up *g = context;
    bool applied;
    g->is_tried = false;
    TRY(invoice_payment_cancel(t, g->collection, g->end, &g->done));
    if (!g->done)
        return OK;
    TRY(end_applied(t, g->collection, g->end, &applied));
    g->is_tried = g->end->is_of_card && !applied;
    if (g->is_tried) /* nor is its payment over */
        return FAIL(t, SUBSCRIPTION_STATE, "its card has changed meanwhile");
    return OK;
}

err invoice_give_up(struct task *t, const struct collection *c, const struct invoice_ending *end)
{
    struct giving_up g = { .collection = c, .end = end };
    err e = db_tx(t, give_up_in_tx, &g);
    if (!g.is_tried)
        TRY(e);
    mail_wake(t); /* what was woken inside of the transaction has seen nothing yet */
    return g.done && !g.is_tried ? OK : invoice_look_after(t, c, SOON);
}

/* ---- kept ---- */

/* Who pays it later goes on: it stays open, and nothing is charged by itself. */
static err keep(struct task *t, const struct collection *c, bool is_declined)
{
    struct invoice_list_row after = *c->invoice;
    struct subscription_find_row behind = *c->subscription;
    const struct invoice_keep_row *row;
    after.attempt += is_declined;
    after.retry_at_given = false;
    behind.status = subscription_status_name(SUBSCRIPTION_UNPAID);
    behind.status_reason = STR("not_paid");
    const struct invoice_keep_args args = {
        .invoice = after.invoice_id,
        .attempt = c->invoice->attempt,
        .card = c->subscription->saved_card_id,
        .is_last = after.attempt > DUNNING_ATTEMPTS_MAX,
        .is_declined = is_declined,
        .look = instant_add(t->now, SELDOM),
        .event = new_event(t),
        .data = invoice_document(t, &after),
        .behind_event = new_event(t),
        .behind_data = subscription_document(t, &behind),
    };
    TRY(invoice_keep(t, &args, &row));
    if (row->applied)
        log_info(t, "invoice.kept", L_STR("invoice", after.invoice_id.v), L_I64("attempt", after.attempt));
    return OK;
}

err invoice_time_is_over(struct task *t, const struct collection *c, bool is_declined)
{
    struct invoice_ending end = bad_debt(c);
    end.is_declined = is_declined;
    return c->subscription->keep_unpaid ? keep(t, c, is_declined) : invoice_give_up(t, c, &end);
}

static err store_is_open(struct task *t, const struct collection *c, bool *ret)
{
    const struct store_any_row *store;
    TRY(store_any(t, c->subscription->store_id, &store));
    *ret = store && !str_eq(store->status, store_status_name(STORE_CLOSED));
    return OK;
}

err invoice_wait_on(struct task *t, const struct collection *c)
{
    const struct invoice_ending end = invoice_not_owed(c);
    bool is_open;
    TRY(store_is_open(t, c, &is_open));
    return is_open ? invoice_look_after(t, c, SELDOM) : invoice_give_up(t, c, &end);
}

/* Its days have stood still for longer than a payment lives: while a dispute paused it, or its partner was suspended.
 */
static bool has_days_left(struct task *t, const struct collection *c)
{
    const struct invoice_list_row *i = c->invoice;
    return !i->failed_at_given || instant_before(t->now, instant_add(i->failed_at, DUNNING_GRACE));
}

static err payment_anew(struct task *t, const struct collection *c)
{
    int64_t affected;
    return invoice_payment_anew(t, app_of(t)->env->new_id(t->arena, "pay_"), c->invoice->invoice_id,
                                c->invoice->payment_id, &affected);
}

err invoice_payment_canceled(struct task *t, const struct collection *c)
{
    const struct invoice_ending end = of_canceled_payment(c);
    return invoice_end(t, c, &end);
}

/* Over, but for who wants to pay a debt that was kept, and while there are days left to pay it. */
err invoice_payment_expired(struct task *t, const struct collection *c)
{
    const bool is_canceled = collection_has(c, SUBSCRIPTION_CANCELED);
    const struct invoice_ending end = is_canceled ? invoice_not_owed(c) : bad_debt(c);
    if (!is_canceled && str_given(c->subscription->held_from))
        return invoice_look_after(t, c, SELDOM);
    if (!is_canceled && !collection_has(c, SUBSCRIPTION_UNPAID) && has_days_left(t, c))
        return payment_anew(t, c);
    if (is_canceled || !c->subscription->keep_unpaid)
        return invoice_end(t, c, &end);
    if (!c->invoice->waits_for_buyer) /* a card came, or a retry was asked for; also while it is paused */
        return payment_anew(t, c);
    return collection_has(c, SUBSCRIPTION_UNPAID) ? invoice_wait_on(t, c) : keep(t, c, false);
}

/* That may pass. When it does not, or when the store is closed, nothing is owed, and the subscription ends. A debt of
 * before has as much time as a new one. */
err invoice_unsellable(struct task *t, const struct collection *c)
{
    instant since = c->invoice->created_at;
    bool is_open;
    if (c->buyer->store_since_given && instant_before(since, c->buyer->store_since))
        since = c->buyer->store_since;
    TRY(store_is_open(t, c, &is_open));
    if (is_open && instant_before(t->now, instant_add(since, DUNNING_GRACE)))
        return invoice_look_after(t, c, PATIENCE);
    const struct invoice_ending end = invoice_not_owed(c);
    return c->payment ? invoice_give_up(t, c, &end) : invoice_end(t, c, &end);
}
