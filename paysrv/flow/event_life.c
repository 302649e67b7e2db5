/* See event_life.h. */
#include "paysrv/flow/event_life.h"

#include "paysrv/app.h"
#include "paysrv/store/event.sql.h"
#include "shared/crypto/crypto.h"

#define PURGE_ROWS 2000 /* in one statement */
#define PURGE_ROUNDS 50 /* a minute: more than come in an hour's mean */

static instant kept_since(struct task *t)
{
    const struct app *app = t->app;
    return (instant){ task_wall(t).us - app->config.event_life.us };
}

str event_oldest_kept(struct task *t)
{
    return random_id_least(t->arena, "evt_", kept_since(t));
}

err events_sweep(struct task *t)
{
    const str bound = event_oldest_kept(t);
    const struct events_purge_row *row;
    str after = STR("");
    for (int i = 0; i < PURGE_ROUNDS; i++) {
        TRY(events_purge(t, after, bound, kept_since(t), PURGE_ROWS, &row));
        if (row->gone < PURGE_ROWS)
            break;
        after = row->last_event;
    }
    return OK;
}
