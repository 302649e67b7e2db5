/* See dispute_book.h. */
#include "paysrv/flow/dispute/dispute_book.h"

#include "paysrv/app.h"
#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/dispute/dispute_object.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/stores/split.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define TRIES 8
/* How long a dispute waits for the end of another one that it may have overtaken: while nothing can be taken, for long;
 * while a part can, no longer than messages that were sent together take to come. */
#define OVERTAKEN_LIFE HOURS(6)
#define OVERTAKEN_PART_LIFE SECONDS(15)

static const struct pay_env *env_of(struct task *t)
{
    const struct app *app = t->app;
    return app->env;
}

static enum split_party bearer_of(str name)
{
    enum split_party party = SPLIT_SELLER;
    split_party_parse(name, &party);
    return party;
}

static str event_type(enum dispute_step step)
{
    switch (step) {
    case DISPUTE_STEP_HOLD:
        return STR("dispute.funds_withdrawn");
    case DISPUTE_STEP_RETURN:
        return STR("dispute.funds_returned");
    case DISPUTE_STEP_LOSE:
        return STR("dispute.funds_lost");
    case DISPUTE_STEP_COUNT:
        break;
    }
    return STR("dispute.updated");
}

/* The dispute as it will be when the step is booked. */
static str document_after(struct task *t, const struct dispute_find_row *row, enum dispute_step step,
                          const struct dispute_booking_plan *plan)
{
    struct dispute_find_row after = *row;
    after.booked = dispute_booking_name(dispute_booked_by(step));
    if (step == DISPUTE_STEP_HOLD) {
        after.taken = plan->amount_minor;
        after.platform_amount = plan->shares.platform;
        after.partner_amount = plan->shares.partner;
        after.seller_amount = plan->shares.seller;
        after.share_users = (str_array){ plan->sellers.users, plan->sellers.n };
        after.share_amounts = (i64_array){ plan->sellers.amounts, plan->sellers.n };
    }
    return dispute_document(t, &after);
}

/* More is claimed than the payment has: part of it went back before, which is what the evidence has to show. */
static err excess_report(struct task *t, const struct dispute_find_row *row, int64_t taken)
{
    if (taken == row->amount)
        return OK;
    str detail =
        arena_printf(t->arena, "%lld claimed, %lld left of the payment", (long long)row->amount, (long long)taken);
    return anomaly_tell(t, ANOMALY_DISPUTE_EXCEEDS_PAYMENT, row->partner_id.v, row->dispute_id.v, detail);
}

static err book(struct task *t, const struct dispute_find_row *row, enum dispute_step step,
                const struct dispute_basis *basis, bool *applied)
{
    struct dispute_booking_plan plan;
    const struct dispute_book_row *done;
    if (!dispute_plan(step, basis, &plan))
        return FAIL(t, INTERNAL, "the shares of the dispute do not sum to its amount");
    const struct dispute_book_args args = {
        .dispute = row->dispute_id,
        .payment = row->payment_id,
        .from = row->booked,
        .sequence = row->sequence,
        .to = dispute_booking_name(dispute_booked_by(step)),
        .step = dispute_step_name(step),
        .captured = basis->at.captured_minor,
        .returned = basis->at.returned_minor,
        .amount = plan.amount_minor,
        .fee = step == DISPUTE_STEP_HOLD ? basis->fee_minor : 0,
        .kinds = posting_kinds(&plan.posting),
        .amounts = posting_amounts(&plan.posting),
        .platform_amount = plan.shares.platform,
        .partner_amount = plan.shares.partner,
        .seller_amount = plan.shares.seller,
        .share_users = { plan.sellers.users, plan.sellers.n },
        .share_amounts = { plan.sellers.amounts, plan.sellers.n },
        .event = { env_of(t)->new_id(t->arena, "evt_") },
        .type = event_type(step),
        .data = document_after(t, row, step, &plan),
    };
    CRASH_POINT("dispute.before_book");
    TRY(env_of(t)->dispute_book(t, &args, &done));
    CRASH_POINT("dispute.after_book");
    *applied = done->applied;
    if (!*applied)
        return OK;
    log_info(t, "dispute.booked", L_STR("dispute", row->dispute_id.v), L_STR("step", args.step),
             L_I64("amount", plan.amount_minor));
    return step == DISPUTE_STEP_HOLD ? excess_report(t, row, plan.amount_minor) : OK;
}

/* *ready false: the payment takes no step now. */
static err basis_load(struct task *t, const struct dispute_find_row *row, struct split_profile *split,
                      struct dispute_basis *ret, bool *ready)
{
    const struct payment_find_row *p;
    TRY(env_of(t)->payment_any(t, row->payment_id, &p));
    if (!p)
        return FAIL(t, INTERNAL, "a dispute without its payment");
    int64_t captured = payment_taken(payment_status_at(p->status, p->expires_at, t->now), p->amount,
                                     p->captured_given ? &p->captured : NULL);
    *ready = captured > 0 && p->refunding == 0 && p->capturing == 0;
    TRY(split_of_payment(t, p, split));
    *ret = (struct dispute_basis){ .at = { captured, p->refunded + p->disputed },
                                   .claimed_minor = row->amount,
                                   .taken_minor = row->taken,
                                   .fee_minor = row->fee,
                                   .fee_bearer = bearer_of(row->fee_bearer),
                                   .seller = p->user_id.v,
                                   .split = split };
    return OK;
}

/* *step DISPUTE_STEP_COUNT: there is none left. */
static err step_next(struct task *t, dispute_id id, const struct dispute_find_row **row, enum dispute_step *step)
{
    struct dispute_state state;
    TRY(env_of(t)->dispute_find(t, id.v, STR_NONE, STR_NONE, STR_NONE, row));
    if (!*row || !dispute_phase_parse((*row)->phase, &state.phase) ||
        !dispute_status_parse((*row)->status, &state.status) || !dispute_booking_parse((*row)->booked, &state.booked))
        return FAIL(t, INTERNAL, "a dispute in no known state");
    *step = dispute_next_step(&state);
    return OK;
}

/* It takes what comes back when the other one ends; in vain it waits only for so long. */
static err is_overtaking(struct task *t, const struct dispute_find_row *row, enum dispute_step step,
                         const struct dispute_basis *basis, bool *ret)
{
    const struct dispute_others_hold_row *others;
    bool is_part = basis->at.captured_minor > basis->at.returned_minor;
    duration life = is_part ? OVERTAKEN_PART_LIFE : OVERTAKEN_LIFE;
    *ret = false;
    if (step != DISPUTE_STEP_HOLD || !dispute_claims_more(basis) ||
        !instant_before(t->now, instant_add(row->created_at, life)))
        return OK;
    TRY(env_of(t)->dispute_others_hold(t, row->payment_id, row->dispute_id, &others));
    *ret = others->hold;
    return OK;
}

err dispute_book_all(struct task *t, dispute_id id, bool *done)
{
    const struct dispute_find_row *row;
    struct split_profile split;
    struct dispute_basis basis;
    enum dispute_step step = DISPUTE_STEP_COUNT;
    int64_t affected;
    bool ready = true, waits = false;
    *done = false;
    for (int tries = 0; tries < TRIES; tries++) {
        TRY(step_next(t, id, &row, &step));
        *done = step == DISPUTE_STEP_COUNT;
        if (*done)
            return OK;
        TRY(basis_load(t, row, &split, &basis, &ready));
        if (ready)
            TRY(is_overtaking(t, row, step, &basis, &waits));
        if (!ready || waits)
            return OK;
        bool applied; /* either way: what is left to do is read again */
        TRY(env_of(t)->disputed_open(t, row->partner_id, row->currency, &affected));
        TRY(book(t, row, step, &basis, &applied));
    }
    return OK;
}
