/* One line of the bank's, for those who take it up: what it says, and that it is done or a break. See bank_lines.h. */
#pragma once

#include "paysrv/domain/bank/bank_answer.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/bank.rows.h"
#include "shared/base/task.h"

typedef const struct bank_lines_open_row bank_row;

enum bank_line_kind bank_line_kind_of(bank_row *line);
/* Of what came back of an amount: how much the bank kept, which is no more than it may; -1: it is another amount. */
int64_t bank_line_kept(const struct task *t, bank_row *line, int64_t paid_minor, str currency);
/* Without moving money. */
MUST_USE err bank_line_finish(struct task *t, bank_row *line, const char *outcome, str payout,
                              enum bank_outcome counted);
MUST_USE err bank_line_break(struct task *t, bank_row *line, const char *kind, str payout, const char *why);
/* A break beside a line that is taken up otherwise: nothing of it is booked. */
MUST_USE err bank_line_point_out(struct task *t, bank_row *line, str payout, str why);
/* Before what was not taken up is booked: BREAK_STATE (break) when another message has brought it into the books, or is
 * about to. In the transaction that books it. */
MUST_USE err bank_line_unbooked(struct task *t, int64_t line);
