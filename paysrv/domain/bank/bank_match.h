/*
 * What a line of the bank's does to a payout, and whether a statement may be taken up now: pure rules of MONEY 4 and
 * 6.A8, A14. Nothing is guessed: what does not fit becomes a break that a person looks at, and no money moves.
 */
#pragma once

#include "paysrv/domain/bank/bank_answer.h"
#include "paysrv/domain/payout/payout.h"

enum bank_effect {
    BANK_PAY = 1,
    BANK_RETURN,
    BANK_PAY_AND_RETURN, /* the debit was never shown, but what came back had left */
    BANK_REJECT,
    BANK_KNOWN,           /* it is so already */
    BANK_BREAK_AMOUNT,    /* another amount or currency than the payout's */
    BANK_BREAK_DUPLICATE, /* the bank has booked it a second time */
    BANK_BREAK_STATE,     /* it contradicts what we know */
};

struct bank_case {
    enum payout_state state;
    enum bank_line_kind kind; /* rejected, debit or return */
    bool amount_fits;         /* or none was said; of a return, also what the bank kept a fee of */
    bool is_held;             /* in an order that waits for a second operator: the bank cannot have it */
    bool is_booked_otherwise; /* another booking in the same kind of message has said the same of this payout */
};

/* Of what came back: how much the bank kept of it, which is no more than it may. -1: it is another amount. */
int64_t bank_return_kept(int64_t paid_minor, int64_t returned_minor, int64_t kept_max_minor);
enum bank_effect bank_judge(const struct bank_case *c);

/* The payout that an EndToEndId names: "po-x" is "po_x"; absent: none of ours. */
str bank_payout_of(struct arena *a, str end_to_end);
/* The bank has seen the order or transfer before: then what it refuses now it may have executed then. */
bool bank_reason_is_duplicate(str code);
/* Nothing will ever reach this account. */
bool bank_reason_ends_requisite(str code);

/* ---- statements ---- */

enum statement_verdict {
    STATEMENT_NEXT = 1, /* the first of its account, or it goes on where the last one ended */
    STATEMENT_SEEN,     /* sent again */
    STATEMENT_CHANGED,  /* the same name with other balances */
    STATEMENT_GAP,      /* one before it is missing */
};

struct statement_place {
    int64_t sequence; /* 0: not said */
    int64_t opening_minor, closing_minor;
    int64_t first_day, last_day; /* of text statements; 0: not said */
    int64_t closing_day;         /* of others; 0: not said */
};

/*
 * last and same (the one of that name) may be NULL. A sequence may begin anew with 1. Those that say their days may
 * overlap, as what they have in common is known by its lines, and leave no day out; their last one is that of the
 * latest day.
 */
enum statement_verdict statement_judge(const struct statement_place *last, const struct statement_place *same,
                                       const struct statement_place *fresh);

/* Whether one that an operator takes up out of turn is from before the last one: then that stays the last one. Told by
 * its day, else by its number, where a 1 may begin anew. */
bool statement_is_before(const struct statement_place *last, const struct statement_place *released);
