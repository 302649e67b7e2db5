/* Statements and reports as files, the same for who owns them and for who looks on: streamed, named, of each format. */
#pragma once

#include "paysrv/flow/ledger/account_statement.h"
#include "paysrv/flow/ledger/books.h"
#include "paysrv/store/fee_invoice.rows.h"
#include "shared/http/endpoint.h"

/* As account_statement_open; from a route that is RUN_COSTLY. for_people: CSV begins with CSV_BOM. */
MUST_USE err statement_reply(struct task *t, const struct account_wanted *wanted, bool for_people, struct response *rs);
/* The same of the journal or the trial balance; as books_open and books_write. */
MUST_USE err books_reply(struct task *t, const struct books_wanted *wanted, bool for_people, struct response *rs);
/* All that is in a payout, as CSV for people. As payout_statement_read. */
MUST_USE err payout_statement_reply(struct task *t, partner_id partner, payout_id payout, struct response *rs);
/* json (or absent), csv, pdf. As partner_report_read; INVALID_PARAMETER naming format. */
struct report_wanted {
    partner_id partner;
    str month, currency, format, locale; /* locale: of the PDF */
    bool for_people;
};
MUST_USE err report_reply(struct task *t, const struct report_wanted *wanted, struct response *rs);
/* json (or absent), pdf. row NULL: NOT_FOUND; INVALID_PARAMETER naming format. */
MUST_USE err fee_invoice_reply(struct task *t, const struct fee_invoice_find_row *row, str format, struct response *rs);
