/*
 * What is entered by hand and moves money: write-offs, breaks that are resolved by an entry, buyers' money that is
 * sent where an operator says, payouts, batches and operations at an acquirer whose outcome is one's word; and large
 * orders to the bank. From an amount on that the operator sets (manual_entry_approve_from) it waits until another
 * operator has approved it, as payouts do (approval.h). What one person has booked alone counts with it, and what was
 * booked so on this account, since the day began (UTC): many small ones are as good as a large one (0074).
 */
#pragma once

#include "paysrv/domain/decision.h"
#include "paysrv/store/manual_entry.rows.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct manual_entry {
    /* "write_off", "undo", "resolve", "send", "assign", "payout", "batch", "order", "reversal" or "call" */
    const char *kind;
    str object; /* the user, the write-off, the number of the break, the credit, break and payment, the payout, the
                   message, the reversal, the operation */
    partner_id partner; /* absent: a batch or an order, which are of several */
    user_id user;       /* whose account it is booked on; absent: none of a seller's */
    str currency;
    int64_t amount_minor;
    str borne_by, reason;
    str iban, holder_name; /* "send": where to; else absent */
    str acquirer_ref;      /* "payout", "call": the acquirer's name of what is paid or has succeeded; else absent */
    str by, by_name;
    bool is_always_for_two; /* whatever its amount */
};

/* In the transaction that books it. *waits: the id of what waits for another operator; absent: it may be booked now,
 * and is counted. MANUAL_ENTRY_STATE: another one about it waits, also when this one would not have to. */
MUST_USE err manual_entry_ask(struct task *t, const struct manual_entry *e, str *waits);

/*
 * Who gets what by the order, the batch or the payout that one is about: what a second operator looks at. The largest
 * first, from after position. NOT_FOUND: there is no such entry, or its payee stands in it.
 */
MUST_USE err manual_entry_payees_read(struct task *t, str id, str position, size_t most,
                                      const struct manual_entry_payees_row **ret, size_t *n);
str manual_entry_payee_position(struct arena *a, const struct manual_entry_payees_row *row);
/* Masked, as everywhere. */
str manual_entry_payee_account(struct arena *a, const struct manual_entry_payees_row *row);

/*
 * Approved, it is booked in the same transaction, but for the payouts of a batch, which are after it. Whoever asked
 * cannot approve (FOUR_EYES), but take it back. The same decision of the same operator again is the same answer.
 * NOT_FOUND, MANUAL_ENTRY_STATE.
 */
MUST_USE err manual_entry_decision(struct task *t, str id, const struct operator_decision *d,
                                   const struct manual_entry_list_row **ret);
