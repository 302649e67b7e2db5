/* paysrv balances reserve|reserves: what of sellers' balances payouts leave alone. */
#include <stdio.h>
#include <string.h>

#include "paysrv/domain/decision.h"
#include "paysrv/domain/money.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/reserve.h"
#include "paysrv/store/reserve.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/encode.h"
#include "shared/text/money_text.h"

struct words {
    const char *user, *partner, *currency, *amount, *until, *reason;
    bool is_release;
};

/* CLI_DONE, or what was said to be wrong. */
static int order_read(struct task *t, const struct words *w, struct reserve_order *ret)
{
    static instant ends;
    if (!w->partner || !w->currency || (w->amount != NULL) == w->is_release)
        return cli_misuse("--partner P, --currency C and either --amount N or --release are needed");
    if (!w->is_release && (!w->reason || !utf8_within(str_of(w->reason), NOTE_LEAST, NOTE_MOST)))
        return cli_misuse("--reason TEXT (" NOTE_WANTED ") is needed with --amount");
    *ret = (struct reserve_order){ .partner = { str_of(w->partner) },
                                   .user = { str_of(w->user) },
                                   .currency = str_of(w->currency),
                                   .reason = w->reason ? str_of(w->reason) : STR("released"),
                                   .by = cli_account(t->arena) };
    if (w->amount && !cli_integer("--amount", w->amount, 1, MONEY_MAX_MINOR, &ret->amount_minor))
        return CLI_USAGE;
    if (!*w->user)
        return cli_misuse("USER is a seller: what a partner sells itself is not paid out by request");
    if (w->until && (w->is_release || !instant_parse(str_of(w->until), &ends)))
        return cli_misuse("--until is a time such as 2027-03-31T00:00:00Z, with --amount");
    if (w->until)
        ret->ends = &ends;
    return CLI_DONE;
}

int balances_reserve(struct task *t, int argc, char **argv)
{
    struct words w = { 0 };
    const struct cli_option options[] = {
        { "--partner", &w.partner, NULL }, { "--currency", &w.currency, NULL }, { "--amount", &w.amount, NULL },
        { "--until", &w.until, NULL },     { "--reason", &w.reason, NULL },     { "--release", NULL, &w.is_release },
    };
    struct reserve_order order;
    bool done = false;
    if (!cli_read(argc, argv, &w.user, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    int code = order_read(t, &w, &order);
    if (code != CLI_DONE)
        return code;
    err e = clock_enter(t, order.partner);
    if (!e && order.ends && !instant_before(t->now, *order.ends))
        return cli_misuse("--until is a time that has not come yet");
    if (!e)
        e = reserve_set(t, &order, &done);
    if (e)
        return cli_failed(e);
    if (!done) {
        fprintf(stderr, "paysrv: %s has no account in %s, or no reserve to release\n", w.user, w.currency);
        return CLI_FAILED;
    }
    if (w.is_release)
        printf("%s: released\n", w.user);
    else
        printf("%s: up to %.*s is held\n", w.user, STR_ARG(money_text(t->arena, order.amount_minor, order.currency)));
    return CLI_DONE;
}

int balances_reserves(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct reserve_find_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = reserve_list(t, (partner_id){ str_of(partner) }, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s of %.*s\t%s%.*s\t%.*s\tby %.*s\n", STR_ARG(rows[i].user_id.v),
               STR_ARG(money_text(t->arena, rows[i].held, rows[i].currency)),
               STR_ARG(money_text(t->arena, rows[i].amount, rows[i].currency)),
               rows[i].released_at_given ? "released "
               : rows[i].ends_at_given   ? "until "
                                         : "open",
               STR_ARG(rows[i].released_at_given ? instant_iso(t->arena, rows[i].released_at)
                       : rows[i].ends_at_given   ? instant_iso(t->arena, rows[i].ends_at)
                                                 : STR_NONE),
               STR_ARG(rows[i].reason), STR_ARG(rows[i].created_by));
    return cli_listed(n, CLI_ROWS_MAX);
}
