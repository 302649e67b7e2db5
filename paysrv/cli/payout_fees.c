/* paysrv payouts fee|fees: what payouts of a partner's sellers cost. */
#include <stdio.h>
#include <string.h>

#include "paysrv/domain/payout/payout.h"
#include "paysrv/domain/payout/payout_fee.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payout_fee.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/currency.h"
#include "shared/text/money_text.h"

static bool is_one_of(const char *word, const char *one, const char *other)
{
    return strcmp(word, one) == 0 || strcmp(word, other) == 0;
}

int payouts_fee(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *currency = NULL, *fixed = NULL, *bp = NULL, *mode = "on_top", *payee = "platform",
               *on_return = "keep";
    const struct cli_option options[] = {
        { "--currency", &currency, NULL }, { "--fixed", &fixed, NULL }, { "--bp", &bp, NULL },
        { "--mode", &mode, NULL },         { "--to", &payee, NULL },    { "--returned", &on_return, NULL }
    };
    const struct partner_find_row *found;
    int64_t fixed_minor = 0, basis_points = 0, affected;
    if (!cli_read(argc, argv, &partner, 1, options, sizeof options / sizeof options[0]) ||
        (fixed && !cli_integer("--fixed", fixed, 0, PAYOUT_MAX_MINOR, &fixed_minor)) ||
        (bp && !cli_integer("--bp", bp, 0, PAYOUT_FEE_BP_MAX, &basis_points)))
        return CLI_USAGE;
    if (!currency || !currency_is_taken(str_of(currency)) || (!fixed && !bp))
        return cli_misuse("--currency C, and --fixed N or --bp N, are needed");
    if (!is_one_of(mode, "inside", "on_top") || !is_one_of(payee, "platform", "partner") ||
        !is_one_of(on_return, "keep", "return"))
        return cli_misuse("--mode is inside or on_top, --to platform or partner, --returned keep or return");
    err e = partner_find(t, (partner_id){ str_of(partner) }, &found);
    if (!e && !found)
        return cli_misuse("no such partner");
    if (!e) {
        const struct payout_fee_policy_set_args args = { .partner = found->partner_id,
                                                         .currency = str_of(currency),
                                                         .fixed = fixed_minor,
                                                         .bp = (int32_t)basis_points,
                                                         .inside = strcmp(mode, "inside") == 0,
                                                         .payee = str_of(payee),
                                                         .on_return = str_of(on_return),
                                                         .by = cli_account(t->arena) };
        e = payout_fee_policy_set(t, &args, &affected);
    }
    if (e)
        return cli_failed(e);
    printf("%s %s: set, for payouts that are asked for from now on\n", partner, currency);
    return CLI_DONE;
}

int payouts_fees(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct payout_fee_policies_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = payout_fee_policies(t, (partner_id){ str_of(partner) }, STR_NONE, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s and %d bp\t%s\tto %.*s\treturned: %.*s\tset %.*s by %.*s\n", STR_ARG(rows[i].currency),
               STR_ARG(money_text(t->arena, rows[i].fixed, rows[i].currency)), (int)rows[i].bp,
               rows[i].is_inside ? "inside" : "on top", STR_ARG(rows[i].payee), STR_ARG(rows[i].on_return),
               STR_ARG(instant_iso(t->arena, rows[i].updated_at)), STR_ARG(rows[i].updated_by));
    return cli_listed(n, CLI_ROWS_MAX);
}
