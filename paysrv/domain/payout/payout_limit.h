/*
 * Limits of payouts: the least and the most of one, sums per day and month (UTC), how many a day, and from which amount
 * on two operators have to approve, or the user has to have logged in how. Of a seller, and of all sellers of a partner
 * together. Pure; 0 is no limit.
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/array.h"
#include "shared/base/instant.h"

struct payout_limits {
    int64_t least_minor, most_minor, per_day_minor, per_month_minor, count_per_day, approve_from_minor;
    int64_t step_up_from_minor, step_up_max_age_s;
    int64_t details_from_minor; /* the user has to allow each payout by itself (RFC 9396) */
    str step_up_acr;            /* values of acr, space-separated, one of which is enough */
};

/* What was confirmed before, without the payout in question. */
struct payout_usage {
    int64_t day_minor, day_count, month_minor;
};

enum limit_verdict { LIMIT_KEPT = 1, LIMIT_LEAST, LIMIT_MOST, LIMIT_PER_DAY, LIMIT_PER_MONTH, LIMIT_COUNT };

enum limit_verdict payout_limit_judge(const struct payout_limits *limits, const struct payout_usage *used,
                                      int64_t amount_minor);
/* false: no payout is at least the one and at most the other. */
bool payout_limits_fit(int64_t least_minor, int64_t most_minor);
bool payout_needs_approval(const struct payout_limits *limits, int64_t amount_minor);
/* From no more on than before: what one operator may say alone. */
bool payout_approval_is_kept(int64_t before_minor, int64_t after_minor);
/* How the user who asks was logged in, as his token says. */
struct user_login {
    str acr;    /* absent: it does not say */
    instant at; /* 1970: it does not say */
};
/* What a user asks for counts together, else many small payouts were as good as a large one without a log-in: from the
 * beginning of the day (UTC) on, or from his last log-in of the kind that is demanded. login.at by the same clock as
 * now. */
instant payout_step_up_since(const struct payout_limits *limits, const struct user_login *login, instant now);
/* true: he has to log in (again) for this amount, with what he has asked for since; RFC 9470. */
bool payout_needs_step_up(const struct payout_limits *limits, int64_t amount_minor, const struct user_login *login,
                          instant now);
/* Words that can stand in a quoted string of WWW-Authenticate as they are. */
bool acr_values_valid(str text);
/* What the one who asks may be told. */
str payout_limit_explain(struct arena *a, enum limit_verdict verdict, const struct payout_limits *limits, str currency);
/* "2026-11-26" and "2026-11" */
str payout_day(struct arena *a, instant at);
str payout_month(struct arena *a, instant at);

/* ---- why operators look at one before it goes ---- */

#define APPROVAL_REASONS(X)                                                                                            \
    X(AMOUNT, "amount")           /* with what nobody approved that day, from the amount on that has to be */          \
    X(FREQUENT, "frequent")       /* one too many of the seller's within an hour */                                    \
    X(NEW_ACCOUNT, "new_account") /* much for an account as new as this */                                             \
    X(SCREENING, "screening")     /* its payee is new, and the operator's own service has not allowed him yet */

#define APPROVAL_REASON_ROW(name, text) APPROVAL_##name,
enum approval_reason { APPROVAL_REASONS(APPROVAL_REASON_ROW) APPROVAL_REASON_COUNT };
#undef APPROVAL_REASON_ROW

struct approval_reasons {
    bool has[APPROVAL_REASON_COUNT];
};
/* Operators have to approve it, whatever their service says of the payee. */
bool approval_is_operators(const struct approval_reasons *why);
/* Their names. */
str_array approval_reasons_list(struct arena *a, const struct approval_reasons *why);

/* ---- four eyes ---- */

#define PAYOUT_APPROVALS 2
#define COMMAND_LINE "uid:" /* what the names of accounts of the system begin with: shared/ops/cli.h */

enum approval_verdict {
    APPROVAL_NOTED = 1, /* one more of another operator is needed */
    APPROVAL_ENOUGH,
    APPROVAL_OWN, /* whoever asked for it, or gets it, has no say */
};

/* Whoever asked for it, or gets it: requested_by and owner may be absent. */
bool approval_is_own(str subject, str requested_by, str owner);
/* others: operators who have approved the same content before. */
enum approval_verdict approval_judge(str subject, str requested_by, str owner, int64_t others);
