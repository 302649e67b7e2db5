/* See timers.h. */
#include "paysrv/flow/timers.h"

#include "paysrv/app.h"
#include "paysrv/flow/answer.h"
#include "paysrv/flow/cancel.h"
#include "paysrv/flow/saved_card.h"
#include "paysrv/flow/transfer.h"
#include "paysrv/store/attempt.sql.h"
#include "shared/ops/log.h"

#define LEASE SECONDS(30)

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static err warn(struct task *t, const struct payment_find_row *p)
{
    event_id event = { app_of(t)->env->new_id(t->arena, "evt_") };
    str data = payment_document(t, p, PAYMENT_REQUIRES_CAPTURE);
    int64_t told;
    return authorization_warn(t, p->payment_id, event, data, &told);
}

static err authorization_look(struct task *t, const struct payment_find_row *p)
{
    bool begun;
    if (instant_before(t->now, p->authorized_until))
        return warn(t, p);
    TRY(void_plan(t, p, CANCEL_EXPIRED, &begun));
    if (begun)
        log_info(t, "authorization.expired", L_STR("payment", p->payment_id.v));
    return OK;
}

static err look(struct task *t, const struct payments_timed_row *row)
{
    const struct payment_find_row *p;
    enum payment_status status;
    int64_t affected;
    TRY(app_of(t)->env->payment_any(t, row->payment_id, &p));
    if (!p || !payment_status_parse(p->status, &status))
        return OK;
    if (status == PAYMENT_REQUIRES_CAPTURE)
        return authorization_look(t, p);
    if (status != PAYMENT_REQUIRES_ACTION)
        return payment_timer_clear(t, p->payment_id, &affected);
    if (instant_before(t->now, p->expires_at))
        return OK;
    if (payment_method_of(p->method) == METHOD_BANK_TRANSFER)
        return transfer_expired(t, p);
    return app_of(t)->env->attempt_abandon(t, p->payment_id, p->partner_id, p->charge_id, &affected);
}

err payment_timers_run(struct task *t)
{
    const struct payments_timed_row *rows;
    size_t n;
    TRY(payments_timed(t, instant_add(t->now, LEASE), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = look(t, &rows[i]);
        if (e)
            log_failure(t, e); /* one payment must not keep the others waiting */
    }
    return saved_cards_settle(t);
}
