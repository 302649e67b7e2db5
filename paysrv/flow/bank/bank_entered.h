/* Lines that tell of what an operator has booked already, when another message of the bank's showed it. */
#pragma once

#include "paysrv/flow/bank/bank_line.h"

/* *done: it is in the books, whatever it would match by now. When this message says whose it is and the other one did
 * not, a break says so, of which nothing is booked. */
MUST_USE err bank_entered_note(struct task *t, bank_row *line, bool *done);
