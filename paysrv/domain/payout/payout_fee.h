/*
 * What a payout costs its seller (MONEY 6.A8): a fixed amount and basis points of what was asked for, rounded down;
 * taken out of it (inside), or beside it (on top). What is agreed when the payout is asked for stays: the code is bound
 * to it.
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/str.h"

#define PAYOUT_FEE_BP_MAX 1000

struct payout_fee_terms {
    int64_t fixed_minor;
    int32_t bp;
    bool is_inside;
};

/*
 * amount_minor: what goes to the requisite, at least 1; together they are what the seller's balance gives. false: the
 * fee leaves nothing of it, or they are too much.
 */
struct payout_costs {
    int64_t amount_minor, fee_minor;
};
bool payout_fee_judge(const struct payout_fee_terms *terms, int64_t wanted_minor, struct payout_costs *ret);

/* The destination that the code and operators' approvals are bound to, with the fee in it; without one as it was. */
digest payout_fee_destination(struct arena *a, digest destination, int64_t fee_minor);
