/* What a partner and its sellers had when a month began and when it ended, for its report. */
#pragma once

#include "paysrv/domain/report/report.h"
#include "paysrv/flow/ledger/account_sums.h"

#define REPORT_BALANCES 3 /* kinds of accounts: of sellers, of the partner, on its way to sellers */

/* is_closed: the month is over, and the next one begins with what each account had at its end. */
MUST_USE err report_balances_read(struct task *t, partner_id partner, str currency, struct account_span month,
                                  bool is_closed, struct report_balance ret[REPORT_BALANCES]);
