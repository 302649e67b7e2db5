/* See manual_entry.h: asking, and whom it is about. */
#include "paysrv/flow/ledger/manual_entry.h"

#include "paysrv/app.h"
#include "paysrv/domain/party/iban.h"
#include "paysrv/domain/payout/payout_limit.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/store/manual_entry.sql.h"
#include "shared/base/num.h"
#include "shared/ops/log.h"

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* Whether one is enough, with what was booked by one today. */
static err is_for_two(struct task *t, const struct manual_entry *e, bool *ret)
{
    const struct payout_limits limits = { .approve_from_minor = app_of(t)->config.manual_entry_approve_from };
    const struct manual_entry_alone_sums_row *row;
    const instant now = task_wall(t), day = { now.us - now.us % DAYS(1).us };
    int64_t most, sum;
    if (e->is_always_for_two) {
        *ret = true;
        return OK;
    }
    TRY(manual_entry_alone_sums(t, e->by, e->partner, str_given(e->user.v) ? e->user.v : STR(""), e->currency, day,
                                &row));
    most = row->by_person > row->on_account ? row->by_person : row->on_account;
    *ret = payout_needs_approval(&limits, num_add(most, e->amount_minor, &sum) ? sum : INT64_MAX);
    return OK;
}

err manual_entry_ask(struct task *t, const struct manual_entry *e, str *waits)
{
    const struct manual_entry_store_row *row;
    bool takes_two;
    *waits = STR_NONE;
    TRY(is_for_two(t, e, &takes_two));
    const struct manual_entry_store_args args = { .id = app_of(t)->env->new_id(t->arena, "men_"),
                                                  .kind = str_of(e->kind),
                                                  .object = e->object,
                                                  .partner = e->partner,
                                                  .user = str_given(e->user.v) ? e->user.v : STR(""),
                                                  .currency = e->currency,
                                                  .amount = e->amount_minor,
                                                  .borne_by = e->borne_by,
                                                  .iban = e->iban,
                                                  .holder_name = e->holder_name,
                                                  .acquirer_ref = e->acquirer_ref,
                                                  .reason = e->reason,
                                                  .by = e->by,
                                                  .name = e->by_name,
                                                  .alone = !takes_two };
    TRY(manual_entry_store(t, &args, &row));
    if (!row || !row->is_same)
        return FAIL(t, MANUAL_ENTRY_STATE, "another one about this waits");
    if (!takes_two)
        return OK;
    *waits = row->manual_entry_id;
    log_info(t, "manual_entry.asked", L_STR("entry", *waits), L_STR("kind", str_of(e->kind)),
             L_I64("amount", e->amount_minor));
    return OK;
}

/* ---- payees ---- */

err manual_entry_payees_read(struct task *t, str id, str position, size_t most,
                             const struct manual_entry_payees_row **ret, size_t *n)
{
    str last = position, amount;
    int64_t after = 0;
    if (str_given(position) && (!str_cut(&last, ' ', &amount) || !num_parse(amount, &after)))
        return FAIL(t, INTERNAL, "a sealed cursor without an amount");
    TRY(manual_entry_payees(t, id, last, after, (int64_t)most, ret, n));
    return *n || str_given(position) ? OK : FAIL(t, NOT_FOUND, "no entry about an order, a batch or a payout");
}

str manual_entry_payee_position(struct arena *a, const struct manual_entry_payees_row *row)
{
    return arena_printf(a, "%lld %.*s", (long long)row->amount, STR_ARG(row->id));
}

str manual_entry_payee_account(struct arena *a, const struct manual_entry_payees_row *row)
{
    return str_given(row->masked) ? row->masked : iban_masked(a, row->iban);
}
