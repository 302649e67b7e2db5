/*
 * Who gets what of a payment (MONEY 6.A 2, 3, 5; docs/decisions/0036). A profile is a list of rules; one of them takes
 * the rest. A rule's share is fixed + basis points of the amount, not under its minimum and not over its cap.
 * Shares are exact: each is rounded down, and what is left over goes, one unit each, to the largest remainders, ties
 * in the order of declaration. Where everybody stands is a function of how much has come in and gone back until now,
 * never of the steps: a step's shares are the difference of two states, so any order of captures, refunds and disputes
 * ends at the same units.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/base/str.h"

#define SPLIT_BP 10000
#define SPLIT_RULES_MAX 16

#define SPLIT_PARTIES(X)                                                                                               \
    X(PLATFORM, "platform")                                                                                            \
    X(PARTNER, "partner")                                                                                              \
    X(SELLER, "seller") /* the user whose store it is */                                                               \
    X(USER, "user")     /* another user of the partner */
#define SPLIT_PARTY_ROW(name, text) SPLIT_##name,
enum split_party { SPLIT_PARTIES(SPLIT_PARTY_ROW) SPLIT_PARTY_COUNT };
#undef SPLIT_PARTY_ROW
str split_party_name(enum split_party party);
bool split_party_parse(str name, enum split_party *ret);

/* What a receiver gives back of its share when money goes back to the buyer. The rest bears what others keep. */
#define SPLIT_RETURNS(X)                                                                                               \
    X(PRO_RATA, "pro_rata") /* in proportion */                                                                        \
    X(FULL, "full")         /* all of it, out of the first money that goes back */                                     \
    X(NONE, "none")         /* nothing */
#define SPLIT_RETURN_ROW(name, text) RETURN_##name,
enum split_return { SPLIT_RETURNS(SPLIT_RETURN_ROW) SPLIT_RETURN_COUNT };
#undef SPLIT_RETURN_ROW
str split_return_name(enum split_return on_refund);
bool split_return_parse(str name, enum split_return *ret);

struct split_rule {
    enum split_party party;
    str user;   /* of SPLIT_USER */
    int32_t bp; /* of the amount */
    int64_t fixed_minor, min_minor;
    int64_t cap_minor; /* 0: none */
    bool is_rest;      /* takes what the others leave, and has nothing else */
    enum split_return on_refund;
};

struct split_profile {
    struct split_rule rules[SPLIT_RULES_MAX];
    size_t n;
};

/* Why a list of rules is no profile, or an amount cannot be split by it. */
#define SPLIT_VERDICTS(X)                                                                                              \
    X(GOOD, "good")                                                                                                    \
    X(RULE_COUNT, "must be a list of 1 to 16 rules")                                                                   \
    X(BP_RANGE, "must have a bp from 0 to 10000")                                                                      \
    X(UNITS_RANGE, "must have a fixed, min and cap from 0 to 1000000000000 minor units")                               \
    X(CAP_UNDER_MIN, "must not have a cap under its min or its fixed part")                                            \
    X(REST_HAS_SHARE, "takes the rest, so it can have no bp, fixed, min, cap or on_refund")                            \
    X(USER_MISSING, "must name its user")                                                                              \
    X(USER_FOREIGN, "must not name a user: only the party user has one")                                               \
    X(RECEIVER_TWICE, "names a receiver that another rule names")                                                      \
    X(REST_COUNT, "must have exactly one rule that takes the rest")                                                    \
    X(OVER_WHOLE, "must not have more than 10000 bp together")                                                         \
    X(OVER_AMOUNT, "comes to more than the amount")
#define SPLIT_VERDICT_ROW(name, text) SPLIT_##name,
enum split_verdict { SPLIT_VERDICTS(SPLIT_VERDICT_ROW) SPLIT_VERDICT_COUNT };
#undef SPLIT_VERDICT_ROW
const char *split_verdict_text(enum split_verdict verdict);

/* Platform and partner take basis points, in this order, and the seller the rest. */
struct split_profile split_of_bp(int32_t platform_bp, int32_t partner_bp);
/* *rule is the rule that the verdict is about; profile->n when it is about all of them. */
enum split_verdict split_judge(const struct split_profile *profile, size_t *rule);
/* Whether any rule counts in minor units, so that the profile is one of a certain currency. */
bool split_has_units(const struct split_profile *profile);

/* Whether a rule asks for no less than the receiver's terms do and gives no more back. Not whether it is served. */
bool split_is_at_least(const struct split_rule *rule, const struct split_rule *terms);
/* The rule of a party; NULL: it has none. user is looked at for SPLIT_USER only. */
const struct split_rule *split_rule_of(const struct split_profile *profile, enum split_party party, str user);

/*
 * What a profile of the operator's is to the platform: its rule, after those that are served before it. Under a profile
 * whose rule for the platform is at least this one, and with nobody ahead of it, the platform gets no less, but for
 * units of rounding, of any part of any payment, and keeps no less after any refund.
 */
struct split_profile split_terms_of(const struct split_profile *profile);
/* The first rule that is served before the platform's and is not so, or not with as much, by its terms; NULL: none. */
const struct split_rule *split_ahead(const struct split_profile *profile, const struct split_profile *terms);
/* Has the platform's rule served first, which it is wherever it has the rest not. The place it was in; 0: as it was. */
size_t split_lead(struct split_profile *profile);
/* Declares a rule as the first, the others as they were. */
void split_put_first(struct split_profile *profile, size_t rule);

/*
 * The shares of a whole amount, shares[profile->n], each >= 0, with the sum amount_minor; 0 is a receiver that gets
 * nothing. OVER_AMOUNT: the rules come to more than it, as when it is under a fixed part.
 */
enum split_verdict split_allocate(const struct split_profile *profile, int64_t amount_minor, int64_t *shares);

/* What has come in and what has gone back (refunds and lost or open disputes), since the payment was made. */
struct split_state {
    int64_t captured_minor, returned_minor;
};

/*
 * What everybody has in a state: 0 <= returned <= captured <= MONEY_MAX_MINOR, else false. The sum is captured -
 * returned. Of money that does not reach for all rules, those declared first have theirs first. Every share is >= 0,
 * except that of the rest under rules that keep theirs (RETURN_NONE).
 */
bool split_position(const struct split_profile *profile, struct split_state state, int64_t *shares);
/* What everybody gets (> 0) or gives (< 0) from one state to another: a capture, a refund, a dispute or its end. */
bool split_step(const struct split_profile *profile, struct split_state before, struct split_state after,
                int64_t *shares);
