/* paysrv payouts rails|resolve: payouts that go out by a connector, and what it owes us after them. */
#include <stdio.h>

#include "paysrv/flow/payout/payout_finding.h"
#include "paysrv/store/payout_rail.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/money_text.h"

static void state_print(struct task *t, const struct rails_state_row *r)
{
    printf("%.*s\t%.*s\t%lld on the way, %.*s\t%lld unknown, %.*s\t%lld in no registry, %.*s\n", STR_ARG(r->rail),
           STR_ARG(r->acquirer), (long long)r->open, STR_ARG(money_text(t->arena, r->open_minor, r->currency)),
           (long long)r->lost, STR_ARG(money_text(t->arena, r->lost_minor, r->currency)), (long long)r->unsettled,
           STR_ARG(money_text(t->arena, r->unsettled_minor, r->currency)));
}

int payouts_rails(struct task *t, int argc, char **argv)
{
    const struct rails_state_row *rails;
    const struct clearing_state_row *owed;
    size_t n_rails, n_owed;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = rails_state(t, &rails, &n_rails);
    if (!e)
        e = clearing_state(t, &owed, &n_owed);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n_rails; i++)
        state_print(t, &rails[i]);
    for (size_t i = 0; i < n_owed; i++)
        printf("float\t%.*s\t%.*s\n", STR_ARG(owed[i].clearing.n ? owed[i].clearing : STR("card acquirer")),
               STR_ARG(money_text(t->arena, owed[i].owed, owed[i].currency)));
    return cli_listed(n_rails, CLI_ROWS_MAX);
}

int payouts_resolve(struct task *t, int argc, char **argv)
{
    const char *payout = NULL, *as = NULL, *ref = NULL, *reason = NULL;
    const struct cli_option options[] = { { "--as", &as, NULL },
                                          { "--ref", &ref, NULL },
                                          { "--reason", &reason, NULL } };
    if (!cli_read(argc, argv, &payout, 1, options, 3))
        return CLI_USAGE;
    bool is_paid = as && str_eq(str_of(as), STR("paid"));
    if (!as || !(is_paid || str_eq(str_of(as), STR("rejected"))))
        return cli_misuse("--as: paid or rejected");
    if (ref && !is_paid)
        return cli_misuse("--ref: the acquirer's name of it, when it was paid");
    str by = cli_account(t->arena);
    struct payout_finding finding = { .transfer = str_of(payout),
                                      .is_paid = is_paid,
                                      .acquirer_ref = ref ? str_of(ref) : STR_NONE,
                                      .reason = reason ? str_of(reason) : STR("their word"),
                                      .by = by,
                                      .by_name = by };
    err e = payout_resolve(t, &finding);
    if (e)
        return cli_failed(e);
    if (str_given(finding.waits))
        printf("%.*s waits for another operator: paysrv entries approve %.*s\n", STR_ARG(finding.waits),
               STR_ARG(finding.waits));
    else
        printf("%s %s\n", payout, as);
    return CLI_DONE;
}
