/* See event_life.h. */
#include "paysrv/flow/message/event_life.h"

#include "paysrv/app.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/webhook.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"

#define PURGE_ROWS 2000 /* in one statement */
#define PURGE_ROUNDS 50 /* a minute: more than come in an hour's mean */
#define LEAVINGS_REST MINUTES(15)
#define ENDPOINT_SEEN MINUTES(10) /* after it is gone: no statement goes on as long that has seen it still */

static instant kept_since(struct task *t)
{
    const struct app *app = t->app;
    return (instant){ task_wall(t).us - app->config.event_life.us };
}

str event_oldest_kept(struct task *t)
{
    return random_id_least(t->arena, "evt_", kept_since(t));
}

/* What was delivered to endpoints that are gone. */
static err leavings_sweep(struct task *t)
{
    const instant again = instant_add(task_wall(t), LEAVINGS_REST);
    const instant before = { task_wall(t).us - ENDPOINT_SEEN.us };
    const struct webhook_leavings_purge_row *row;
    for (int i = 0; i < PURGE_ROUNDS; i++) {
        TRY(webhook_leavings_purge(t, PURGE_ROWS, before, again, &row));
        if (!row)
            break;
    }
    return OK;
}

static err old_sweep(struct task *t)
{
    const str bound = event_oldest_kept(t);
    const struct events_purge_row *row;
    for (int i = 0; i < PURGE_ROUNDS; i++) {
        TRY(events_purge(t, bound, PURGE_ROWS, kept_since(t), &row));
        if (row->seen < PURGE_ROWS)
            break;
    }
    return OK;
}

err events_sweep(struct task *t)
{
    err first = old_sweep(t);
    return failure_first(t, first, leavings_sweep(t));
}
