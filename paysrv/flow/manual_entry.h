/*
 * What is entered by hand and moves money: write-offs, breaks that are resolved by an entry, buyers' money that is
 * sent where an operator says. From an amount on that
 * the operator sets (manual_entry_approve_from) it waits until another operator has approved it, as payouts do
 * (approval.h).
 */
#pragma once

#include "paysrv/store/manual_entry.rows.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct manual_entry {
    const char *kind; /* "write_off", "resolve", "send" or "assign" */
    str object;       /* the user, the number of the break, the credit, or break and payment */
    partner_id partner;
    str currency;
    int64_t amount_minor;
    str borne_by, reason;
    str iban, holder_name; /* "send": where to; else absent */
    str by, by_name;
};

/* *waits: the id of what waits for another operator; absent: it may be booked now. MANUAL_ENTRY_STATE: another one
 * about it waits. */
MUST_USE err manual_entry_ask(struct task *t, const struct manual_entry *e, str *waits);

struct manual_decision {
    str id, subject, name;
    str note; /* may be absent */
    bool is_approval;
};
/*
 * Approved, it is booked in the same transaction. Whoever asked cannot approve (FOUR_EYES), but take it back. The same
 * decision of the same operator again is the same answer. NOT_FOUND, MANUAL_ENTRY_STATE.
 */
MUST_USE err manual_entry_decision(struct task *t, const struct manual_decision *d,
                                   const struct manual_entry_list_row **ret);
