/* paysrv disputes list|accept|policy|policies: what buyers' banks want back, and what was agreed for it. */
#include <stdio.h>
#include <string.h>

#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/dispute/dispute.h"
#include "paysrv/flow/dispute/dispute_search.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/currency.h"
#include "shared/text/money_text.h"

#define LISTED 100

static void row_print(struct task *t, const struct disputes_undecided_row *d)
{
    bool is_due = !str_given(d->asked);
    str answer = !is_due ? d->asked : d->evidence_due_at_given ? instant_iso(t->arena, d->evidence_due_at) : STR("-");
    printf("%.*s\t%.*s\t%.*s %.*s\t%.*s\ttaken %.*s\t%.*s\t%.*s\t%.*s\t%s%.*s\n", STR_ARG(d->dispute_id.v),
           STR_ARG(instant_iso(t->arena, d->created_at)), STR_ARG(d->phase), STR_ARG(d->status),
           STR_ARG(money_text(t->arena, d->amount, d->currency)), STR_ARG(money_text(t->arena, d->taken, d->currency)),
           STR_ARG(d->reason), STR_ARG(d->payment_id.v), STR_ARG(d->store_name),
           is_due ? "due " : "answered: ", STR_ARG(answer));
}

int disputes_list(struct task *t, int argc, char **argv)
{
    bool all = false;
    const char *status = NULL, *limit = NULL;
    const struct cli_option options[] = { { "--all", NULL, &all },
                                          { "--status", &status, NULL },
                                          { "--limit", &limit, NULL } };
    struct disputes_found found;
    int64_t most = LISTED;
    if (!cli_read(argc, argv, NULL, 0, options, 3) || (limit && !cli_integer("--limit", limit, 1, CLI_ROWS_MAX, &most)))
        return CLI_USAGE;
    if (all && status)
        return cli_misuse("--all or --status, not both");
    err e = disputes_find(t, all ? DISPUTES_ALL : str_of(status), STR_NONE, (size_t)most, &found);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < found.n; i++)
        row_print(t, &found.rows[i]);
    if (str_given(found.next))
        fprintf(stderr, "paysrv: there are more: a larger --limit, or --status, shows them\n");
    return CLI_DONE;
}

/* Written down here and told by a running server: a command has no business with the acquirer. */
int disputes_accept(struct task *t, int argc, char **argv)
{
    const char *id = NULL;
    const struct dispute_find_row *row;
    bool asked = false;
    const struct dispute_response what = { .accepts = true, .by = cli_account(t->arena), .due = t->now };
    if (!cli_read(argc, argv, &id, 1, NULL, 0))
        return CLI_USAGE;
    err e = dispute_find(t, str_of(id), STR_NONE, STR_NONE, STR_NONE, &row);
    if (!e && row)
        e = clock_enter(t, row->partner_id);
    if (!e && row)
        e = dispute_respond(t, row, &what, &asked);
    if (e)
        return cli_failed(e);
    if (!asked) {
        fprintf(stderr, "paysrv: %s\n", row ? "it is no chargeback that waits for an answer" : "no such dispute");
        return CLI_FAILED;
    }
    printf("%s: will be accepted by the running server\n", id);
    return CLI_DONE;
}

int disputes_policy(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *currency = NULL, *bearer = NULL, *below = NULL, *shortfall = NULL;
    const struct cli_option options[] = {
        { "--currency", &currency, NULL },
        { "--fee-bearer", &bearer, NULL },
        { "--accept-below", &below, NULL },
        { "--shortfall", &shortfall, NULL },
    };
    const struct partner_find_row *found;
    int64_t accept_below = 0, affected;
    enum split_party party = SPLIT_SELLER;
    if (!cli_read(argc, argv, &partner, 1, options, 4) ||
        (below && !cli_integer("--accept-below", below, 0, MONEY_MAX_MINOR, &accept_below)))
        return CLI_USAGE;
    if (!currency || !currency_is_taken(str_of(currency)))
        return cli_misuse("--currency C is needed");
    if (bearer && (!split_party_parse(str_of(bearer), &party) || party == SPLIT_USER))
        return cli_misuse("--fee-bearer is seller, partner or platform");
    if (shortfall && !str_has_word(STR("refuse allow partner platform queue"), str_of(shortfall)))
        return cli_misuse("--shortfall is refuse, allow, partner, platform or queue");
    err e = partner_find(t, (partner_id){ str_of(partner) }, &found);
    if (!e && !found)
        return cli_misuse("no such partner");
    if (!e)
        e = dispute_policy_set(t, found->partner_id, str_of(currency), str_of(bearer), below ? &accept_below : NULL,
                               str_of(shortfall), cli_account(t->arena), &affected);
    if (e)
        return cli_failed(e);
    printf("%s %s: set, for what happens from now on\n", partner, currency);
    return CLI_DONE;
}

int disputes_policies(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct dispute_policies_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = dispute_policies(t, (partner_id){ str_of(partner) }, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\tfee borne by %.*s\taccepted below %.*s\tshortfall %.*s\tset %.*s by %.*s\n",
               STR_ARG(rows[i].currency), STR_ARG(rows[i].fee_bearer),
               STR_ARG(money_text(t->arena, rows[i].accept_below, rows[i].currency)), STR_ARG(rows[i].shortfall),
               STR_ARG(instant_iso(t->arena, rows[i].updated_at)), STR_ARG(rows[i].updated_by));
    return cli_listed(n, 200);
}
