/*
 * What an operation means for the ledger: a list of (account, signed amount) that sums to zero. Debit is positive.
 * An amount that would be zero makes no line.
 */
#pragma once

#include "paysrv/domain/money.h"
#include "paysrv/domain/stores/split.h"
#include "shared/base/array.h"

#define POSTING_MAX_LINES 8
#define POSTING_MAX_MINOR INT64_C(1000000000000000) /* of one line */

/* Lines as the statements take them: kind of account (the partner's, in the operation's currency) and amount. */
struct posting {
    str kinds[POSTING_MAX_LINES];
    int64_t amounts[POSTING_MAX_LINES];
    size_t n;
};

/* Shares of the parties of one amount. */
struct shares {
    int64_t platform, partner, seller;
};
/* Who shares what the sellers get or give together, in the order of declaration. */
struct sellers {
    str users[SPLIT_RULES_MAX];
    int64_t amounts[SPLIT_RULES_MAX];
    size_t n;
};
/* seller: the user whom the party seller is. */
struct sellers sellers_of(const struct split_profile *split, str seller, const int64_t *shares);
/* The shares of a profile's receivers as those of the parties. */
struct shares shares_of(const struct split_profile *split, const int64_t *shares);

/* false: the shares do not sum to the amount, or leave the range of a posting. */
bool posting_of_charge(int64_t amount_minor, const struct shares *shares, struct posting *ret);
bool posting_of_refund(int64_t amount_minor, const struct shares *shares, struct posting *ret);
/* A step of a dispute, every amount as it is posted; without amounts it has no lines. */
bool posting_of_dispute(int64_t disputed_minor, int64_t receivable_minor, const struct shares *shares,
                        struct posting *ret);
/* false: it is too large, or there is no room. An amount of 0 is no line. */
bool posting_add(struct posting *posting, str kind, int64_t amount);
bool posting_is_balanced(const struct posting *posting);
/* The amount of the line on that kind of account; 0 when there is none. */
int64_t posting_amount_of(const struct posting *posting, str kind);

static inline str_array posting_kinds(const struct posting *posting)
{
    return (str_array){ posting->kinds, posting->n };
}

static inline i64_array posting_amounts(const struct posting *posting)
{
    return (i64_array){ posting->amounts, posting->n };
}
