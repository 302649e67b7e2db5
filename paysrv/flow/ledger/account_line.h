/* A line of a seller's account as the sheets show it: of a payment with what came, the acquirer's fee, what is left,
 * and whose it is. */
#pragma once

#include "paysrv/flow/ledger/book_period.h"
#include "paysrv/store/payout_statement.rows.h"
#include "shared/base/task.h"
#include "shared/text/csv.h"

/* What all parties have of it; platform + partner + other sellers + amount. */
int64_t account_line_net(const struct account_lines_row *line);
void account_line_names(struct csv *csv);
/* What only entries have, between reference and balance. */
void account_line_blanks(struct csv *csv);
/* p: in whose zone its day is. */
void account_line_write(struct task *t, struct csv *csv, const struct book_period *p,
                        const struct account_lines_row *line, int64_t balance_minor, str currency);
