/*
 * What a month was for a partner, made of what the ledger moved in it: for each kind of entry what the accounts of each
 * kind got, and the figures of the cooperation agreement, which are sums of that and nothing else.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "shared/base/str.h"

#define REPORT_ROWS_MAX 60

/* Debit positive, as it was posted. */
struct report_movement {
    str entry;   /* its kind */
    str account; /* its kind */
    int64_t entries, amount_minor;
};

/* What the parties got by one kind of entry; a minus is what they gave. */
struct report_row {
    str entry;
    int64_t entries;
    /* Of buyers' money, what the parties got together: also less the acquirer's fee for a dispute. */
    int64_t gross_minor;
    int64_t sellers_minor, partner_minor, platform_minor, in_transit_minor;
};

struct report_party {
    int64_t opening_minor, closing_minor;
};

struct report {
    struct report_row rows[REPORT_ROWS_MAX];
    size_t n;
    int64_t sales_minor, refunds_minor, disputes_minor; /* of buyers: paid, given back, taken back by their banks */
    int64_t sellers_share_minor, partner_share_minor, platform_share_minor;
    int64_t paid_out_minor, returned_minor; /* to sellers, and what came back of it */
    struct report_party sellers, partner, in_transit;
};

/* The balances that accounts of a kind have together, in their own direction. */
struct report_balance {
    str account;
    int64_t opening_minor, closing_minor;
};

/* false: an entry does not sum to zero, or what was moved does not lead from the opening balances to the closing ones.
 */
bool report_make(const struct report_movement *movements, size_t n, const struct report_balance *balances,
                 size_t n_balances, struct report *ret);
