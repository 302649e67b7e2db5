/* See payout_fee.h. */
#include "paysrv/flow/payout/payout_fee.h"

#include "paysrv/domain/payout/payout.h"
#include "paysrv/domain/payout/payout_fee.h"
#include "paysrv/faults.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/walk.h"
#include "paysrv/store/payout_fee.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/html.h"
#include "shared/text/json_out.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 4096
#define LOOK_AGAIN MINUTES(10)
#define LOOK_DAILY DAYS(1)
#define RETURNS_WITHIN DAYS(60) /* banks send nothing back after that */

SHAPE(payout_fee, "PayoutFee",
      "object: 'payout_fee', payout: string, fee: integer, currency: string, status: 'charged' | 'returned'")

static str document(struct task *t, payout_id payout, int64_t fee, str currency, const char *status)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "object", STR("payout_fee"));
    json_str(&j, "payout", payout.v);
    json_i64(&j, "fee", fee);
    json_str(&j, "currency", currency);
    json_str(&j, "status", str_of(status));
    json_end(&j);
    return buf_str(&out);
}

/* *policy NULL: none, and it costs nothing. */
static err costs_find(struct task *t, partner_id partner, str currency, int64_t wanted_minor, struct payout_costs *ret,
                      const struct payout_fee_policies_row **policy)
{
    const struct payout_fee_policies_row *rows;
    size_t n;
    *ret = (struct payout_costs){ wanted_minor, 0 };
    TRY(payout_fee_policies(t, partner, currency, &rows, &n));
    *policy = n ? rows : NULL;
    if (n == 0)
        return OK;
    const struct payout_fee_terms terms = { rows[0].fixed, rows[0].bp, rows[0].is_inside };
    if (!payout_fee_judge(&terms, wanted_minor, ret))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("amount"),
                          terms.is_inside ? STR("must be more than the fee that is taken out of it")
                                          : STR("is too much, together with its fee"));
    return OK;
}

err payout_fee_net(struct task *t, partner_id partner, str currency, int64_t wanted_minor, int64_t *net_minor)
{
    const struct payout_fee_policies_row *policy;
    struct payout_costs costs;
    TRY(costs_find(t, partner, currency, wanted_minor, &costs, &policy));
    *net_minor = costs.amount_minor;
    return OK;
}

err payout_fee_apply(struct task *t, partner_id partner, struct payout_find_row *p)
{
    const struct payout_fee_policies_row *policy;
    struct payout_costs costs;
    int64_t affected;
    TRY(costs_find(t, partner, p->currency, p->amount, &costs, &policy));
    p->amount = costs.amount_minor;
    p->fee = costs.fee_minor;
    p->destination = payout_fee_destination(t->arena, p->destination, p->fee);
    if (p->fee == 0)
        return OK;
    return payout_fee_insert(t, p->payout_id, partner, p->fee, policy->payee, policy->on_return, &affected);
}

str payout_fee_text(struct task *t, enum language lang, const struct payout_find_row *p)
{
    str amount = money_in(t, lang, p->amount, p->currency);
    if (p->fee == 0)
        return amount;
    const str values[] = { amount, money_in(t, lang, p->fee, p->currency) };
    return text_filled(t->arena, text_in(lang, TEXT_AMOUNT_WITH_FEE), values);
}

err payout_fee_charge(struct task *t, payout_id payout, int64_t fee_minor, str currency)
{
    const struct payout_fee_take_row *row;
    if (fee_minor == 0)
        return OK;
    TRY(payout_fee_take(t, payout, (event_id){ random_id(t->arena, "evt_") },
                        document(t, payout, fee_minor, currency, "charged"), &row));
    if (row->is_waiting && !row->is_taken)
        return FAIL(t, INSUFFICIENT_FUNDS, "the balance does not hold the payout's fee");
    return OK;
}

/* ---- the job ---- */

static err look(struct task *t, const struct payout_fees_due_row *f)
{
    enum payout_state state = PAYOUT_STATE_COUNT;
    int64_t affected;
    payout_state_parse(f->status, &state);
    bool is_undone = state == PAYOUT_CANCELED || state == PAYOUT_REJECTED || state == PAYOUT_FAILED;
    bool may_return = str_eq(f->on_return, STR("return"));
    CRASH_POINT("payout_fee.before_look");
    if (is_undone || (state == PAYOUT_RETURNED && may_return)) {
        log_info(t, "payout_fee.returned", L_STR("payout", f->payout_id.v), L_I64("fee", f->fee));
        return payout_fee_return(t, f->payout_id, (event_id){ random_id(t->arena, "evt_") },
                                 document(t, f->payout_id, f->fee, f->currency, "returned"), &affected);
    }
    bool is_paid = state == PAYOUT_PAID, is_late = instant_before(instant_add(f->taken_at, RETURNS_WITHIN), t->now);
    if (state == PAYOUT_RETURNED || (is_paid && (!may_return || is_late)))
        return payout_fee_rest(t, NULL, f->payout_id, &affected);
    const instant due = instant_add(t->now, is_paid ? LOOK_DAILY : LOOK_AGAIN);
    return payout_fee_rest(t, &due, f->payout_id, &affected);
}

static err some_look(struct task *t, void *context)
{
    const struct payout_fees_due_row *rows;
    struct walk *w = context;
    TRY(payout_fees_due(t, w->at, w->name, w->step_most, &rows, &w->n));
    for (size_t i = 0; i < w->n; i++)
        walk_note(t, w, look(t, &rows[i]));
    if (w->n > 0)
        walk_behind(w, rows[w->n - 1].due_at, rows[w->n - 1].payout_id.v);
    return OK;
}

err payout_fees_run(struct task *t)
{
    struct walk w = walk_begin(t, WALK_STEP, WALK_LIMIT);
    return walk_run(t, &w, some_look);
}
