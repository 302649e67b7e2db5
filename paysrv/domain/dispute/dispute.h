/*
 * Disputes of card payments (MONEY 6.A7, docs/decisions/0043): what a message of the acquirer's may change, which step
 * the ledger takes next, who gives what in it, and what evidence may be. What a dispute takes counts like a refund
 * (domain/split.h), so any order of refunds and disputes ends at the same units.
 */
#pragma once

#include "paysrv/domain/ledger/posting.h"
#include "paysrv/domain/stores/split.h"
#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/instant.h"

/* An inquiry asks, and moves no money; a chargeback takes it until it is decided. */
#define DISPUTE_PHASES(X)                                                                                              \
    X(INQUIRY, "inquiry")                                                                                              \
    X(CHARGEBACK, "chargeback")
#define DISPUTE_PHASE_ROW(name, text) DISPUTE_##name,
enum dispute_phase { DISPUTE_PHASES(DISPUTE_PHASE_ROW) DISPUTE_PHASE_COUNT };
#undef DISPUTE_PHASE_ROW
str dispute_phase_name(enum dispute_phase phase);
bool dispute_phase_parse(str name, enum dispute_phase *ret);

#define DISPUTE_STATUSES(X)                                                                                            \
    X(NEEDS_RESPONSE, "needs_response")                                                                                \
    X(UNDER_REVIEW, "under_review")                                                                                    \
    X(WON, "won")                                                                                                      \
    X(LOST, "lost")                                                                                                    \
    X(CLOSED, "closed") /* an inquiry that led to no chargeback */
#define DISPUTE_STATUS_ROW(name, text) DISPUTE_##name,
enum dispute_status { DISPUTE_STATUSES(DISPUTE_STATUS_ROW) DISPUTE_STATUS_COUNT };
#undef DISPUTE_STATUS_ROW
str dispute_status_name(enum dispute_status status);
/* By the columns of its row: somebody has to answer it; and it can be accepted, which an inquiry cannot. */
bool dispute_waits(str status, str asked);
bool dispute_can_be_accepted(str phase, str status, str asked);
bool dispute_status_parse(str name, enum dispute_status *ret);
bool dispute_is_over(enum dispute_status status);
/* Whether a dispute in this phase can have this status. */
bool dispute_is_possible(enum dispute_phase phase, enum dispute_status status);

/* How far the ledger is. */
#define DISPUTE_BOOKINGS(X)                                                                                            \
    X(NONE, "none")                                                                                                    \
    X(HELD, "held")                                                                                                    \
    X(LOST, "lost")                                                                                                    \
    X(RETURNED, "returned")
#define DISPUTE_BOOKING_ROW(name, text) BOOKED_##name,
enum dispute_booking { DISPUTE_BOOKINGS(DISPUTE_BOOKING_ROW) BOOKED_COUNT };
#undef DISPUTE_BOOKING_ROW
str dispute_booking_name(enum dispute_booking booking);
bool dispute_booking_parse(str name, enum dispute_booking *ret);

/* What is known of a dispute, and what a message says of it. */
struct dispute_state {
    enum dispute_phase phase;
    enum dispute_status status;
    enum dispute_booking booked; /* of what is known */
    int64_t sequence, amount_minor;
};
enum dispute_verdict {
    DISPUTE_TAKE = 1,
    DISPUTE_OLD,      /* known already, or overtaken by what is known */
    DISPUTE_CONFLICT, /* newer, and against what was final or booked: for a human */
};
enum dispute_verdict dispute_judge(const struct dispute_state *known, const struct dispute_state *told);

/* As was agreed with the partner: a chargeback of less is accepted, and nobody is asked about it. */
bool dispute_accepts_itself(const struct dispute_state *state, int64_t below_minor);

/* The ledger follows in steps, each once: held when it is a chargeback, then returned or lost. */
#define DISPUTE_STEPS(X)                                                                                               \
    X(HOLD, "hold")                                                                                                    \
    X(RETURN, "return")                                                                                                \
    X(LOSE, "lose")
#define DISPUTE_STEP_ROW(name, text) DISPUTE_STEP_##name,
enum dispute_step { DISPUTE_STEPS(DISPUTE_STEP_ROW) DISPUTE_STEP_COUNT /* nothing to do */ };
#undef DISPUTE_STEP_ROW
str dispute_step_name(enum dispute_step step);
enum dispute_booking dispute_booked_by(enum dispute_step step);
enum dispute_step dispute_next_step(const struct dispute_state *known);

struct dispute_basis {
    struct split_state at;       /* of the payment: captured, and gone by refunds and disputes until now */
    int64_t claimed_minor;       /* hold: the dispute's amount */
    int64_t taken_minor;         /* return, lose: what the hold took */
    int64_t fee_minor;           /* hold: the acquirer's */
    enum split_party fee_bearer; /* SPLIT_PLATFORM, SPLIT_PARTNER or SPLIT_SELLER */
    str seller;                  /* the store's user */
    const struct split_profile *split;
};
/*
 * More is claimed than is left of the payment. A payment is not taken twice: while another dispute holds money that may
 * come back, this one has overtaken the end of that one, and waits for it.
 */
bool dispute_claims_more(const struct dispute_basis *basis);
/* Amounts as postings have them: > 0 is given, < 0 comes back. */
struct dispute_booking_plan {
    int64_t amount_minor; /* held, returned or lost: never more than is left of the payment */
    struct shares shares;
    struct sellers sellers;
    struct posting posting; /* empty when nothing moves */
};
/* false: the basis contradicts itself. */
bool dispute_plan(enum dispute_step step, const struct dispute_basis *basis, struct dispute_booking_plan *ret);

/* ---- evidence ---- */

#define DISPUTE_TEXT_MAX 20000
#define DISPUTE_FILE_MAX_BYTES 1048576
#define DISPUTE_FILES_MAX 4
#define DISPUTE_NAME_MAX 100

enum file_verdict { FILE_GOOD = 1, FILE_EMPTY, FILE_TYPE_REFUSED, FILE_CONTENT_DIFFERS };
const char *file_verdict_text(enum file_verdict verdict);
/* type: as the sender declared it, parameters and all; *kind: without them. The content has to look like it. */
enum file_verdict dispute_file_judge(str type, bytes content, str *kind);

/* The name in a Content-Disposition (RFC 6266, the quoted form); one by its type when there is none that can be shown.
 */
str dispute_file_name(struct arena *a, str disposition, str kind);

/* When its owner is reminded of the end of his time. */
instant dispute_remind_at(instant evidence_due_at, duration lead);
