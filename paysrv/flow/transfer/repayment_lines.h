/* What a line of the bank's does to a repayment of ours, by the rules of payouts (domain/bank_match.h). */
#pragma once

#include "paysrv/flow/bank/bank_line.h"

/* The repayment that a line names; absent: none. */
str repayment_of_line(struct task *t, bank_row *line);
MUST_USE err repayment_line_take(struct task *t, bank_row *line);
/* As one of an order that the line is about as a whole, and that has its own end. */
MUST_USE err repayment_member_take(struct task *t, bank_row *line, str repayment);
