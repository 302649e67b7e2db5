/* See ledger_cut.h; docs/decisions/0052. */
#include "paysrv/flow/ledger/ledger_cut.h"

#include "paysrv/flow/clock.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/statement.sql.h"

static err search(struct task *t, instant at, int64_t *entry)
{
    const struct ledger_cut_search_row *live;
    const struct ledger_cut_search_sandbox_row *sandbox;
    if (clock_is_live(t)) {
        TRY(ledger_cut_search(t, at, &live));
        *entry = live->entry_id;
        return OK;
    }
    TRY(ledger_cut_search_sandbox(t, at, &sandbox));
    *entry = sandbox->entry_id;
    return OK;
}

/* A sandbox's clock jumps over what is not committed yet. */
static bool may_be_written(struct task *t, instant at)
{
    return instant_before(t->now, instant_add(at, LEDGER_SETTLES_AFTER)) || !clock_is_live(t);
}

err ledger_settle(struct task *t, instant at)
{
    const struct ledger_horizon_read_row *horizon;
    return may_be_written(t, at) ? ledger_horizon_read(t, &horizon) : OK;
}

err ledger_cut_at(struct task *t, instant at, int64_t *entry, bool *is_final)
{
    const struct ledger_cut_find_row *known;
    const struct ledger_cut_keep_row *kept;
    const struct ledger_horizon_read_row *horizon;
    *is_final = !instant_before(t->now, instant_add(at, LEDGER_SETTLES_AFTER));
    if (!instant_before(at, t->now)) {
        TRY(ledger_horizon_read(t, &horizon));
        *entry = horizon->horizon;
        return OK;
    }
    TRY(ledger_cut_find(t, at, &known));
    if (known) {
        *entry = known->entry_id;
        return OK;
    }
    bool is_open = may_be_written(t, at);
    if (is_open)
        TRY(ledger_horizon_read(t, &horizon));
    TRY(search(t, at, entry));
    if (is_open && *entry > horizon->horizon)
        *entry = horizon->horizon;
    if (!*is_final)
        return OK;
    TRY(ledger_cut_keep(t, at, *entry, &kept));
    *entry = kept->entry_id;
    return OK;
}
