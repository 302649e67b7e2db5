/*
 * What accounts had at one place of the ledger, and what moved on them until another: for all that is said of a period.
 * It is added up by statements of which each looks at so much as it has time for, however much there is, beginning at
 * the last closing of each account.
 *
 * Those statements see different moments, and all see the same: a place is an end of the ledger up to which everything
 * is committed (ledger_cut.h), entries are numbered in order and never change, and what is booked meanwhile comes after
 * it. So what an account had at a place is true for ever as well, and may be kept, be a period over there or not.
 */
#pragma once

#include "paysrv/domain/ledger/journal.h"
#include "paysrv/store/newtypes.h"
#include "paysrv/store/statement.sql.h"
#include "shared/base/task.h"

#define ACCOUNT_SUMS_AT_ONCE INT64_C(250000) /* a second, where the disks are slow */

/* The entries after one, up to another. */
struct account_span {
    int64_t from_entry, to_entry;
    int64_t at_once; /* postings, or entries, that one statement adds up; 0: ACCOUNT_SUMS_AT_ONCE */
};

static inline int64_t account_span_at_once(const struct account_span *span)
{
    return span->at_once ? span->at_once : ACCOUNT_SUMS_AT_ONCE;
}

/* Amounts are debit positive. */
struct account_sum {
    int64_t account;
    /* ---- what is found ---- */
    int32_t side; /* 1, -1: its own direction */
    int64_t opening_minor, debits_minor, credits_minor;
    int64_t entries; /* that moved something */
};

/* Of these n accounts. What took long to add up before the span is kept as a closing of its beginning. */
MUST_USE err account_sums_read(struct task *t, const struct account_span *span, struct account_sum *sums, size_t n);
/* false: it does not fit a number. */
bool account_sum_closing(const struct account_sum *sum, int64_t *ret);

/* ---- of a partner ---- */

struct account_range {
    partner_id partner;
    const str_array *kinds; /* NULL: all */
    str currency;           /* absent: all */
    struct account_span span;
    bool is_closed; /* the span ends with a period that is over: closings are kept, so that the next one begins there */
};

typedef err account_page_fn(struct task *t, void *context, const struct account_page_row *accounts,
                            const struct account_sum *sums, size_t n);

/* Page by page, in the order of their names, in memory that does not grow with them. */
MUST_USE err account_pages_read(struct task *t, const struct account_range *range, account_page_fn *page,
                                void *context);
