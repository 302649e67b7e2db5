/*
 * Deals (MONEY 6.A9): what a buyer has paid is held until his partner says that it was delivered, in parts if he likes,
 * or until the deal ends by itself. What was released is counted like what went back: in the payment's own units,
 * cumulatively, so that each seller's part is a function of three sums (captured, returned, released) and any order of
 * captures, refunds, disputes and releases ends at the same units. What goes back is of what is held first.
 */
#pragma once

#include <stddef.h>

#include "shared/base/instant.h"
#include "shared/base/str.h"

/* What becomes of the rest when its time is over. */
enum deal_end { DEAL_RELEASES = 1, DEAL_RETURNS };
str deal_end_name(enum deal_end end);
bool deal_end_parse(str name, enum deal_end *ret);
/* Whether a deal may go on so long: a duration of ISO 8601, from an hour to a year. */
bool deal_after_is_taken(str text);

struct deal_state {
    int64_t captured_minor, returned_minor; /* paid until now; refunds and disputes */
    int64_t returning_minor;                /* refunds without an outcome */
    int64_t released_minor;
    bool is_over;    /* it holds nothing any more */
    bool is_settled; /* nothing more will be captured */
};

/* Of what was paid, what is neither delivered nor on its way back. */
int64_t deal_open_minor(const struct deal_state *d);

#define DEAL_VERDICTS(X)                                                                                               \
    X(GOOD, "good")                                                                                                    \
    X(NOT_PAID, "nothing of it is paid")                                                                               \
    X(OVER, "nothing of it is held any more")                                                                          \
    X(TOO_LARGE, "more than is held")

#define DEAL_VERDICT_ROW(name, text) DEAL_##name,
enum deal_verdict { DEAL_VERDICTS(DEAL_VERDICT_ROW) DEAL_VERDICT_COUNT };
#undef DEAL_VERDICT_ROW
str deal_verdict_text(enum deal_verdict verdict);

/* wanted_minor 0: all that is held. On DEAL_GOOD how much is released with it; *ends: the deal is over then. */
enum deal_verdict deal_release_judge(const struct deal_state *d, int64_t wanted_minor, int64_t *amount_minor,
                                     bool *ends);

/*
 * How much of a payment is gone for holdback_left, as far as a part of its deal goes. is_early: the day before which
 * the store's terms let nothing of it go has not come, so that only what went back counts.
 */
int64_t deal_gone_minor(const struct deal_state *d, bool is_early);
/* What is held of each of one seller's n parts (of one capture after the other), together holdback_left of their sum.
 */
void deal_parts_left(const int64_t *parts, size_t n, int64_t captured_minor, int64_t gone_minor, int64_t *helds);
