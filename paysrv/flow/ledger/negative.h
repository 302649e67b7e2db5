/*
 * Sellers' balances below zero (docs/decisions/0043): sales fill them by themselves; what does not come again is borne
 * by the partner, who has agreed to, or written off by the operator. Nothing here touches another seller.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct relief {
    partner_id partner;
    user_id user;
    str currency;
    int64_t amount_minor; /* not more than is owed */
    int64_t owed_minor;   /* nothing is done when something else is owed; 0: whatever it is */
    bool is_write_off;    /* else whoever has agreed to covers it */
    str borne_by;         /* "partner" or "platform" */
    str reason, by;
    str by_name; /* absent: as by */
};
/* *done false: less is owed by now. */
MUST_USE err balance_relief_make(struct task *t, const struct relief *relief, bool *done);

/* By hand: *waits is the manual entry that another operator has to approve first; absent: as above. */
MUST_USE err write_off_make(struct task *t, const struct relief *relief, bool *done, str *waits);

/*
 * The same, as an operator asks for it: no amount is all that is owed, and owed_minor what he saw, with which the same
 * twice is done once. INVALID_PARAMETER names `currency` (nothing is owed in it), `amount`, `owed` or `borne_by`.
 */
MUST_USE err write_off_ask(struct task *t, struct relief *relief, str *waits);

/* A write-off that was a mistake: by an entry against it, which gives its bearer back what he has not back yet. */
struct undoing {
    str write_off;
    str reason, by, by_name;
    int64_t approved_minor; /* when it is approved: what was asked for */
};
/*
 * *waits: the manual entry that another operator has to approve first; absent: *ret is booked. NOT_FOUND;
 * MANUAL_ENTRY_STATE: nothing is left of it, or another one about it waits.
 */
MUST_USE err write_off_undo(struct task *t, const struct undoing *undoing, struct relief *ret, str *waits);
/* Once it is approved, in that transaction. */
MUST_USE err write_off_undo_in_tx(struct task *t, const struct undoing *undoing);

/*
 * A dispute has given its money back: who bore a seller's debt meanwhile has his back first, as far as that goes. Done
 * again, it does what is left of it.
 */
MUST_USE err negatives_recover(struct task *t, dispute_id dispute);

/* Has partners under the task's clock cover theirs. */
MUST_USE err negatives_cover(struct task *t);
/* A round of the job: takes marks off balances that are filled again, and measures the rest. */
MUST_USE err negatives_look(struct task *t);
