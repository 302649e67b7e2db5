/*
 * Reversals that the acquirer has refused to the end (late.h; docs/decisions/0096): a person has them asked for once
 * more, or says where the money went. Of whoever decides, one is first, and the same word again is the same answer.
 */
#pragma once

#include "paysrv/domain/payment/reversal.h"
#include "paysrv/store/newtypes.h"
#include "paysrv/store/reversal.rows.h"
#include "shared/base/task.h"

/* What is looked for; what is absent or empty is no condition. */
struct reversal_wish {
    bool all; /* decided ones too */
    str reversal, payment;
    str before; /* of a page: where it goes on */
};
/* The oldest first; all: the newest. last: after the one of that anomaly; NULL: from the beginning. */
MUST_USE err reversals_find(struct task *t, const struct reversal_wish *wish, const int64_t *last, size_t most,
                            const struct reversal_list_row **ret, size_t *n);

struct reversal_word {
    str reversal;
    str as;   /* how it is settled, in the words of domain/payment/reversal.h; absent: it is tried once more */
    str note; /* may be empty where it is tried */
    str by, by_name;
    int64_t approved_minor; /* when it is approved: what was asked for */
};

/*
 * *ret: as it stands then. What is settled by an entry is an entry by hand (manual_entry.h), and waits, from an amount
 * on, for another operator (row's waits). NOT_FOUND: no such reversal; INVALID_PARAMETER names as or note;
 * REVERSAL_STATE: somebody has decided otherwise; MANUAL_ENTRY_STATE: another one about it waits.
 */
MUST_USE err reversal_decide(struct task *t, const struct reversal_word *word, const struct reversal_list_row **ret);
/* Once it is approved, in that transaction. */
MUST_USE err reversal_settle_in_tx(struct task *t, const struct reversal_word *word);
