/* See negative.h. */
#include "paysrv/flow/ledger/negative.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/negative.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/json_out.h"
#include "shared/text/money_text.h"
#include "shared/text/shape.h"

#define PER_ROUND 50
#define DOCUMENT_MAX_BYTES 8192
#define RECOVERED_AT_ONCE 100
#define ASIDE_MAX_BYTES ((size_t)16 << 20)

SHAPE(balance_relief, "BalanceRelief",
      "id: string, object: 'balance_relief', kind: 'cover' | 'write_off' | 'recovery', user: string | null, amount: "
      "integer, currency: string, borne_by: string, reason: string, created_at: time")

static str document(struct task *t, const struct relief *r, const char *kind, str id)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "id", id);
    json_str(&j, "object", STR("balance_relief"));
    json_str(&j, "kind", str_of(kind));
    json_str_or_null(&j, "user", r->user.v.n ? r->user.v : STR_NONE);
    json_i64(&j, "amount", r->amount_minor);
    json_str(&j, "currency", r->currency);
    json_str(&j, "borne_by", r->borne_by);
    json_str(&j, "reason", r->reason);
    json_time(&j, "created_at", t->now);
    json_end(&j);
    return buf_str(&out);
}

err balance_relief_make(struct task *t, const struct relief *r, bool *done)
{
    const struct app *app = t->app;
    str id = app->env->new_id(t->arena, "brl_");
    const char *kind = r->is_write_off ? "write_off" : "cover";
    const struct balance_relieve_args args = {
        .borne_by = r->borne_by,
        .partner = r->partner,
        .user = r->user,
        .currency = r->currency,
        .amount = r->amount_minor,
        .owed = r->owed_minor,
        .kind = str_of(kind),
        .relief = id,
        .reason = r->reason,
        .by = r->by,
        .event = { app->env->new_id(t->arena, "evt_") },
        .type = r->is_write_off ? STR("balance.written_off") : STR("balance.covered"),
        .data = document(t, r, kind, id),
    };
    const struct balance_relieve_row *row;
    TRY(app->env->balance_relieve(t, &args, &row));
    *done = row->relieved;
    if (*done)
        log_info(t, "balance.relieved", L_STR("user", r->user.v), L_STR("kind", args.kind),
                 L_I64("amount", r->amount_minor), L_STR("by", r->by));
    return OK;
}

struct writing_off {
    const struct relief *relief;
    str *waits;
    bool owes_less;
};

static err write_off_in_tx(struct task *t, void *context)
{
    struct writing_off *w = context;
    const struct relief *r = w->relief;
    const struct manual_entry entry = { .kind = "write_off",
                                        .object = r->user.v,
                                        .partner = r->partner,
                                        .user = r->user,
                                        .currency = r->currency,
                                        .amount_minor = r->amount_minor,
                                        .borne_by = r->borne_by,
                                        .reason = r->reason,
                                        .by = r->by,
                                        .by_name = str_given(r->by_name) ? r->by_name : r->by };
    bool done;
    w->owes_less = false;
    TRY(manual_entry_ask(t, &entry, w->waits));
    if (str_given(*w->waits))
        return OK;
    TRY(balance_relief_make(t, r, &done));
    w->owes_less = !done;
    return done ? OK : FAIL(t, MANUAL_ENTRY_STATE, "he does not owe as much any more"); /* nor is it counted */
}

err write_off_make(struct task *t, const struct relief *r, bool *done, str *waits)
{
    struct writing_off w = { .relief = r, .waits = waits };
    err e = db_tx(t, write_off_in_tx, &w);
    *done = !e && !str_given(*waits);
    return w.owes_less ? OK : e;
}

/* What is booked below zero; what is only reserved may come back by itself. */
static err owed_find(struct task *t, const struct relief *r, int64_t *owed)
{
    static const str kinds[] = { { "seller", 6 } };
    const struct balance_list_row *rows;
    size_t n;
    *owed = 0;
    TRY(balance_list(t, r->partner, r->user, (str_array){ kinds, 1 }, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].currency, r->currency) && rows[i].posted < 0)
            *owed = -rows[i].posted;
    return OK;
}

static err owed_check(struct task *t, const struct relief *r, int64_t owed)
{
    if (!str_has_word(STR("platform partner"), r->borne_by))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("borne_by"), STR("platform or partner"));
    if (owed == 0)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), STR("nothing is owed in it"));
    str all = money_text(t->arena, owed, r->currency);
    if (r->owed_minor && r->owed_minor != owed)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("owed"),
                          arena_printf(t->arena, "another amount is owed by now: %.*s", STR_ARG(all)));
    if (r->amount_minor > owed)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("amount"),
                          arena_printf(t->arena, "no more than is owed: %.*s", STR_ARG(all)));
    return OK;
}

err write_off_ask(struct task *t, struct relief *r, str *waits)
{
    int64_t owed;
    bool done;
    *waits = STR_NONE;
    TRY(owed_find(t, r, &owed));
    TRY(owed_check(t, r, owed));
    r->is_write_off = true;
    if (!r->amount_minor)
        r->amount_minor = owed;
    TRY(write_off_make(t, r, &done, waits));
    return done || str_given(*waits)
               ? OK
               : FAIL_PARAM(t, INVALID_PARAMETER, STR("owed"), STR("something else is owed by now"));
}

static err cover(struct task *t, const struct negative_list_row *row)
{
    const struct relief relief = { .partner = row->partner_id,
                                   .user = row->user_id,
                                   .currency = row->currency,
                                   .amount_minor = row->owed,
                                   .borne_by = row->borne_by,
                                   .reason = STR("agreed with the partner"),
                                   .by = STR("policy") };
    bool done; /* not: a sale came first, and the next round sees what is left */
    return balance_relief_make(t, &relief, &done);
}

err negatives_cover(struct task *t)
{
    const struct negative_list_row *rows;
    size_t n;
    TRY(negative_list(t, true, PER_ROUND, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = cover(t, &rows[i]);
        if (e)
            log_failure(t, e); /* one debt must not keep the others waiting */
    }
    return OK;
}

/* ---- it comes back ---- */

static err recover(struct task *t, const struct relief *r, str recovers, str dispute)
{
    const struct app *app = t->app;
    str id = app->env->new_id(t->arena, "brl_");
    const struct balance_recover_args args = {
        .borne_by = r->borne_by,
        .partner = r->partner,
        .user = r->user,
        .currency = r->currency,
        .relief = id,
        .amount = r->amount_minor,
        .reason = r->reason,
        .by = r->by,
        .recovers = recovers,
        .dispute = dispute,
        .event = { app->env->new_id(t->arena, "evt_") },
        .data = document(t, r, "recovery", id),
    };
    const struct balance_recover_row *done;
    TRY(balance_recover(t, &args, &done));
    if (!done->recovered)
        return FAIL(t, INTERNAL, "what was borne for a seller without an account");
    log_info(t, "balance.recovered", L_STR("user", r->user.v), L_STR("of", recovers), L_I64("amount", r->amount_minor),
             L_STR("by", r->by));
    return OK;
}

static err recover_of(struct task *t, dispute_id dispute, const struct relief_recoverable_row *row, int64_t amount)
{
    const struct relief relief = { .partner = row->partner_id,
                                   .user = row->user_id,
                                   .currency = row->currency,
                                   .amount_minor = amount,
                                   .borne_by = row->borne_by,
                                   .reason = STR("the dispute was won"),
                                   .by = STR("policy") };
    return recover(t, &relief, row->relief_id, dispute.v);
}

struct recovering {
    dispute_id dispute;
    size_t n; /* that were found */
};

static err recover_in_tx(struct task *t, void *context)
{
    struct recovering *r = context;
    const struct relief_recoverable_row *rows;
    int64_t back = 0;
    TRY(relief_recoverable(t, r->dispute, RECOVERED_AT_ONCE, &rows, &r->n));
    for (size_t i = 0; i < r->n; i++) {
        if (i == 0 || !str_eq(rows[i].user_id.v, rows[i - 1].user_id.v))
            back = rows[i].back;
        int64_t amount = back < rows[i].left_over ? back : rows[i].left_over;
        if (amount > 0)
            TRY(recover_of(t, r->dispute, &rows[i], amount));
        back -= amount;
    }
    CRASH_POINT("negative.before_recovered");
    return OK;
}

static err recover_some(struct task *t, void *context)
{
    return db_tx(t, recover_in_tx, context);
}

/* Each time finds less: what is recovered, and sellers who have given all that came back to them, are found no more. */
err negatives_recover(struct task *t, dispute_id dispute)
{
    struct recovering r = { .dispute = dispute };
    const struct relief_recoverable_row *rows;
    size_t n;
    TRY(relief_recoverable(t, dispute, 1, &rows, &n));
    r.n = n ? RECOVERED_AT_ONCE : 0; /* mostly there is nothing, and no transaction */
    while (r.n == RECOVERED_AT_ONCE)
        TRY(task_aside(t, ASIDE_MAX_BYTES, recover_some, &r));
    return OK;
}

/* ---- a write-off that was a mistake ---- */

/* Reads what is left of it in the transaction that books it: of two at once one finds nothing. */
static err undo_find(struct task *t, const struct undoing *u, struct relief *ret)
{
    const struct write_off_left_row *row;
    TRY(write_off_left(t, u->write_off, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such write-off");
    if (row->left_over <= 0)
        return FAIL(t, MANUAL_ENTRY_STATE, "who bore it has all of it back");
    *ret = (struct relief){ .partner = row->partner_id,
                            .user = row->user_id,
                            .currency = row->currency,
                            .amount_minor = row->left_over,
                            .borne_by = row->borne_by,
                            .reason = u->reason,
                            .by = u->by };
    return OK;
}

err write_off_undo_in_tx(struct task *t, const struct undoing *u)
{
    struct relief relief;
    TRY(undo_find(t, u, &relief));
    if (relief.amount_minor != u->approved_minor)
        return FAIL(t, MANUAL_ENTRY_STATE, "another amount of it is left by now");
    return recover(t, &relief, u->write_off, STR_NONE);
}

struct undo_asking {
    const struct undoing *undoing;
    struct relief relief;
    str waits;
};

static err undo_ask_in_tx(struct task *t, void *context)
{
    struct undo_asking *a = context;
    const struct undoing *u = a->undoing;
    TRY(undo_find(t, u, &a->relief));
    const struct manual_entry entry = { .kind = "undo",
                                        .object = u->write_off,
                                        .partner = a->relief.partner,
                                        .user = a->relief.user,
                                        .currency = a->relief.currency,
                                        .amount_minor = a->relief.amount_minor,
                                        .borne_by = a->relief.borne_by,
                                        .reason = u->reason,
                                        .by = u->by,
                                        .by_name = u->by_name };
    TRY(manual_entry_ask(t, &entry, &a->waits));
    return str_given(a->waits) ? OK : recover(t, &a->relief, u->write_off, STR_NONE);
}

err write_off_undo(struct task *t, const struct undoing *u, struct relief *ret, str *waits)
{
    struct undo_asking asking = { .undoing = u };
    TRY(undo_find(t, u, &asking.relief));
    TRY(clock_enter(t, asking.relief.partner));
    TRY(db_tx(t, undo_ask_in_tx, &asking));
    *ret = asking.relief;
    *waits = asking.waits;
    return OK;
}

err negatives_look(struct task *t)
{
    const struct negative_total_row *total;
    int64_t affected;
    TRY(balances_unmark(t, &affected));
    TRY(negative_total(t, &total));
    pay_metrics_negatives(total->n, total->oldest_given ? (t->now.us - total->oldest.us) / 1000000 : 0);
    return OK;
}
