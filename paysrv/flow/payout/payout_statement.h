/*
 * What is in a payout: the entries of its seller's account since the payout before it was held, in the order of the
 * ledger. opening + entries - payout = closing, and closing is the opening of the next one, whatever becomes of either:
 * what is undone later is an entry of a later one. Page by page, in memory that does not grow.
 */
#pragma once

#include "paysrv/flow/sink.h"
#include "paysrv/store/payout_statement.rows.h"
#include "shared/base/buf.h"
#include "shared/base/task.h"

#define STATEMENT_CURSOR_MAX_BYTES 100

/* How far a reader is. */
struct statement_place {
    int64_t entry;
    int32_t line;
    int64_t opening_minor, balance_minor; /* balance_minor: after what was read */
};

struct statement_page {
    const struct payout_span_row *span;
    struct statement_place from, to;
    const struct account_lines_row *lines;
    size_t n;
    bool is_last;
};

/* owner: absent, or the user whom it has to belong to. place NULL: the first page. */
MUST_USE err payout_statement_read(struct task *t, partner_id partner, payout_id payout, str owner,
                                   const struct statement_place *place, size_t limit, struct statement_page *ret);
/* The balance after line i. */
int64_t payout_statement_balance(const struct statement_page *page, size_t i);
/* "entry line opening balance" and back. */
str statement_place_text(struct arena *a, const struct statement_place *place);
bool statement_place_parse(str text, struct statement_place *ret);
/* With a line of names before the first page, and the payout itself after the last one. */
void payout_statement_csv(struct task *t, const struct statement_page *page, bool is_first, struct buf *out);
/* The whole sheet, a page at a time, each in memory of its own. */
MUST_USE err payout_statement_write(struct task *t, partner_id partner, payout_id payout, const struct sink *sink);
