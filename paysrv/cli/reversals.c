/* paysrv reversals list|retry|settle: what the acquirer refused to take back to the end. */
#include <stdio.h>

#include "paysrv/flow/payment/reversal.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/money_text.h"

static str or_dash(str text)
{
    return str_given(text) ? text : STR("-");
}

static void reversal_print(struct task *t, const struct reversal_list_row *r)
{
    str status = str_given(r->decision) ? r->decision : STR("refused");
    printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s %.*s\t%lld time(s), last %.*s\t%.*s", STR_ARG(r->call_id),
           STR_ARG(status), STR_ARG(reversal_kind(r->op)), STR_ARG(money_text(t->arena, r->amount, r->currency)),
           STR_ARG(r->payment_id.v), STR_ARG(r->partner_id.v), STR_ARG(or_dash(r->acquirer)), STR_ARG(r->charge_ref),
           (long long)r->refusals, STR_ARG(instant_iso(t->arena, r->refused_at)), STR_ARG(or_dash(r->decline_code)));
    if (str_given(r->decision))
        printf("\t%.*s by %.*s: %.*s", STR_ARG(str_given(r->settled_as) ? r->settled_as : r->decision),
               STR_ARG(r->decided_name), STR_ARG(r->note));
    if (str_given(r->waits))
        printf("\twaits for another operator: %.*s", STR_ARG(r->waits));
    printf("\n");
}

int reversals_list(struct task *t, int argc, char **argv)
{
    bool all = false;
    const char *payment = NULL;
    const struct cli_option options[] = { { "--all", NULL, &all, NULL }, { "--payment", &payment, NULL, NULL } };
    const struct reversal_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, options, 2))
        return CLI_USAGE;
    const struct reversal_wish wish = { .all = all, .payment = str_of(payment) };
    err e = reversals_find(t, &wish, NULL, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        reversal_print(t, &rows[i]);
    return cli_listed(n, CLI_ROWS_MAX);
}

static int decide(struct task *t, const char *id, const char *as, const char *note)
{
    const struct reversal_list_row *row;
    str by = cli_account(t->arena);
    const struct reversal_word word = { .reversal = str_of(id),
                                        .as = as ? str_of(as) : STR_NONE,
                                        .note = note ? str_of(note) : STR(""),
                                        .by = by,
                                        .by_name = by };
    err e = reversal_decide(t, &word, &row);
    if (e)
        return cli_failed(e);
    reversal_print(t, row);
    return CLI_DONE;
}

int reversals_retry(struct task *t, int argc, char **argv)
{
    const char *id = NULL, *note = NULL;
    const struct cli_option options[] = { { "--note", &note, NULL, NULL } };
    return cli_read(argc, argv, &id, 1, options, 1) ? decide(t, id, NULL, note) : CLI_USAGE;
}

int reversals_settle(struct task *t, int argc, char **argv)
{
    const char *id = NULL, *as = NULL, *note = NULL;
    const struct cli_option options[] = { { "--as", &as, NULL, NULL }, { "--note", &note, NULL, NULL } };
    if (!cli_read(argc, argv, &id, 1, options, 2))
        return CLI_USAGE;
    if (!as || !note)
        return cli_misuse("--as acquirer|bank|platform|booked and --note TEXT are needed");
    return decide(t, id, as, note);
}
