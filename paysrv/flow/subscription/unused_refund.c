/* See unused_refund.h. */
#include "paysrv/flow/subscription/unused_refund.h"

#include "paysrv/app.h"
#include "paysrv/domain/subscription/proration.h"
#include "paysrv/faults.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/outgoing.h"
#include "paysrv/flow/payment/acquirer_round.h"
#include "paysrv/flow/payment/refund.h"
#include "paysrv/flow/subscription/invoice.h"
#include "paysrv/flow/subscription/upcoming.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"

#define ROUTE STR("unused_refund")
#define LEASE MINUTES(5)
#define SOON MINUTES(1) /* while an invoice is open, or a refund on its way */
#define AGAIN HOURS(1)
#define SELDOM DAYS(1)   /* while a bank decides */
#define PATIENCE DAYS(7) /* with a seller's balance that does not hold it */

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* The rest of what the period was paid for, and what is kept; in steps that the acquirer moves. */
static err unused_of(struct task *t, const struct subscription_find_row *s, instant at, int64_t *ret)
{
    const struct subscription_paid_price_row *paid;
    struct recurrence r;
    TRY(subscription_recurrence(t, s, &r));
    TRY(subscription_paid_price(t, s->subscription_id, &paid));
    const struct period whole = recurrence_period(&r, s->period_n);
    *ret = s->balance + proration_between(paid->amount, &whole, at, s->period_end);
    if (*ret > 0)
        *ret -= *ret % invoice_grain(t, s->currency).step_minor; /* less than that is not given back */
    return OK;
}

struct part {
    const struct invoices_paid_row *invoice;
    const struct payment_find_row *payment;
    int64_t amount_minor, left_minor; /* left_minor: what refunds and disputes have left of the payment */
};

/*
 * How much of which payment follows from the invoices alone, so that it is the same however often it is done. What
 * somebody has given back of it by hand is a part of that, and not given back twice.
 */
static err parts_of(struct task *t, const struct subscription_find_row *s, instant at, struct part **ret, size_t *n)
{
    const struct invoices_paid_row *rows;
    int64_t left;
    size_t n_rows;
    TRY(unused_of(t, s, at, &left));
    TRY(invoices_paid(t, s->subscription_id, &rows, &n_rows));
    *ret = arena_array(t->arena, struct part, n_rows + 1);
    for (*n = 0; *n < n_rows && left > 0; (*n)++) {
        struct part *p = &(*ret)[*n];
        *p = (struct part){ .invoice = &rows[*n], .amount_minor = left < rows[*n].due ? left : rows[*n].due };
        left -= p->amount_minor;
        p->amount_minor -= p->amount_minor < rows[*n].by_hand ? p->amount_minor : rows[*n].by_hand;
        TRY(app_of(t)->env->payment_any(t, p->invoice->payment_id, &p->payment));
        if (!p->payment)
            return FAIL(t, INTERNAL, "a paid invoice without its payment");
        p->left_minor = p->payment->amount - p->payment->refunded - p->payment->disputed;
    }
    return OK;
}

err unused_refund_preview(struct task *t, const struct subscription_find_row *s, instant at, int64_t *ret)
{
    struct part *parts;
    size_t n;
    TRY(parts_of(t, s, at, &parts, &n));
    *ret = 0;
    for (size_t i = 0; i < n; i++)
        if (parts[i].left_minor > 0)
            *ret += parts[i].amount_minor < parts[i].left_minor ? parts[i].amount_minor : parts[i].left_minor;
    return OK;
}

static err refused(struct task *t, const struct subscription_find_row *s, str why)
{
    return anomaly_tell(t, ANOMALY_UNUSED_NOT_REFUNDED, s->partner_id.v, s->subscription_id.v, why);
}

struct giving_back {
    bool waits;    /* something is on its way */
    bool disputed; /* what a chargeback took may come back, and is the buyer's then */
    bool refused;  /* a person has to give something of it back */
    instant since; /* it can be tried: the end, or what a bank decided last */
};

static err declined(struct task *t, const struct subscription_find_row *s, struct giving_back *ret)
{
    ret->refused = true;
    return refused(t, s, STR("the acquirer declines the refund"));
}

static err ask(struct task *t, const struct subscription_find_row *s, const struct part *part, struct giving_back *ret)
{
    struct answer answer;
    const bool is_less = part->left_minor > 0 && part->left_minor < part->amount_minor;
    const struct refund_order order = {
        .payment = part->payment,
        .route = ROUTE,
        .key = part->invoice->invoice_id.v,
        .fingerprint = typed_digest("unused_refund", part->invoice->invoice_id.v),
        .wanted_minor = is_less ? part->left_minor : part->amount_minor,
        .reason = STR("unused"),
        .by = STR("system"),
        .initiator = ROUTE,
        .is_late_too = true,
    };
    err e = refund_run(t, &order, &answer);
    if (err_is(e, &FAULT_REFUND_TOO_LARGE)) /* nothing is left of it */
        return OK;
    TRY(e);
    ret->waits = ret->waits || answer.status == 202;
    return answer.status == FAULT_REFUND_DECLINED.status ? declined(t, s, ret) : OK;
}

/*
 * Each part is asked for once, ever. Another part may wait for a bank for longer than a key is known, so what the
 * refund's own row says comes before the key, which tells apart only those who ask at one moment.
 */
static err refund_one(struct task *t, const struct subscription_find_row *s, const struct part *part,
                      struct giving_back *ret)
{
    const str asked = part->invoice->asked;
    if (str_eq(asked, STR("succeeded")))
        return OK;
    if (str_eq(asked, STR("failed")))
        return declined(t, s, ret);
    if (str_given(asked))
        ret->waits = true;
    else if (part->invoice->is_disputed && part->left_minor < part->amount_minor)
        ret->disputed = true;
    else
        return ask(t, s, part, ret);
    return OK;
}

static err refund(struct task *t, const struct subscription_find_row *s, struct giving_back *ret)
{
    struct part *parts;
    size_t n;
    TRY(parts_of(t, s, s->canceled_at, &parts, &n));
    for (size_t i = 0; i < n; i++)
        if (parts[i].invoice->decided_at_given && instant_before(ret->since, parts[i].invoice->decided_at))
            ret->since = parts[i].invoice->decided_at;
    for (size_t i = 0; i < n; i++)
        if (parts[i].amount_minor > 0)
            TRY(refund_one(t, s, &parts[i], ret));
    return OK;
}

/* What comes of one look. */
struct look_end {
    const instant *again; /* when it is looked at next; absent: it is done, or given up */
    bool is_given_back;
};

static err look(struct task *t, const struct subscription_find_row *s, struct look_end *ret)
{
    instant *then = arena_new(t->arena, instant);
    /* an open invoice may still be paid, or gives back what it took of the balance */
    struct giving_back came = { .waits = s->has_open_invoice, .since = s->canceled_at };
    err e = came.waits ? OK : refund(t, s, &came);
    *then = instant_add(t->now, e ? AGAIN : came.waits ? SOON : SELDOM);
    if (e || came.waits || came.disputed)
        ret->again = then;
    ret->is_given_back = !ret->again && !came.refused;
    if (!e)
        return OK;
    log_failure(t, e);
    if (instant_before(*then, instant_add(came.since, PATIENCE)))
        return OK;
    ret->again = NULL;
    return refused(t, s, str_given(e->explain) ? e->explain : e->detail);
}

static err look_at(struct task *t, subscription_id id, struct look_end *ret)
{
    const struct subscription_find_row *s;
    int64_t affected;
    TRY(subscription_any(t, id, &s));
    if (s && s->canceled_at_given)
        TRY(look(t, s, ret));
    return subscription_refund_later(t, ret->again, ret->is_given_back, id, &affected);
}

static err first_due_look(struct task *t, void *found)
{
    const struct subscription_refund_due_row *due;
    struct look_end came = { NULL };
    TRY(subscription_refund_due(t, instant_add(t->now, LEASE), &due));
    *(bool *)found = due != NULL;
    err e = due ? look_at(t, due->subscription_id, &came) : OK;
    if (e)
        log_failure(t, e); /* one subscription must not keep the others waiting */
    return OK;
}

/* Taken one by one, so that none is kept from others by a round that ends before it. */
err unused_refunds_run(struct task *t)
{
    return outgoing_is_held(t) ? OK : acquirer_round_run(t, first_due_look);
}
