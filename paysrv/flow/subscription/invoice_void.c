/* See invoice_void.h. */
#include "paysrv/flow/subscription/invoice_void.h"

#include "paysrv/domain/payment/payment.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/subscription/invoice_end.h"
#include "paysrv/store/invoice.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"

static err refused(struct task *t, str why)
{
    return FAIL_PARAM(t, INVOICE_STATE, STR("invoice"), why);
}

/* An attempt may succeed yet, and is not taken back: there is an answer in a moment. */
static err being_paid(struct task *t)
{
    struct failure *f = FAIL_PARAM(t, INVOICE_STATE, STR("invoice"), STR("is being paid"));
    f->retry_after_s = 1;
    return f;
}

/* One that waits for the buyer's bank is given up; should it succeed nevertheless, it is reversed as any is. */
static err payment_end(struct task *t, const struct collection *c, const struct invoice_ending *end)
{
    bool done;
    if (!c->payment)
        return OK;
    switch (payment_status_at(c->payment->status, c->payment->expires_at, t->now)) {
    case PAYMENT_REQUIRES_PAYMENT_METHOD:
    case PAYMENT_REQUIRES_ACTION:
        TRY(invoice_payment_cancel(t, c, end, &done));
        return done ? OK : being_paid(t);
    case PAYMENT_PROCESSING:
        return being_paid(t);
    case PAYMENT_SUCCEEDED:
    case PAYMENT_REQUIRES_CAPTURE:
        return refused(t, STR("is paid"));
    case PAYMENT_CANCELED:
    case PAYMENT_EXPIRED:
    case PAYMENT_STATUS_COUNT:
        break;
    }
    return OK;
}

/*
 * All of it is read in the transaction that writes: an attempt, or the job that makes its payment, comes before it or
 * finds it void.
 */
static err void_in_tx(struct task *t, void *context)
{
    const invoice_id *id = context;
    struct collection c;
    TRY(invoice_collection(t, *id, &c));
    if (!c.invoice)
        return FAIL(t, NOT_FOUND, "no such invoice");
    if (str_eq(c.invoice->status, STR("void"))) /* what was wanted is so */
        return OK;
    if (!str_eq(c.invoice->status, STR("open")))
        return refused(t, arena_printf(t->arena, "is %.*s", STR_ARG(c.invoice->status)));
    const struct invoice_ending end = invoice_forgiven();
    TRY(payment_end(t, &c, &end));
    return invoice_end(t, &c, &end);
}

err invoice_void(struct task *t, invoice_id id)
{
    TRY(db_tx(t, void_in_tx, &id));
    clock_wake(t, "subscriptions.run"); /* the next period may have begun meanwhile */
    return OK;
}

static err void_effect(struct task *t, void *context, struct answer *ret)
{
    const invoice_id *id = context;
    const struct invoice_list_row *after;
    TRY(void_in_tx(t, context));
    TRY(invoice_any(t, *id, &after));
    if (!after)
        return FAIL(t, INTERNAL, "an invoice vanished");
    *ret = (struct answer){ .status = 200, .body = invoice_document(t, after) };
    return OK;
}

err invoice_void_once(struct task *t, partner_id partner, invoice_id id, const struct once *once, struct answer *ret)
{
    str op = random_id(t->arena, "ivd_"); /* one may be asked for under many keys, and each has its own */
    TRY(once_run(t, partner, once, op, void_effect, &id, ret));
    clock_wake(t, "subscriptions.run");
    return OK;
}
