/* See invoice_retry.h. */
#include "paysrv/flow/subscription/invoice_retry.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/domain/subscription/subscription.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/subscription/invoice.h"
#include "paysrv/flow/subscription/invoice_attempt.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"

static err refused(struct task *t, str why)
{
    return FAIL_PARAM(t, INVOICE_STATE, STR("invoice"), why);
}

static err declined_for_good(struct task *t, str decline_code)
{
    return refused(t, arena_printf(t->arena, "was declined with %.*s: only the buyer, or another card, can pay it",
                                   STR_ARG(decline_code)));
}

/* Of a card that the buyer tried on its page it says nothing of the one that is kept. Another that is kept is tried by
 * itself when it comes. */
static err last_decline_judge(struct task *t, const struct payment_find_row *p)
{
    const struct invoice_charged_by_itself_row *charged;
    if (!str_given(p->decline_code) || decline_class_of(p->decline_code) == DECLINE_SOFT)
        return OK;
    TRY(invoice_charged_by_itself(t, (charge_id){ p->charge_id }, &charged));
    return charged->is_so ? declined_for_good(t, p->decline_code) : OK;
}

static err payment_judge(struct task *t, const struct invoice_list_row *i)
{
    const struct payment_find_row *p;
    TRY(((const struct app *)t->app)->env->payment_any(t, (payment_id){ i->payment_id }, &p));
    if (!p)
        return OK;
    enum payment_status status = payment_status_at(p->status, p->expires_at, t->now);
    if (status == PAYMENT_REQUIRES_ACTION || status == PAYMENT_PROCESSING || status == PAYMENT_SUCCEEDED)
        return refused(t, STR("is being paid"));
    return last_decline_judge(t, p);
}

/* Its payment knows the last decline alone, which may be of the card of before, or have been of a payment of before. */
static err card_judge(struct task *t, const struct invoice_list_row *i)
{
    const struct subscription_find_row *s;
    const struct saved_card_find_row *card;
    str decline_code;
    TRY(subscription_any(t, i->subscription_id, &s));
    if (!s)
        return FAIL(t, INTERNAL, "an invoice without its subscription");
    TRY(saved_card_any(t, s->saved_card_id, &card));
    if (card && str_eq(card->state, STR("blocked")))
        return refused(t, STR("its card is blocked until a dispute is decided: only the buyer, or another card, can "
                              "pay it"));
    TRY(invoice_refusal_find(t, i, s->saved_card_id, &decline_code));
    return str_given(decline_code) ? declined_for_good(t, decline_code) : OK;
}

err invoice_retry_now(struct task *t, const struct invoice_list_row *i)
{
    const struct invoice_retry_row *row;
    if (!str_eq(i->status, STR("open")))
        return refused(t, arena_printf(t->arena, "is %.*s", STR_ARG(i->status)));
    if (i->attempt > DUNNING_ATTEMPTS_MAX)
        return refused(t, STR("was declined as often as card schemes allow: only the buyer can pay it"));
    TRY(payment_judge(t, i));
    TRY(card_judge(t, i));
    TRY(invoice_retry(t, i->subscription_id, i->invoice_id, i->attempt, &row));
    if (!row->applied)
        return refused(t, STR("has changed meanwhile"));
    log_info(t, "invoice.retry_wanted", L_STR("invoice", i->invoice_id.v), L_I64("attempt", i->attempt));
    clock_wake(t, "subscriptions.run");
    return OK;
}

err invoices_unblocked(struct task *t, saved_card_id card)
{
    const struct invoice_list_row *rows;
    size_t n;
    TRY(invoices_of_card_waiting(t, card, &rows, &n));
    for (size_t k = 0; k < n; k++) {
        err e = invoice_retry_now(t, &rows[k]);
        if (!err_is(e, &FAULT_INVOICE_STATE)) /* it waits for something else */
            TRY(e);
    }
    return OK;
}

static err retry_effect(struct task *t, void *context, struct answer *ret)
{
    struct invoice_list_row after = *(const struct invoice_list_row *)context;
    const bool is_paid = str_eq(after.status, STR("paid")); /* what was wanted is so */
    if (!is_paid) {
        TRY(invoice_retry_now(t, &after));
        after.retry_at_given = false;
        after.waits_for_buyer = false;
    }
    *ret = (struct answer){ .status = 200, .body = invoice_document(t, &after) };
    return OK;
}

err invoice_retry_once(struct task *t, const struct invoice_list_row *i, const struct once *once, struct answer *ret)
{
    struct invoice_list_row wanted = *i;
    str op = random_id(t->arena, "rtr_"); /* one is tried again under many keys, and each has its own */
    TRY(once_run(t, i->partner_id, once, op, retry_effect, &wanted, ret));
    clock_wake(t, "subscriptions.run"); /* what was woken inside of the transaction has seen nothing yet */
    return OK;
}
