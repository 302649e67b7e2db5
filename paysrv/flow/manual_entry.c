/* See manual_entry.h: asking. */
#include "paysrv/flow/manual_entry.h"

#include "paysrv/app.h"
#include "paysrv/domain/payout_limit.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/store/manual_entry.sql.h"
#include "shared/ops/log.h"

err manual_entry_ask(struct task *t, const struct manual_entry *e, str *waits)
{
    const struct app *app = t->app;
    const struct payout_limits limits = { .approve_from_minor = app->config.manual_entry_approve_from };
    const struct manual_entry_ask_store_row *row;
    *waits = STR_NONE;
    if (!payout_needs_approval(&limits, e->amount_minor))
        return OK;
    const struct manual_entry_ask_store_args args = { .id = app->env->new_id(t->arena, "men_"),
                                                      .kind = str_of(e->kind),
                                                      .object = e->object,
                                                      .partner = e->partner,
                                                      .currency = e->currency,
                                                      .amount = e->amount_minor,
                                                      .borne_by = e->borne_by,
                                                      .iban = e->iban,
                                                      .holder_name = e->holder_name,
                                                      .reason = e->reason,
                                                      .by = e->by,
                                                      .name = e->by_name };
    TRY(manual_entry_ask_store(t, &args, &row));
    if (!row || !row->is_same)
        return FAIL(t, MANUAL_ENTRY_STATE, "another one about this waits");
    *waits = row->manual_entry_id;
    log_info(t, "manual_entry.asked", L_STR("entry", *waits), L_STR("kind", str_of(e->kind)),
             L_I64("amount", e->amount_minor));
    return OK;
}
