/* paysrv refunds policy|policies|queue|cancel: what was agreed with a partner for refunds, and those that wait. */
#include <stdio.h>

#include "paysrv/domain/payment/refund.h"
#include "paysrv/flow/payment/refund_queue.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/refund_policy.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/currency.h"
#include "shared/text/money_text.h"

#define WINDOW_DAYS_MAX 3650
#define QUEUE_DAYS_MAX 90

int refunds_policy(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *currency = NULL, *window = NULL, *queue = NULL, *fee = NULL;
    const struct cli_option options[] = { { "--currency", &currency, NULL },
                                          { "--window-days", &window, NULL },
                                          { "--queue-days", &queue, NULL },
                                          { "--platform-fee", &fee, NULL } };
    const struct partner_find_row *found;
    int64_t window_days = 0, queue_days = 0, affected;
    enum refund_fee platform = FEE_KEPT;
    if (!cli_read(argc, argv, &partner, 1, options, 4) ||
        (window && !cli_integer("--window-days", window, 0, WINDOW_DAYS_MAX, &window_days)) ||
        (queue && !cli_integer("--queue-days", queue, 1, QUEUE_DAYS_MAX, &queue_days)))
        return CLI_USAGE;
    if (!currency || !currency_is_taken(str_of(currency)))
        return cli_misuse("--currency C is needed");
    if (fee && (!refund_fee_parse(str_of(fee), &platform) || platform == FEE_AGREED))
        return cli_misuse("--platform-fee is keep or return");
    err e = partner_find(t, (partner_id){ str_of(partner) }, &found);
    if (!e && !found)
        return cli_misuse("no such partner");
    if (!e)
        e = refund_policy_set(t, found->partner_id, str_of(currency), window ? &window_days : NULL,
                              queue ? &queue_days : NULL, str_of(fee), cli_account(t->arena), &affected);
    if (e)
        return cli_failed(e);
    printf("%s %s: set, for refunds from now on\n", partner, currency);
    return CLI_DONE;
}

int refunds_policies(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct refund_policies_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = refund_policies(t, (partner_id){ str_of(partner) }, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        str window = rows[i].window_days_given ? arena_printf(t->arena, "within %d day(s)", (int)rows[i].window_days)
                                               : STR("at any time");
        printf("%.*s\t%.*s\twaits %d day(s) for funds\tplatform's fee: %.*s\tset %.*s by %.*s\n",
               STR_ARG(rows[i].currency), STR_ARG(window), (int)rows[i].queue_days, STR_ARG(rows[i].platform_fee),
               STR_ARG(instant_iso(t->arena, rows[i].updated_at)), STR_ARG(rows[i].updated_by));
    }
    return cli_listed(n, CLI_ROWS_MAX);
}

int refunds_queue(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct refund_queue_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = refund_queue_list(t, (partner_id){ str_of(partner) }, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s has %.*s too little\tsince %.*s\tuntil %.*s\n", STR_ARG(rows[i].refund_id.v),
               STR_ARG(rows[i].payment_id.v), STR_ARG(money_text(t->arena, rows[i].amount, rows[i].currency)),
               STR_ARG(rows[i].user_id.v.n ? rows[i].user_id.v : STR("the partner")),
               STR_ARG(money_text(t->arena, rows[i].missing, rows[i].currency)),
               STR_ARG(instant_iso(t->arena, rows[i].created_at)), STR_ARG(instant_iso(t->arena, rows[i].ends_at)));
    return cli_listed(n, CLI_ROWS_MAX);
}

int refunds_cancel(struct task *t, int argc, char **argv)
{
    const char *refund = NULL;
    const struct once nothing = { .given = false };
    struct answer answer;
    if (!cli_read(argc, argv, &refund, 1, NULL, 0))
        return CLI_USAGE;
    const struct refund_cancel_order order = { .refund = { str_of(refund) }, .once = &nothing };
    err e = refund_cancel_run(t, &order, &answer);
    if (e)
        return cli_failed(e);
    printf("%s canceled\n", refund);
    return CLI_DONE;
}
