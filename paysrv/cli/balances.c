/* paysrv balances negative|write-off|undo-write-off|relieved: what sellers owe, and who bears it when they do not pay.
 */
#include <stdio.h>
#include <string.h>

#include "paysrv/domain/decision.h"
#include "paysrv/domain/money.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/negative.h"
#include "paysrv/store/negative.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/encode.h"
#include "shared/text/money_text.h"

#define ROWS 1000

/* How long by the seller's own time: a sandbox's is ahead. */
static err negative_print(struct task *t, const struct negative_list_row *row)
{
    TRY(clock_enter(t, row->partner_id));
    printf("%.*s\t%.*s\t%.*s\t%.*s\tsince %.*s, %lld day(s)\n", STR_ARG(row->partner_id.v), STR_ARG(row->user_id.v),
           STR_ARG(row->user_name), STR_ARG(money_text(t->arena, row->available, row->currency)),
           STR_ARG(instant_iso(t->arena, row->negative_since)),
           (long long)((t->now.us - row->negative_since.us) / DAYS(1).us));
    clock_leave(t);
    return OK;
}

int balances_negative(struct task *t, int argc, char **argv)
{
    const struct negative_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = negative_list(t, false, ROWS, &rows, &n);
    for (size_t i = 0; !e && i < n; i++)
        e = negative_print(t, &rows[i]);
    return e ? cli_failed(e) : cli_listed(n, ROWS);
}

int balances_write_off(struct task *t, int argc, char **argv)
{
    const char *user = NULL, *partner = NULL, *currency = NULL, *reason = NULL, *amount = NULL, *bearer = "platform";
    const struct cli_option options[] = {
        { "--partner", &partner, NULL }, { "--currency", &currency, NULL }, { "--reason", &reason, NULL },
        { "--amount", &amount, NULL },   { "--borne-by", &bearer, NULL },
    };
    int64_t wanted = 0;
    str waits = STR_NONE;
    if (!cli_read(argc, argv, &user, 1, options, 5) ||
        (amount && !cli_integer("--amount", amount, 1, MONEY_MAX_MINOR, &wanted)))
        return CLI_USAGE;
    if (!partner || !currency || !reason || !utf8_within(str_of(reason), NOTE_LEAST, NOTE_MOST))
        return cli_misuse("--partner P, --currency C and --reason TEXT (" NOTE_WANTED ") are needed");
    if (strcmp(bearer, "platform") != 0 && strcmp(bearer, "partner") != 0)
        return cli_misuse("--borne-by is platform or partner");
    struct relief relief = { .partner = { str_of(partner) },
                             .user = { str_of(user) },
                             .currency = str_of(currency),
                             .amount_minor = wanted,
                             .borne_by = str_of(bearer),
                             .reason = str_of(reason),
                             .by = cli_account(t->arena) };
    err e = clock_enter(t, relief.partner);
    if (!e)
        e = write_off_ask(t, &relief, &waits);
    if (e)
        return cli_failed(e);
    if (str_given(waits)) {
        printf("%.*s waits for another operator: paysrv entries approve %.*s\n", STR_ARG(waits), STR_ARG(waits));
        return CLI_DONE;
    }
    printf("%s: %.*s written off\n", user, STR_ARG(money_text(t->arena, relief.amount_minor, relief.currency)));
    return CLI_DONE;
}

int balances_undo_write_off(struct task *t, int argc, char **argv)
{
    const char *write_off = NULL, *reason = NULL;
    const struct cli_option options[] = { { "--reason", &reason, NULL } };
    struct relief done;
    str waits;
    if (!cli_read(argc, argv, &write_off, 1, options, 1))
        return CLI_USAGE;
    if (!reason || !utf8_within(str_of(reason), NOTE_LEAST, NOTE_MOST))
        return cli_misuse("--reason TEXT (" NOTE_WANTED ") is needed");
    str by = cli_account(t->arena);
    const struct undoing undoing = {
        .write_off = str_of(write_off), .reason = str_of(reason), .by = by, .by_name = by
    };
    err e = write_off_undo(t, &undoing, &done, &waits);
    if (e)
        return cli_failed(e);
    if (str_given(waits))
        printf("%.*s waits for another operator: paysrv entries approve %.*s\n", STR_ARG(waits), STR_ARG(waits));
    else
        printf("%.*s: %.*s owed again\n", STR_ARG(done.user.v),
               STR_ARG(money_text(t->arena, done.amount_minor, done.currency)));
    return CLI_DONE;
}

int balances_relieved(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct relief_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = relief_list(t, (partner_id){ str_of(partner) }, ROWS, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\tborne by %.*s\t%.*s\tby %.*s\t%.*s\n",
               STR_ARG(instant_iso(t->arena, rows[i].created_at)), STR_ARG(rows[i].kind), STR_ARG(rows[i].user_id.v),
               STR_ARG(money_text(t->arena, rows[i].amount, rows[i].currency)), STR_ARG(rows[i].borne_by),
               STR_ARG(rows[i].reason), STR_ARG(rows[i].made_by), STR_ARG(rows[i].relief_id));
    return cli_listed(n, ROWS);
}
