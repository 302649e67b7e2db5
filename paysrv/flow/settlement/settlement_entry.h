/*
 * One entry of the ledger that a registry, a break or a line of the bank's makes, and the event that tells of it.
 */
#pragma once

#include "paysrv/domain/ledger/posting.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct settlement_made {
    partner_id partner;
    str kind, ref, currency, type, object;
    str given_up;              /* the credit that the bank took back, and is borne so; absent: none */
    str clearing;              /* whose account what is owed stands on (account.user_id) */
    str account;               /* of a line of the bank's: what it was booked on; absent: a registry's */
    const int64_t *settlement; /* NULL: none */
    const int64_t *pays;       /* the registry that a line of the bank's pays with another amount; NULL: none */
    const int64_t *line;       /* that is settled by it; NULL: none */
    str debt;                  /* that it settles, which is missing no more; absent: none */
    int64_t settled_minor;     /* of that */
    int64_t shown_minor;       /* what its event tells: the partner's sales, not what they cost the platform */
    struct posting posting;
};

/* In a transaction. At the time of its partner's clock. */
MUST_USE err settlement_entry_write(struct task *t, const struct settlement_made *m, int64_t *entry);
