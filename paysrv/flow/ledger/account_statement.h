/*
 * A statement of an account: what it had, every entry of the period with the balance after it, what it has. Opening
 * and closing are known before the first entry and compared with the last. Written piece by piece, in memory that does
 * not grow with it.
 */
#pragma once

#include "paysrv/flow/ledger/book_period.h"
#include "paysrv/flow/sink.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"
#include "web/text.h"

#define STATEMENT_MAX_ENTRIES 1000000
#define STATEMENT_PDF_MAX_ENTRIES 2000 /* a PDF is made as a whole */

enum account_format { STATEMENT_CSV = 1, STATEMENT_JSONL, STATEMENT_CAMT053, STATEMENT_PDF };
bool account_format_parse(str text, enum account_format *ret);

struct account_wanted {
    partner_id partner;
    str kind; /* seller, own_sales, partner, platform */
    str user; /* of a seller, else empty */
    str currency;
    str from, to; /* days, the last one not in it: 2026-11-01; absent: of this month, until now */
    str zone;     /* in which days begin; absent: UTC */
    enum account_format format;
    enum language language; /* of a PDF */
};

struct account_statement {
    struct account_wanted wanted;
    str owner;
    struct book_period period; /* once it is closed, this statement will always be the same */
    int64_t account;
    int64_t opening_minor, came_minor, went_minor, closing_minor, entries;
};

/* INVALID_PARAMETER naming from, to, zone or currency; NOT_FOUND: there is no such account. */
MUST_USE err account_statement_open(struct task *t, const struct account_wanted *wanted, struct account_statement *ret);
MUST_USE err account_statement_write(struct task *t, const struct account_statement *s, const struct sink *sink);
/* The day on which it begins, in its zone. */
str account_statement_day(struct arena *a, const struct account_statement *s);
