/* paysrv ledger check|show: the invariants of the books, and what they say of one payment. */
#include <stdio.h>

#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/money_text.h"

int ledger_check(struct task *t, int argc, char **argv)
{
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    const struct invariants_broken_row *rows;
    const struct ledger_totals_row *totals;
    size_t n, n_totals;
    err e = invariants_broken(t, 1000, &rows, &n);
    if (!e)
        e = ledger_totals(t, &totals, &n_totals);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n_totals; i++)
        printf("%.*s%s: %lld entries, %lld postings, sum %lld\n", STR_ARG(totals[i].currency),
               totals[i].is_sandbox ? " of sandboxes" : "", (long long)totals[i].entries, (long long)totals[i].postings,
               (long long)totals[i].sum);
    for (size_t i = 0; i < n; i++)
        printf("VIOLATED %.*s %.*s\n", STR_ARG(rows[i].rule), STR_ARG(rows[i].subject));
    printf("%zu violation(s)\n", n);
    return n ? CLI_FAILED : CLI_DONE;
}

int ledger_show(struct task *t, int argc, char **argv)
{
    const char *payment = NULL;
    if (!cli_read(argc, argv, &payment, 1, NULL, 0))
        return CLI_USAGE;
    const struct payment_find_row *found;
    err e = payment_any(t, (payment_id){ str_of(payment) }, &found);
    if (e)
        return cli_failed(e);
    if (!found) {
        fprintf(stderr, "paysrv: no payment %s\n", payment);
        return CLI_FAILED;
    }
    const struct payment_postings_row *rows;
    size_t n;
    e = payment_postings(t, found->payment_id, found->partner_id, &rows, &n);
    if (e)
        return cli_failed(e);
    printf("%s %.*s %.*s\n", payment, STR_ARG(found->status),
           STR_ARG(money_text(t->arena, found->amount, found->currency)));
    for (size_t i = 0; i < n; i++)
        printf("%lld\t%.*s\t%.*s\t%.*s%s%.*s\t%.*s\n", (long long)rows[i].entry_id.v,
               STR_ARG(instant_iso(t->arena, rows[i].created_at)), STR_ARG(rows[i].kind), STR_ARG(rows[i].account),
               rows[i].user_id.n ? " " : "", STR_ARG(rows[i].user_id),
               STR_ARG(money_text(t->arena, rows[i].amount, rows[i].currency)));
    return CLI_DONE;
}
