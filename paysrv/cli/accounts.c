/* paysrv statements write: every entry of an account in a period, to the standard output. */
#include <stdio.h>

#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/account_statement.h"
#include "paysrv/flow/report/paper_words.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"

static err put(struct task *t, void *context, str piece)
{
    (void)context;
    return fwrite(piece.p, 1, piece.n, stdout) == piece.n ? OK : FAIL(t, UNAVAILABLE, "the output takes no more");
}

int statements_write(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *account = "partner", *user = "", *currency = NULL, *from = NULL, *to = NULL,
               *zone = NULL, *format = "csv", *locale = NULL;
    const struct cli_option options[] = {
        { "--account", &account, NULL, NULL },
        { "--user", &user, NULL, NULL },
        { "--currency", &currency, NULL, NULL },
        { "--from", &from, NULL, NULL },
        { "--to", &to, NULL, NULL },
        { "--zone", &zone, NULL, NULL },
        { "--format", &format, NULL, NULL },
        { "--locale", &locale, NULL, NULL },
    };
    const struct sink sink = { put, NULL };
    struct account_statement s;
    if (!cli_read(argc, argv, &partner, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!currency)
        return cli_misuse("--currency is needed");
    struct account_wanted wanted = { .partner = { str_of(partner) },
                                     .kind = str_of(account),
                                     .user = str_of(user),
                                     .currency = str_of(currency),
                                     .from = str_of(from),
                                     .to = str_of(to),
                                     .zone = str_of(zone) };
    if (!account_format_parse(str_of(format), &wanted.format))
        return cli_misuse("--format is csv, jsonl, camt053 or pdf");
    wanted.language = paper_language_find(str_of(locale));
    err e = clock_enter(t, wanted.partner);
    if (!e)
        e = account_statement_open(t, &wanted, &s);
    if (!e)
        e = account_statement_write(t, &s, &sink);
    return e ? cli_failed(e) : CLI_DONE;
}
