/* paysrv reconcile import|run|list|show|breaks|assign|resolve|cost, bank breaks: the acquirer's registries, and what
 * did not fit. */
#include <stdio.h>

#include "paysrv/app.h"
#include "paysrv/domain/settlement/settlement_file.h"
#include "paysrv/flow/settlement/settlement_book.h"
#include "paysrv/flow/settlement/settlement_import.h"
#include "paysrv/flow/settlement/settlement_lines.h"
#include "paysrv/flow/settlement/settlement_missing.h"
#include "paysrv/flow/transfer/transfer_lines.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/currency.h"
#include "shared/text/money_text.h"

static void settlement_print(struct task *t, const struct settlement_find_row *s)
{
    printf("%lld\t%.*s\t%.*s\t%.*s\tgross %.*s\tfee %.*s\tnet %.*s\t%d line(s)\t%lld open break(s)\t%.*s\t%.*s\n",
           (long long)s->settlement_id, STR_ARG(instant_iso(t->arena, s->created_at)), STR_ARG(s->acquirer_ref),
           STR_ARG(s->state), STR_ARG(money_text(t->arena, s->gross, s->currency)),
           STR_ARG(money_text(t->arena, s->fee, s->currency)), STR_ARG(money_text(t->arena, s->net, s->currency)),
           s->lines, (long long)s->breaks, STR_ARG(s->imported_by), STR_ARG(s->acquirer));
}

int reconcile_import(struct task *t, int argc, char **argv)
{
    const char *path = NULL, *acquirer = NULL;
    const struct cli_option options[] = { { "--acquirer", &acquirer, NULL, NULL } };
    str document;
    if (!cli_read(argc, argv, &path, 1, options, 1))
        return CLI_USAGE;
    if (!cli_file(t->arena, path, SETTLEMENT_MAX_BYTES, &document))
        return CLI_FAILED;
    const struct settlement_find_row *s;
    bool is_new;
    err e = settlement_import(t, str_of(acquirer), document, cli_account(t->arena), &s, &is_new);
    if (e)
        return cli_failed(e);
    if (!is_new)
        printf("was imported before: ");
    settlement_print(t, s);
    return CLI_DONE;
}

int reconcile_run_now(struct task *t, int argc, char **argv)
{
    const char *within = NULL;
    const struct cli_option options[] = { { "--within", &within, NULL, NULL } };
    int64_t seconds = ((const struct app *)t->app)->config.settled_within.us / 1000000;
    if (!cli_read(argc, argv, NULL, 0, options, 1))
        return CLI_USAGE;
    if (within && !cli_integer("--within", within, 0, 31536000, &seconds))
        return CLI_USAGE;
    err e = settlements_work(t);
    if (!e)
        e = reconcile_missing(t, SECONDS(seconds));
    if (e)
        return cli_failed(e);
    const struct breaks_ages_row *ages;
    e = breaks_ages(t, &ages);
    if (e)
        return cli_failed(e);
    printf("open breaks: %lld of today, %lld up to three days, %lld up to a week, %lld older\n", (long long)ages->day,
           (long long)ages->three_days, (long long)ages->week, (long long)ages->older);
    return CLI_DONE;
}

int reconcile_list(struct task *t, int argc, char **argv)
{
    const struct settlement_find_row *rows;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    err e = settlement_list(t, NULL, CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        settlement_print(t, &rows[i]);
    return cli_listed(n, CLI_ROWS_MAX);
}

static void line_print(struct task *t, const struct settlement_line_list_row *l, str currency)
{
    str about = str_given(l->payment_id) ? l->payment_id : str_given(l->payout_id) ? l->payout_id : STR("-");
    printf("%lld\t%.*s\t%.*s\t%.*s\tgross %.*s\tfee %.*s\t%.*s\t%.*s", (long long)l->line_id, STR_ARG(l->kind),
           STR_ARG(l->acquirer_id), STR_ARG(str_given(l->op_key) ? l->op_key : STR("-")),
           STR_ARG(money_text(t->arena, l->gross, currency)), STR_ARG(money_text(t->arena, l->fee, currency)),
           STR_ARG(str_given(l->outcome) ? l->outcome : STR("waiting")), STR_ARG(about));
    if (l->break_id_given)
        printf("\tbreak %lld %.*s, %.*s", (long long)l->break_id, STR_ARG(l->break_kind),
               STR_ARG(l->is_open                 ? STR("open")
                       : str_given(l->resolution) ? l->resolution
                                                  : STR("closed")));
    printf("\n");
}

int reconcile_show(struct task *t, int argc, char **argv)
{
    const char *number = NULL;
    const struct settlement_find_row *s;
    const struct settlement_line_list_row *rows;
    int64_t id, after = 0;
    size_t n = CLI_ROWS_MAX;
    if (!cli_read(argc, argv, &number, 1, NULL, 0) || !cli_integer("REGISTRY", number, 1, INT64_MAX, &id))
        return CLI_USAGE;
    err e = settlement_find(t, &id, STR_NONE, STR_NONE, (bytes){ NULL, 0 }, &s);
    if (e)
        return cli_failed(e);
    if (!s)
        return cli_misuse("no such registry: reconcile list has their numbers");
    settlement_print(t, s);
    while (n == CLI_ROWS_MAX) {
        e = settlement_line_list(t, id, after, CLI_ROWS_MAX, &rows, &n);
        if (e)
            return cli_failed(e);
        for (size_t i = 0; i < n; i++)
            line_print(t, &rows[i], s->currency);
        after = n ? rows[n - 1].line_id : after;
    }
    return CLI_DONE;
}

/* What the bank says of who paid, and what he wrote to it. */
static str break_payer(struct arena *a, const struct bank_break_list_row *b)
{
    if (!str_given(b->payer_name) && !str_given(b->payer_iban) && !str_given(b->remittance))
        return STR("-");
    return arena_printf(a, "from %.*s %.*s for %.*s", STR_ARG(str_given(b->payer_name) ? b->payer_name : STR("-")),
                        STR_ARG(str_given(b->payer_iban) ? b->payer_iban : STR("-")),
                        STR_ARG(str_given(b->remittance) ? b->remittance : STR("-")));
}

/* "payments of this amount: pay_1 waits, pay_2 late" */
static str break_like(struct arena *a, int64_t id, const struct transfers_like_row *rows, size_t n)
{
    str all = STR("");
    for (size_t i = 0; i < n; i++)
        if (rows[i].break_id == id)
            all = arena_printf(a, "%.*s%s%.*s %s", STR_ARG(all),
                               all.n ? ", " : "\tpayments of this amount: ", STR_ARG(rows[i].payment_id.v),
                               rows[i].is_waiting ? "waits" : "late");
    return all;
}

/* What it is about: a payout, or a payment, and the registry. */
static str break_about(struct arena *a, const struct bank_break_list_row *b)
{
    str object = str_given(b->payout_id) ? b->payout_id : b->payment_id;
    str registry =
        str_given(b->settlement_ref) ? arena_printf(a, "registry %lld", (long long)b->settlement_id) : STR_NONE;
    if (!str_given(object) && !str_given(registry))
        return STR("-");
    return arena_printf(a, "%.*s%s%.*s", STR_ARG(object), str_given(object) && str_given(registry) ? ", " : "",
                        STR_ARG(registry));
}

static void break_print(struct task *t, const struct bank_break_list_row *b, str like)
{
    int64_t days = (t->now.us - b->created_at.us) / DAYS(1).us;
    str amount = b->amount_given && str_given(b->currency) ? money_text(t->arena, b->amount, b->currency) : STR("-");
    printf("%lld\t%lld day(s)\t%.*s\t%.*s\t%.*s\t%.*s\t%s%.*s\t%.*s\t%.*s\t%.*s\t%.*s%.*s\n", (long long)b->break_id,
           (long long)days, STR_ARG(b->source), STR_ARG(b->kind),
           STR_ARG(str_given(b->partner_id) ? b->partner_id : STR("-")), STR_ARG(amount),
           str_given(b->assignee) ? "with " : "nobody's", STR_ARG(b->assignee), STR_ARG(b->detail),
           STR_ARG(break_payer(t->arena, b)), STR_ARG(b->note), STR_ARG(break_about(t->arena, b)), STR_ARG(like));
}

/* source NULL: of all */
static int breaks_show(struct task *t, int argc, char **argv, const char *source)
{
    bool all = false;
    const struct cli_option options[] = { { "--all", NULL, &all, NULL } };
    const struct bank_break_list_row *rows;
    const struct transfers_like_row *like;
    size_t n, n_like;
    if (!cli_read(argc, argv, NULL, 0, options, 1))
        return CLI_USAGE;
    err e = bank_break_list(t, NULL, !all, str_of(source), CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    e = transfer_suggestions(t, rows, n, &like, &n_like);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        break_print(t, &rows[i], break_like(t->arena, rows[i].break_id, like, n_like));
    return cli_listed(n, CLI_ROWS_MAX);
}

int reconcile_breaks(struct task *t, int argc, char **argv)
{
    return breaks_show(t, argc, argv, NULL);
}

int bank_breaks(struct task *t, int argc, char **argv)
{
    return breaks_show(t, argc, argv, "bank");
}

int reconcile_assign(struct task *t, int argc, char **argv)
{
    const char *number = NULL, *to = NULL;
    const struct cli_option options[] = { { "--to", &to, NULL, NULL } };
    int64_t id, affected;
    if (!cli_read(argc, argv, &number, 1, options, 1) || !cli_integer("BREAK", number, 1, INT64_MAX, &id))
        return CLI_USAGE;
    err e = break_assign(t, str_of(to), id, &affected);
    if (e)
        return cli_failed(e);
    if (!affected) {
        fprintf(stderr, "paysrv: break %lld is not open\n", (long long)id);
        return CLI_FAILED;
    }
    printf("break %lld %s%s\n", (long long)id, to ? "is with " : "is nobody's", to ? to : "");
    return CLI_DONE;
}

int reconcile_resolve(struct task *t, int argc, char **argv)
{
    const char *number = NULL, *as = NULL, *reason = NULL, *partner = NULL;
    const struct cli_option options[] = { { "--as", &as, NULL, NULL },
                                          { "--reason", &reason, NULL, NULL },
                                          { "--partner", &partner, NULL, NULL } };
    str by = cli_account(t->arena);
    struct break_resolution r = { .by = by, .by_name = by };
    if (!cli_read(argc, argv, &number, 1, options, 3) || !cli_integer("BREAK", number, 1, INT64_MAX, &r.break_id))
        return CLI_USAGE;
    if (!as || !reason)
        return cli_misuse("--as platform|suspense|partner|own_sales|returned and --reason TEXT are needed");
    r.as = str_of(as);
    r.reason = str_of(reason);
    r.partner = str_of(partner);
    err e = break_resolve(t, &r);
    if (e)
        return cli_failed(e);
    if (str_given(r.waits)) {
        printf("%.*s waits for another operator: paysrv entries approve %.*s\n", STR_ARG(r.waits), STR_ARG(r.waits));
        return CLI_DONE;
    }
    printf("break %lld resolved: %s\n", (long long)r.break_id, as);
    return CLI_DONE;
}

static int costs_print(struct task *t, partner_id partner)
{
    const struct acquirer_cost_list_row *rows;
    size_t n;
    err e = acquirer_cost_list(t, partner, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\tborne by the %.*s\tset %.*s by %.*s\n", STR_ARG(rows[i].currency), STR_ARG(rows[i].borne_by),
               STR_ARG(instant_iso(t->arena, rows[i].updated_at)), STR_ARG(rows[i].updated_by));
    return CLI_DONE;
}

int reconcile_cost(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *currency = NULL, *bearer = NULL;
    const struct cli_option options[] = { { "--currency", &currency, NULL, NULL },
                                          { "--borne-by", &bearer, NULL, NULL } };
    const struct partner_find_row *partner;
    int64_t affected;
    if (!cli_read(argc, argv, &slug, 1, options, 2))
        return CLI_USAGE;
    err e = partner_find(t, (partner_id){ str_of(slug) }, &partner);
    if (!e && !partner)
        return cli_misuse("no such partner");
    if (!e && !currency && !bearer)
        return costs_print(t, partner->partner_id);
    if (!e && (!currency || !currency_is_taken(str_of(currency)) || !bearer ||
               !str_has_word(STR("platform partner"), str_of(bearer))))
        return cli_misuse("--currency C and --borne-by platform|partner belong together");
    if (!e)
        e = acquirer_cost_set(t, partner->partner_id, str_of(currency), str_of(bearer), cli_account(t->arena),
                              &affected);
    if (e)
        return cli_failed(e);
    printf("%s %s: the %s bears it, of the registries that are booked from now on\n", slug, currency, bearer);
    return CLI_DONE;
}
