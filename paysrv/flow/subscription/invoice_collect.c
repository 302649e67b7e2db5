/* Collecting: one look at an open invoice. See invoice.h; what a decline leads to is domain/subscription.h. */
#include "paysrv/flow/subscription/invoice_end.h"

#include "paysrv/app.h"
#include "paysrv/domain/subscription/subscription.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/session.h"
#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/message/speech_words.h"
#include "paysrv/flow/outgoing.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/charge.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/flow/subscription/invoice_attempt.h"
#include "paysrv/flow/subscription/invoice_payment.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/json_in.h"
#include "web/paysrv/pages.h"

#define LEASE SECONDS(60)
#define SOON SECONDS(10)
#define OFTEN MINUTES(10)
#define SELDOM DAYS(1)
#define PATIENCE HOURS(1)         /* with a buyer who is at his bank's page */
#define TRANSFER_PATIENCE DAYS(5) /* with one who has ordered a transfer: over a weekend */

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static event_id new_event(struct task *t)
{
    return (event_id){ app_of(t)->env->new_id(t->arena, "evt_") };
}

/* ---- what came of it ---- */

/* Whether it is paid with the card that the store keeps: not with another one, or otherwise, by the buyer himself. */
static err is_by_kept_card(struct task *t, const struct collection *c, bool *ret)
{
    const struct call_find_row *charge = NULL;
    if (str_given(c->payment->charge_id))
        TRY(app_of(t)->env->call_find(t, c->payment->charge_id, &charge));
    *ret = charge && saved_card_is_id(charge->token);
    return OK;
}

static err receipt_write(struct task *t, const struct collection *c, struct mail_draft *ret)
{
    enum language lang = speech_to(t, c->buyer->locale);
    bool by_kept_card;
    TRY(is_by_kept_card(t, c, &by_kept_card));
    const struct mail_invoice_paid m = {
        .by_kept_card = by_kept_card,
        .store_name = c->buyer->store_name,
        .what = c->buyer->price_name,
        .amount = money_in(t, lang, c->invoice->due, c->invoice->currency),
        .time = moment_by(t, lang, t->now, c->subscription->zone),
        .number = c->invoice->invoice_id.v,
        .support = c->buyer->support,
        .billing_url = billing_url(t, c->subscription->store_id, c->buyer->buyer),
    };
    *ret = mail_draft_make(t, c->buyer->email, lang, mail_invoice_paid(t->arena, lang, &m));
    return OK;
}

static err paid(struct task *t, const struct collection *c)
{
    const struct invoice_pay_row *row;
    struct invoice_list_row after = *c->invoice;
    after.status = STR("paid");
    after.finished_at = t->now;
    after.finished_at_given = true;
    struct mail_draft mail = { .id = STR_NONE };
    struct subscription_find_row again = *c->subscription;
    again.status = subscription_status_name(SUBSCRIPTION_ACTIVE);
    again.status_reason = STR_NONE;
    if (c->buyer->mails_receipts)
        TRY(receipt_write(t, c, &mail));
    const struct invoice_pay_args args = {
        .invoice = after.invoice_id,
        .event = new_event(t),
        .data = invoice_document(t, &after),
        .again_event = new_event(t),
        .again_data = subscription_document(t, &again),
        .mail = mail.id,
        .recipient = mail.recipient,
        .content = mail.content,
    };
    TRY(invoice_pay(t, &args, &row));
    mail_wake(t);
    if (row->applied)
        log_info(t, "invoice.paid", L_STR("invoice", after.invoice_id.v), L_I64("attempt", after.attempt));
    return OK;
}

static err mail_write(struct task *t, const struct collection *c, str decline_code, instant until,
                      struct mail_draft *ret)
{
    enum language lang = speech_to(t, c->buyer->locale);
    struct mail_invoice_failed m = {
        .store_name = c->buyer->store_name,
        .what = c->buyer->price_name,
        .amount = money_in(t, lang, c->invoice->due, c->invoice->currency),
        .why = str_given(decline_code) ? word_of_decline(lang, METHOD_CARD, decline_code) : STR_NONE,
        .pay_url = arena_printf(t->arena, "%.*s/pay/%.*s", STR_ARG(app_of(t)->config.public_url),
                                STR_ARG(session_of(t, c->payment->payment_id))),
        .support = c->buyer->support,
        .billing_url = billing_url(t, c->subscription->store_id, c->buyer->buyer),
    };
    TRY(moment_there(t, lang, until, c->subscription->zone, &m.until));
    *ret = mail_draft_make(t, c->buyer->email, lang, mail_invoice_failed(t->arena, lang, &m));
    return OK;
}

/* What a decline leads to; until: when it is given up. */
struct next_try {
    bool waits;
    instant at, until;
    bool is_unasked; /* nobody was asked for it, so it is no attempt */
};

static err failed(struct task *t, const struct collection *c, str decline_code, const struct next_try *next)
{
    struct invoice_list_row after = *c->invoice;
    struct subscription_find_row behind = *c->subscription;
    const struct invoice_fail_row *row;
    instant often = instant_add(t->now, OFTEN);
    after.attempt += next->is_unasked ? 0 : 1;
    after.waits_for_buyer = next->waits;
    after.retry_at = next->at;
    after.retry_at_given = true;
    behind.status = subscription_status_name(SUBSCRIPTION_PAST_DUE);
    struct mail_draft mail;
    TRY(mail_write(t, c, decline_code, next->until, &mail));
    const struct invoice_fail_args args = {
        .waits = next->waits,
        .retry = next->at,
        .look = instant_before(next->at, often) ? next->at : often,
        .invoice = after.invoice_id,
        .attempt = c->invoice->attempt,
        .is_asked = !next->is_unasked,
        .is_last = c->invoice->attempt >= DUNNING_ATTEMPTS_MAX,
        .card = c->is_of_other_card ? STR_NONE : c->subscription->saved_card_id.v,
        .event = new_event(t),
        .data = invoice_document(t, &after),
        .behind_event = new_event(t),
        .behind_data = subscription_document(t, &behind),
        .mail = mail.id,
        .recipient = mail.recipient,
        .content = mail.content,
    };
    TRY(invoice_fail(t, &args, &row));
    mail_wake(t);
    if (row->applied)
        log_info(t, "invoice.failed", L_STR("invoice", after.invoice_id.v), L_STR("decline_code", decline_code));
    return OK;
}

/*
 * Of the card that it has now a decline of the one before says nothing: that is tried, however late it is, unless as
 * many were as may be.
 */
static err declined(struct task *t, const struct collection *c, str decline_code)
{
    const struct invoice_list_row *i = c->invoice;
    instant first = i->failed_at_given ? i->failed_at : t->now, at;
    const struct zone *zone;
    TRY(zone_load(t, c->subscription->zone, &zone));
    if (c->is_of_other_card && i->attempt < DUNNING_ATTEMPTS_MAX) {
        instant last = dunning_last_retry(zone, first);
        return failed(t, c, decline_code,
                      &(struct next_try){ false, t->now, instant_before(last, t->now) ? t->now : last });
    }
    switch (dunning_judge(decline_class_of(decline_code), i->attempt, zone, first, t->now, &at)) {
    case DUNNING_RETRY:
        return failed(t, c, decline_code, &(struct next_try){ false, at, dunning_last_retry(zone, first) });
    case DUNNING_WAIT_FOR_BUYER:
        return failed(t, c, decline_code, &(struct next_try){ true, at, at });
    case DUNNING_GIVE_UP:
        break;
    }
    return invoice_time_is_over(t, c, true);
}

/* Whether an acquirer in use here takes a card for it; amounts and currencies have rules of their own there. */
static err card_judge(struct task *t, const struct collection *c)
{
    const struct connector *connector;
    TRY(acquirer_usable(t, METHOD_CARD, &connector));
    enum method_verdict verdict = acquirer_method_judge(t, c->payment, METHOD_CARD);
    if (verdict == METHOD_GOOD)
        return OK;
    const char *why = verdict == METHOD_AMOUNT
                          ? connector->amount_wrong(OP_CHARGE, c->payment->currency, c->payment->amount)
                          : method_verdict_text(verdict);
    return FAIL_PARAM(t, METHOD_UNAVAILABLE, STR("invoice"), str_of(why));
}

/*
 * Trying again changes nothing. Who can pay it otherwise is asked to; what nobody can pay is not owed: of a period, and
 * the subscription waits for a person, or of a change within one, such as less than an acquirer moves.
 */
static err unchargeable(struct task *t, const struct collection *c, err why)
{
    struct payment_find_row payment = *c->payment;
    const struct invoice_ending end = invoice_unpayable(c);
    bool is_first = collection_has(c, SUBSCRIPTION_ACTIVE) || collection_has(c, SUBSCRIPTION_TRIALING);
    err otherwise = acquirer_methods_fix(t, &payment);
    if (!otherwise || !is_first)
        return declined(t, c, STR("method_unavailable"));
    TRY(anomaly_tell(t, ANOMALY_INVOICE_UNCHARGEABLE, c->invoice->partner_id.v, c->invoice->invoice_id.v,
                     str_given(why->explain) ? why->explain : why->detail));
    return invoice_give_up(t, c, &end);
}

/* ---- a card that we block ---- */

struct blocked_wait {
    const struct collection *collection;
    instant until;
    bool is_blocked;
};

/* Read where it is written: a block that ends at this moment has not seen what would wait for that. */
static err blocked_in_tx(struct task *t, void *context)
{
    struct blocked_wait *w = context;
    const struct invoice_buyer_row *buyer;
    TRY(invoice_buyer(t, w->collection->subscription->subscription_id, &buyer));
    w->is_blocked = buyer && buyer->is_blocked;
    if (!w->is_blocked)
        return OK;
    return failed(t, w->collection, STR_NONE, &(struct next_try){ true, w->until, w->until, .is_unasked = true });
}

/*
 * Its issuer has said nothing of it, so this is neither an attempt nor a decline: the buyer may pay, and it is charged
 * when the block ends before his days do (invoice_retry.h).
 */
static err blocked(struct task *t, const struct collection *c, bool *ret)
{
    const struct invoice_list_row *i = c->invoice;
    struct blocked_wait wait = { .collection = c };
    *ret = c->buyer->is_blocked;
    if (!*ret)
        return OK;
    wait.until = instant_add(i->failed_at_given ? i->failed_at : t->now, DUNNING_GRACE);
    if (!instant_before(t->now, wait.until))
        return invoice_time_is_over(t, c, false);
    TRY(db_tx(t, blocked_in_tx, &wait));
    *ret = wait.is_blocked;
    mail_wake(t);
    return OK;
}

/* Whether it is not charged now: its issuer has forbidden it, or we do. */
static err withheld(struct task *t, const struct collection *c, bool *ret)
{
    str forbidden;
    TRY(invoice_refusal_find(t, c->invoice, c->subscription->saved_card_id, &forbidden));
    *ret = str_given(forbidden);
    return *ret ? declined(t, c, forbidden) : blocked(t, c, ret);
}

/* ---- one attempt ---- */

/* One from before an upgrade, whose key does not say which card it is of, counts as of the card that it has now. */
static err attempt_charge(struct task *t, const struct charge_order *order, struct answer *ret)
{
    struct charge_order before = *order;
    err e = charge_run(t, order, ret);
    if (!err_is(e, &FAULT_IDEMPOTENCY_MISMATCH))
        return e;
    before.fingerprint = typed_digest("invoice_attempt", order->key);
    return charge_run(t, &before, ret);
}

static bool payment_is(const struct collection *c, enum payment_status status)
{
    return str_eq(c->payment->status, payment_status_name(status));
}

/* is_instead: one that waits for the buyer's bank is given up for it, unless it is this very attempt. */
static err attempt(struct task *t, struct collection *c, bool is_instead)
{
    const saved_card_id card = c->subscription->saved_card_id;
    str key = invoice_attempt_key(t, c->invoice);
    const struct charge_order order = {
        .partner = c->invoice->partner_id,
        .payment = c->payment->payment_id,
        .route = INVOICE_ROUTE,
        .key = key,
        .fingerprint = invoice_attempt_digest(t, key, card),
        .token = card.v,
        .is_instead = is_instead,
    };
    struct answer answer;
    bool is_withheld;
    if (outgoing_is_held(t)) /* it is looked at again when its lease ends */
        return OK;
    err e = card_judge(t, c);
    if (err_is(e, &FAULT_METHOD_UNAVAILABLE) || err_is(e, &FAULT_TEST_ACQUIRER_MISSING))
        return unchargeable(t, c, e);
    TRY(e);
    TRY(withheld(t, c, &is_withheld));
    if (is_withheld)
        return OK;
    e = attempt_charge(t, &order, &answer);
    if (err_is(e, &FAULT_PAYMENT_STATE)) /* the buyer is paying it himself */
        return invoice_look_after(t, c, SOON);
    if (err_is(e, &FAULT_STORE_STATE))
        return invoice_unsellable(t, c);
    c->is_of_other_card = err_is(e, &FAULT_IDEMPOTENCY_MISMATCH);
    if (!c->is_of_other_card) {
        TRY(e);
        c->asked = SPREAD_DONE;
    }
    CRASH_POINT("invoice.after_charge");
    TRY(app_of(t)->env->payment_any(t, c->payment->payment_id, &c->payment));
    if (payment_is(c, PAYMENT_SUCCEEDED))
        return paid(t, c);
    if (payment_is(c, PAYMENT_REQUIRES_ACTION))
        return declined(t, c, STR("authentication_required"));
    bool is_declined = c->is_of_other_card ? payment_is(c, PAYMENT_REQUIRES_PAYMENT_METHOD)
                                           : answer.status == FAULT_CARD_DECLINED.status;
    if (is_declined)
        return declined(t, c, c->payment->decline_code);
    if (!c->is_of_other_card)
        c->asked = SPREAD_UNANSWERED;
    return invoice_look_after(t, c, SOON);
}

/*
 * Is it time for something? Nothing is on its way, or only an attempt that waits for the buyer's bank, and may do so
 * for ever. That may be the one before this look, whose end nobody wrote down, or with a card that was changed since:
 * there is no time to wait for then. Or the buyer tries another card himself: he has an hour more; who pays by bank
 * transfer has some days, also when nothing else is waited for.
 */
static err unpaid(struct task *t, struct collection *c, bool is_at_bank)
{
    const struct invoice_list_row *i = c->invoice;
    bool transfers = is_at_bank && str_eq(c->payment->method, payment_method_name(METHOD_BANK_TRANSFER));
    const struct invoice_ending end = invoice_not_owed(c);
    bool has_patience = is_at_bank && (transfers || !i->waits_for_buyer) && i->retry_at_given;
    instant time = has_patience ? instant_add(i->retry_at, transfers ? TRANSFER_PATIENCE : PATIENCE) : i->retry_at;
    if (collection_has(c, SUBSCRIPTION_CANCELED))
        return invoice_give_up(t, c, &end);
    if (str_given(c->subscription->held_from)) /* by a dispute; its buyer may pay */
        return invoice_look_after(t, c, SELDOM);
    if (collection_has(c, SUBSCRIPTION_UNPAID) && i->waits_for_buyer)
        return invoice_wait_on(t, c);
    if (i->retry_at_given && instant_before(t->now, time)) {
        instant often = instant_add(t->now, OFTEN);
        return invoice_look_at(t, c, instant_before(time, often) ? time : often);
    }
    return i->waits_for_buyer ? invoice_time_is_over(t, c, false) : attempt(t, c, is_at_bank);
}

static err look(struct task *t, struct collection *c)
{
    switch (payment_status_at(c->payment->status, c->payment->expires_at, t->now)) {
    case PAYMENT_SUCCEEDED:
        return paid(t, c);
    case PAYMENT_REQUIRES_PAYMENT_METHOD:
        return unpaid(t, c, false);
    case PAYMENT_REQUIRES_ACTION:
        return unpaid(t, c, true);
    case PAYMENT_CANCELED:
        return invoice_payment_canceled(t, c);
    case PAYMENT_EXPIRED:
        return invoice_payment_expired(t, c);
    case PAYMENT_PROCESSING:
    case PAYMENT_REQUIRES_CAPTURE:
    case PAYMENT_STATUS_COUNT:
        break;
    }
    return invoice_look_after(t, c, SOON);
}

/* The store's rules ask for more than it is. A person may change them; else nobody owes it. */
static err unsplittable(struct task *t, const struct collection *c, err why)
{
    const struct invoice_ending end = invoice_unsplittable(c);
    if (!instant_before(t->now, instant_add(c->invoice->created_at, DUNNING_GRACE)))
        return invoice_end(t, c, &end);
    TRY(anomaly_tell(t, ANOMALY_INVOICE_UNSPLITTABLE, c->invoice->partner_id.v, c->invoice->invoice_id.v,
                     str_given(why->explain) ? why->explain : why->detail));
    return invoice_look_after(t, c, PATIENCE);
}

static err collect(struct task *t, invoice_id id, struct collection *c)
{
    bool is_ours = true;
    TRY(invoice_collection(t, id, c));
    if (!c->invoice || !str_eq(c->invoice->status, STR("open")))
        return OK;
    const struct invoice_ending unneeded = invoice_not_owed(c);
    if (!c->payment && collection_has(c, SUBSCRIPTION_CANCELED))
        return invoice_end(t, c, &unneeded);
    if (!c->payment) {
        err e = invoice_payment_open(t, c);
        if (err_is(e, &FAULT_INVALID_PARAMETER))
            return unsplittable(t, c, e);
        if (err_is(e, &FAULT_STORE_STATE))
            return invoice_unsellable(t, c);
        TRY(e);
        TRY(app_of(t)->env->payment_any(t, (payment_id){ c->invoice->payment_id }, &c->payment));
        TRY(invoice_hold(t, c, &is_ours));
    }
    if (!is_ours)
        return OK;
    return c->payment ? look(t, c) : FAIL(t, UNAVAILABLE, "the payment of an invoice was not made");
}

static err due_claim(struct task *t, int64_t most, str **ids, size_t *n)
{
    const struct invoices_due_row *rows;
    instant later = instant_add(t->now, SUBSCRIPTIONS_PUT_OFF), lease = instant_add(t->now, LEASE);
    TRY(invoices_due(t, most, later, lease, &rows, n));
    *ids = arena_array(t->arena, str, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*ids)[i] = rows[i].waits ? STR_NONE : rows[i].invoice_id.v;
    return OK;
}

static enum spread_outcome due_collect(struct task *t, str id)
{
    struct collection c = { 0 };
    err e = collect(t, (invoice_id){ id }, &c);
    if (e)
        log_failure(t, e);
    return e && err_is(e, &FAULT_UNAVAILABLE) ? SPREAD_UNANSWERED : c.asked;
}

err invoices_collect(struct task *t, size_t *n_looked)
{
    const struct spread_work work = { CREW_BILLING, app_of(t)->collections, due_claim, due_collect };
    TRY(spread(t, &work, n_looked));
    if (clock_is_live(t) && app_of(t)->service.crews[CREW_BILLING]) /* else it is nobody's pace */
        pay_metrics_invoices_at_once(app_of(t)->collections->at_once);
    return OK;
}

err invoice_look_soon(struct task *t, payment_id payment)
{
    int64_t hastened;
    TRY(invoice_of_payment_hasten(t, payment, &hastened));
    if (hastened > 0)
        clock_wake(t, "subscriptions.run");
    return OK;
}
