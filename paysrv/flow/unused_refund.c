/* See unused_refund.h. */
#include "paysrv/flow/unused_refund.h"

#include "paysrv/app.h"
#include "paysrv/domain/proration.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/refund.h"
#include "paysrv/flow/upcoming.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"

#define ROUTE STR("unused_refund")
#define LEASE MINUTES(5)
#define AGAIN HOURS(1)
#define PATIENCE DAYS(7) /* with a seller's balance that does not hold it */

static err unused_of(struct task *t, const struct subscription_find_row *s, int64_t *ret)
{
    struct recurrence r;
    int64_t price_minor;
    TRY(subscription_recurrence(t, s, &r));
    TRY(subscription_amount(t, s->price_amount, s->quantity, &price_minor));
    const struct period whole = recurrence_period(&r, s->period_n);
    *ret = s->balance + proration_of(price_minor, 0, &whole, s->canceled_at).credit_minor;
    return OK;
}

/* How much of which payment follows from the invoices alone, so that it is the same however often it is done. */
static err refund_one(struct task *t, const struct invoices_of_period_row *invoice, int64_t amount_minor)
{
    const struct app *app = t->app;
    const struct payment_find_row *p;
    struct answer answer;
    TRY(app->env->payment_any(t, invoice->payment_id, &p));
    if (!p)
        return FAIL(t, INTERNAL, "a paid invoice without its payment");
    const struct refund_order order = {
        .payment = p,
        .route = ROUTE,
        .key = invoice->invoice_id.v,
        .fingerprint = typed_digest("unused_refund", invoice->invoice_id.v),
        .wanted_minor = amount_minor,
        .reason = STR("unused"),
        .by = STR("system"),
        .initiator = ROUTE,
        .is_late_too = true,
    };
    return refund_run(t, &order, &answer);
}

static err refund(struct task *t, const struct subscription_find_row *s)
{
    const struct invoices_of_period_row *rows;
    int64_t left;
    size_t n;
    TRY(unused_of(t, s, &left));
    TRY(invoices_of_period(t, s->subscription_id, s->period_n, &rows, &n));
    for (size_t i = n; i > 0 && left > 0; i--) {
        int64_t amount = left < rows[i - 1].due ? left : rows[i - 1].due;
        TRY(refund_one(t, &rows[i - 1], amount));
        left -= amount;
    }
    return OK;
}

static err look(struct task *t, subscription_id id)
{
    const struct subscription_find_row *s;
    int64_t affected;
    TRY(subscription_any(t, id, &s));
    if (!s || !s->canceled_at_given)
        return subscription_refund_later(t, NULL, id, &affected);
    err e = refund(t, s);
    if (!e)
        return subscription_refund_later(t, NULL, id, &affected);
    instant again = instant_add(t->now, AGAIN);
    bool is_over = instant_before(instant_add(s->canceled_at, PATIENCE), again);
    str why = str_given(e->explain) ? e->explain : e->detail;
    log_failure(t, e);
    if (is_over)
        TRY(((const struct app *)t->app)
                ->env->anomaly_report(t, s->partner_id.v, STR("unused_not_refunded"), id.v, why, &affected));
    return subscription_refund_later(t, is_over ? NULL : &again, id, &affected);
}

err unused_refunds_run(struct task *t)
{
    const struct subscription_refunds_due_row *rows;
    size_t n;
    TRY(subscription_refunds_due(t, instant_add(t->now, LEASE), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = look(t, rows[i].subscription_id);
        if (e)
            log_failure(t, e); /* one subscription must not keep the others waiting */
    }
    return OK;
}
