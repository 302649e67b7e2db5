/* See reserve.h. */
#include "paysrv/flow/ledger/reserve.h"

#include "paysrv/app.h"
#include "paysrv/domain/ledger/reserve.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/walk.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/reserve.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/json_out.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 8192

SHAPE(reserve, "Reserve",
      "id: string, object: 'reserve', user: string, amount: integer, held: integer, currency: string, reason: string, "
      "ends_at: time | null, created_at: time, released_at?: time")

static str document(struct task *t, const struct reserve_find_row *r)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "id", r->reserve_id);
    json_str(&j, "object", STR("reserve"));
    json_str(&j, "user", r->user_id.v);
    json_i64(&j, "amount", r->amount);
    json_i64(&j, "held", r->held);
    json_str(&j, "currency", r->currency);
    json_str(&j, "reason", r->reason);
    if (r->ends_at_given)
        json_time(&j, "ends_at", r->ends_at);
    else
        json_null(&j, "ends_at");
    json_time(&j, "created_at", r->created_at);
    if (r->released_at_given)
        json_time(&j, "released_at", r->released_at);
    json_end(&j);
    return buf_str(&out);
}

/* In the transaction that changed it. */
static err tell(struct task *t, str reserve, const char *type)
{
    const struct app *app = t->app;
    const struct reserve_find_row *r;
    int64_t told;
    TRY(reserve_find(t, reserve, &r));
    if (!r)
        return OK;
    const event_id id = { app->env->new_id(t->arena, "evt_") };
    TRY(event_insert(t, id, r->partner_id, str_of(type), reserve, document(t, r), &told));
    log_info(t, "reserve.changed", L_STR("reserve", reserve), L_STR("event", str_of(type)), L_I64("held", r->held));
    return OK;
}

struct setting {
    const struct reserve_order *order;
    bool done;
};

static err set_in_tx(struct task *t, void *context)
{
    struct setting *s = context;
    const struct app *app = t->app;
    const struct reserve_order *o = s->order;
    const struct reserve_make_row *made;
    const struct reserve_make_args args = {
        .partner = o->partner,
        .user = o->user,
        .currency = o->currency,
        .by = o->by,
        .reserve = app->env->new_id(t->arena, "rsv_"),
        .amount = o->amount_minor,
        .ends = o->ends,
        .reason = o->reason,
    };
    TRY(reserve_make(t, &args, &made));
    s->done = made != NULL;
    if (made && str_given(made->ended))
        TRY(tell(t, made->ended, "reserve.released"));
    return made && str_given(made->reserve_id) ? tell(t, made->reserve_id, "reserve.set") : OK;
}

err reserve_set(struct task *t, const struct reserve_order *order, bool *done)
{
    struct setting s = { .order = order };
    TRY(db_tx(t, set_in_tx, &s));
    *done = s.done;
    return OK;
}

/* ---- the job ---- */

struct move {
    const struct reserves_due_row *due;
    int64_t next;
};

static err move_in_tx(struct task *t, void *context)
{
    const struct move *m = context;
    const struct reserve_move_row *row;
    TRY(reserve_move(t, m->due->reserve_id, m->due->held, m->next, &row));
    if (!row->moved)
        return OK; /* the next round sees what there is then */
    if (m->next < m->due->held)
        return tell(t, m->due->reserve_id, "reserve.used");
    return m->next == m->due->amount ? tell(t, m->due->reserve_id, "reserve.filled") : OK;
}

static err end_in_tx(struct task *t, void *context)
{
    const struct reserves_end_row *rows;
    size_t n;
    (void)context;
    TRY(reserves_end(t, &rows, &n));
    for (size_t i = 0; i < n; i++)
        TRY(tell(t, rows[i].reserve_id, "reserve.released"));
    return OK;
}

static err some_move(struct task *t, void *context)
{
    const struct reserves_due_row *rows;
    struct walk *w = context;
    TRY(reserves_due(t, w->name, w->step_most, &rows, &w->n));
    for (size_t i = 0; i < w->n; i++) {
        struct move m = { &rows[i], reserve_next(rows[i].amount, rows[i].held, rows[i].free) };
        CRASH_POINT("reserve.before_move");
        walk_note(t, w, db_tx(t, move_in_tx, &m));
    }
    if (w->n > 0)
        walk_behind(w, t->now, rows[w->n - 1].reserve_id);
    return OK;
}

err reserves_run(struct task *t)
{
    struct walk w = walk_begin(t, WALK_STEP, WALK_LIMIT);
    err first = walk_run(t, &w, some_move);
    return failure_first(t, first, db_tx(t, end_in_tx, NULL));
}
