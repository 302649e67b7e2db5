/* paysrv ledger journal|trial-balance: the books of a period for an accountant, to the standard output. */
#include <stdio.h>

#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/books.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

static err put(struct task *t, void *context, str piece)
{
    (void)context;
    return fwrite(piece.p, 1, piece.n, stdout) == piece.n ? OK : FAIL(t, UNAVAILABLE, "the output takes no more");
}

static err books_print(struct task *t, const struct books_wanted *wanted)
{
    const struct sink sink = { put, NULL };
    const struct partner_find_row *partner = NULL;
    struct books books;
    if (wanted->partner.v.n) {
        TRY(partner_find(t, wanted->partner, &partner));
        if (!partner)
            return FAIL(t, NOT_FOUND, "no such partner");
        TRY(clock_enter(t, partner->partner_id));
    }
    TRY(books_open(t, wanted, &books));
    return books_write(t, &books, &sink);
}

static int books_verb(struct task *t, int argc, char **argv, enum books_paper paper)
{
    const char *partner = NULL, *from = NULL, *to = NULL, *zone = NULL, *format = "csv";
    const struct cli_option options[] = {
        { "--partner", &partner, NULL, NULL }, { "--from", &from, NULL, NULL },     { "--to", &to, NULL, NULL },
        { "--zone", &zone, NULL, NULL },       { "--format", &format, NULL, NULL },
    };
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    const struct books_wanted wanted = { .paper = paper,
                                         .partner = { str_of(partner) },
                                         .from = str_of(from),
                                         .to = str_of(to),
                                         .zone = str_of(zone),
                                         .format = str_of(format) };
    if (!str_has_word(STR("csv jsonl"), wanted.format))
        return cli_misuse("--format is csv or jsonl");
    err e = books_print(t, &wanted);
    return e ? cli_failed(e) : CLI_DONE;
}

int ledger_journal(struct task *t, int argc, char **argv)
{
    return books_verb(t, argc, argv, BOOKS_JOURNAL);
}

int ledger_trial_balance(struct task *t, int argc, char **argv)
{
    return books_verb(t, argc, argv, BOOKS_TRIAL_BALANCE);
}
