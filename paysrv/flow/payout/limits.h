/* Limits of payouts as they are stored, asked for when a payout is requested and held to when it is confirmed. */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/domain/payout/payout_limit.h"
#include "paysrv/store/approval.sql.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

/* Of whom a payout is, and how much. */
struct limits_case {
    partner_id partner;
    user_id user;
    str currency;
    int64_t amount_minor;
    int64_t beside_minor; /* of the same list, asked for with it */
};

struct limits_found {
    bool is_any;
    bool is_counted;             /* by them, or by what makes operators look at a payout: one after the other */
    struct payout_limits seller; /* his own, or those of each seller of the partner */
    struct payout_limits all;    /* of all sellers of the partner together */
};

MUST_USE err limits_find(struct task *t, const struct limits_case *c, struct limits_found *ret);
/* PAYOUT_LIMIT, naming `amount`. */
MUST_USE err limits_check(struct task *t, const struct limits_case *c, const struct limits_found *found);
/* As limits_check, and counts it; in the transaction that confirms the payout. */
MUST_USE err limits_take(struct task *t, const struct limits_case *c, const struct limits_found *found);
/* INSUFFICIENT_USER_AUTHENTICATION with its challenge; a partner's own token is not asked how anybody logged in. */
MUST_USE err limits_log_in(struct task *t, const struct caller *caller, const struct limits_case *c,
                           const struct limits_found *found);
/* A transaction that takes of them, when no other of this partner and currency does: many at once wait, and are not
 * refused. */
MUST_USE err limits_in_turn(struct task *t, const struct limits_case *c, err (*run)(struct task *t, void *context),
                            void *context);
/* The same around what makes its transaction itself; without limits it waits for nobody. */
MUST_USE err limits_hold_turn(struct task *t, const struct limits_case *c, err (*run)(struct task *t, void *context),
                              void *context);
/* Around what asks for payouts with a user's token: what he has asked for before counts with it (limits_log_in,
 * permit_take), so he asks one after the other. */
MUST_USE err limits_ask_in_turn(struct task *t, const struct caller *caller, user_id user,
                                err (*run)(struct task *t, void *context), void *context);
/* With what this seller was paid out since the day began (UTC) and nobody approved: many small ones are one large one.
 */
MUST_USE err limits_need_approval(struct task *t, const struct limits_case *c, const struct limits_found *found,
                                  bool *ret);

/* What somebody says the limits of one scope and currency are from now on. */
struct limits_change {
    struct payout_limit_set_args to; /* approve_from 0: as it is */
    bool ends_approval;              /* not as it is, but none */
    bool is_of_one;                  /* of one operator, who may not loosen what takes two (0074) */
};
/* FOUR_EYES naming `approve_from` and the amount in force. */
MUST_USE err limits_put(struct task *t, const struct limits_change *change);
