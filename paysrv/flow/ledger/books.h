/*
 * The books of a period as an accountant takes them in: the journal (every entry with its lines) and the trial balance
 * (every account with opening, debits, credits and closing, and their sums, which are even or there is none). Written
 * piece by piece, in memory that does not grow with them.
 */
#pragma once

#include "paysrv/domain/ledger/journal.h"
#include "paysrv/flow/ledger/book_period.h"
#include "paysrv/flow/sink.h"
#include "paysrv/store/newtypes.h"
#include "shared/text/csv.h"
#include "shared/text/json_out.h"

#define JOURNAL_MAX_ENTRIES 10000000 /* at some 400 bytes a line: more would fill the disk that it is written to */
#define JOURNAL_TOO_LONG STR("there are more than 10000000 entries: ask for less")
#define JOURNAL_MAX_DAYS 366

enum books_format { BOOKS_CSV = 1, BOOKS_JSONL };
enum books_paper { BOOKS_JOURNAL = 1, BOOKS_TRIAL_BALANCE };

struct books_wanted {
    enum books_paper paper;
    partner_id partner; /* absent: of all that are live */
    bool is_partners;   /* as its partner sees the books (domain/journal.h), else as they are */
    str from, to, zone; /* as book_period_read */
    str format;         /* csv (or absent), jsonl */
};

struct books {
    struct books_wanted wanted;
    struct book_period period;
    enum books_format format;
    int64_t at_once; /* as that of struct account_span, for a trial balance; 0: as many as it says */
};

/* INVALID_PARAMETER naming format, from, to or zone. */
MUST_USE err books_open(struct task *t, const struct books_wanted *wanted, struct books *ret);
/* INVALID_PARAMETER naming to: there are more than JOURNAL_MAX_ENTRIES. */
MUST_USE err books_write(struct task *t, const struct books *b, const struct sink *sink);
/* journal-2026-11-01, without the ending. */
str books_name(struct arena *a, const struct books *b);

/* ---- for the papers ---- */

MUST_USE err journal_write(struct task *t, const struct books *b, const struct sink *sink);
MUST_USE err trial_balance_write(struct task *t, const struct books *b, const struct sink *sink);
/* The line that JSON lines begin with. */
void books_head(struct buf *out, const struct books *b, const char *object);
/* The two cells of an amount that is debit positive. An empty one: it is on the other side. */
void books_sides(struct task *t, struct csv *c, int64_t amount_minor, str currency);
static inline int64_t books_debit(int64_t amount_minor)
{
    return amount_minor > 0 ? amount_minor : 0;
}
static inline int64_t books_credit(int64_t amount_minor)
{
    return amount_minor < 0 ? -amount_minor : 0;
}
static inline str trial_sums_currency(const struct trial_sums *s)
{
    return (str){ s->currency, sizeof s->currency };
}
