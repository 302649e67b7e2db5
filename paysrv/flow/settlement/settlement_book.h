/*
 * What settlements do to the ledger: entries, and nothing else. What matched is booked once for each partner and
 * registry; the bank's credit books it from its way to the bank; a break is resolved by an entry of its own, with the
 * reason and who said so in it. All of a registry is done under the lock of its row.
 */
#pragma once

#include "paysrv/domain/settlement/settlement.h"
#include "paysrv/store/settlement.rows.h"
#include "shared/base/task.h"

/* A line beside our books. */
struct settlement_case {
    struct settlement_said said;
    struct settlement_ours ours;
    enum settlement_verdict verdict;
};
struct settlement_case settlement_case_of(const struct task *t, const struct settlement_lines_open_row *line);

/* What matched, when all lines are taken up and it was not booked before. */
MUST_USE err settlement_book(struct task *t, int64_t settlement);
/* The bank has shown it: bank_line, when the registry is booked and not yet paid. */
MUST_USE err settlement_pay(struct task *t, int64_t settlement, int64_t bank_line);
/* A line that is a break, and fits by now. */
MUST_USE err settlement_heal(struct task *t, int64_t break_id);

struct break_resolution {
    int64_t break_id;
    str as; /* who has it: "platform" or "suspense"; what the bank has moved also "partner" or "own_sales"; "returned":
               the transfer that it names has come back */
    str reason, by, by_name;
    str partner;            /* of a line that names nothing of ours; absent: the one whose operation it is */
    int64_t approved_minor; /* the difference that another operator has approved; 0: none has */
    str waits;              /* set: nothing is booked, this manual entry waits for another operator */
};
/* BREAK_STATE: it is closed otherwise, or nothing of it can be booked. The same again is the same answer. */
MUST_USE err break_resolve(struct task *t, struct break_resolution *r);
MUST_USE err break_resolve_in_tx(struct task *t, struct break_resolution *r);
/* Somebody looks at it. seen: who did by the page that was pressed, STR_NONE nobody; another has come between:
 * BREAK_STATE. */
MUST_USE err break_look(struct task *t, int64_t id, str name, str seen);
/* With a note and nothing else. */
MUST_USE err break_end(struct task *t, int64_t id, str by, str note);
