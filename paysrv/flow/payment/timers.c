/* See timers.h. */
#include "paysrv/flow/payment/timers.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/flow/answer.h"
#include "paysrv/flow/payment/cancel.h"
#include "paysrv/flow/transfer/transfer.h"
#include "paysrv/store/attempt.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define LEASE SECONDS(30)
#define RUN_MAX 1000 /* payments in one run */
#define ASIDE_MAX_BYTES ((size_t)64 << 20)
#define WIND_ROWS 5000
#define WIND_ROUNDS 20

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

static err action_look(struct task *t, const struct payment_find_row *p)
{
    int64_t affected;
    if (payment_method_of(p->method) == METHOD_BANK_TRANSFER)
        return transfer_expired(t, p);
    return app_of(t)->env->attempt_abandon(t, p->payment_id, p->partner_id, p->charge_id, &affected);
}

static err expire(struct task *t, const struct payment_find_row *p)
{
    event_id event = { app_of(t)->env->new_id(t->arena, "evt_") };
    int64_t told;
    CRASH_POINT("payment.before_expiry");
    TRY(payment_expire(t, p->payment_id, event, payment_document(t, p, PAYMENT_EXPIRED), &told));
    CRASH_POINT("payment.after_expiry");
    if (told)
        log_info(t, "payment.expired", L_STR("payment", p->payment_id.v));
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
    switch (status) {
    case PAYMENT_REQUIRES_CAPTURE:
        return authorization_look(t, p);
    case PAYMENT_REQUIRES_ACTION:
        return instant_before(t->now, p->expires_at) ? OK : action_look(t, p);
    case PAYMENT_REQUIRES_PAYMENT_METHOD:
        return instant_before(t->now, p->expires_at) ? OK : expire(t, p);
    case PAYMENT_PROCESSING: /* until its attempt has an outcome */
    case PAYMENT_STATUS_COUNT:
        return OK;
    case PAYMENT_SUCCEEDED:
    case PAYMENT_CANCELED:
    case PAYMENT_EXPIRED:
        break;
    }
    return payment_timer_clear(t, p->payment_id, &affected);
}

static err few_look(struct task *t, void *looked)
{
    const struct payments_timed_row *rows;
    size_t n;
    if (app_of(t)->service.is_stopping)
        return OK; /* as if none were due */
    TRY(payments_timed(t, instant_add(t->now, LEASE), &rows, &n));
    *(size_t *)looked = n;
    for (size_t i = 0; i < n && !app_of(t)->service.is_stopping; i++) {
        err e = look(t, &rows[i]);
        if (e)
            log_failure(t, e); /* one payment must not keep the others waiting */
    }
    return OK;
}

/* A payment whose attempt is given up at its end is among the next few. */
err payment_timers_run(struct task *t)
{
    return task_aside_all(t, ASIDE_MAX_BYTES, RUN_MAX, few_look);
}

err payment_timers_wind(struct task *t)
{
    const str until = random_id_least(t->arena, "pay_", (instant){ task_wall(t).us - PAYMENT_LIFE.us });
    const struct payments_wind_row *walk;
    for (int round = 0; round < WIND_ROUNDS; round++) {
        TRY(payments_wind(t, until, WIND_ROWS, &walk));
        if (walk->looked < WIND_ROWS)
            break;
    }
    return OK;
}
