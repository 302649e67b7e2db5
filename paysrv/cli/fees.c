/* paysrv fees tax|taxes|list|show|issue|lift: invoices for what sellers were charged, and the tax inside it. */
#include <stdio.h>

#include "paysrv/domain/report/fee_invoice.h"
#include "paysrv/faults.h"
#include "paysrv/flow/outgoing.h"
#include "paysrv/flow/report/fee_invoice.h"
#include "paysrv/flow/report/month.h"
#include "paysrv/store/fee_invoice.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/verbs.h"
#include "shared/ops/cli.h"
#include "shared/text/money_text.h"

#define LAST_MAX 1000000000 /* nobody goes back from a mistyped one */

/* The platform when none is named. 0: there is such an issuer. */
static int issuer_read(struct task *t, const char *named, partner_id *ret)
{
    const struct partner_find_row *partner;
    *ret = (partner_id){ FEE_PLATFORM };
    if (!named)
        return CLI_DONE;
    err e = partner_find(t, (partner_id){ str_of(named) }, &partner);
    if (e)
        return cli_failed(e);
    if (!partner)
        return cli_misuse("no such partner");
    *ret = partner->partner_id;
    return CLI_DONE;
}

/* A sandbox counts on its own clock, and what it tried is not restored. */
static int live_issuer_read(struct task *t, const char *named, partner_id *ret)
{
    const struct partner_find_row *partner;
    int status = issuer_read(t, named, ret);
    if (status != CLI_DONE || !named)
        return status;
    err e = partner_find(t, *ret, &partner);
    if (e)
        return cli_failed(e);
    return partner && partner->is_sandbox ? cli_misuse("a sandbox's numbers are not lifted") : CLI_DONE;
}

int fees_tax(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *from = NULL, *rate = NULL, *untaxed = NULL, *name = NULL, *address = NULL,
               *tax_id = NULL;
    const struct cli_option options[] = { { "--partner", &partner, NULL }, { "--from", &from, NULL },
                                          { "--rate-bp", &rate, NULL },    { "--untaxed", &untaxed, NULL },
                                          { "--name", &name, NULL },       { "--address", &address, NULL },
                                          { "--tax-id", &tax_id, NULL } };
    struct civil_date first;
    partner_id issuer;
    int64_t bp = 0, added;
    if (!cli_read(argc, argv, NULL, 0, options, sizeof options / sizeof options[0]) ||
        (rate && !cli_integer("--rate-bp", rate, 0, FEE_RATE_MAX_BP, &bp)))
        return CLI_USAGE;
    if (!from || !month_parse(str_of(from), &first) || !name || !address)
        return cli_misuse("--from MONTH (2026-12), --name and --address are needed");
    if (!rate == !untaxed || (untaxed && !fee_untaxed_is_known(str_of(untaxed))))
        return cli_misuse("--rate-bp N, or --untaxed exempt, reverse_charge or outside_scope");
    int status = issuer_read(t, partner, &issuer);
    if (status != CLI_DONE)
        return status;
    const int32_t rate_bp = (int32_t)bp;
    const struct fee_tax_add_args args = { .partner = { str_of(partner) },
                                           .valid_from = str_of(from),
                                           .rate_bp = rate ? &rate_bp : NULL,
                                           .untaxed = str_of(untaxed),
                                           .name = str_of(name),
                                           .address = str_of(address),
                                           .tax_id = str_of(tax_id),
                                           .by = cli_account(t->arena) };
    err e = fee_tax_add(t, &args, &added);
    if (e)
        return cli_failed(e);
    printf("%s: set, for months from %s on that are not invoiced yet\n", partner ? partner : "platform", from);
    return CLI_DONE;
}

int fees_taxes(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct cli_option options[] = { { "--partner", &partner, NULL } };
    const struct fee_tax_of_month_row *rows;
    partner_id issuer;
    size_t n;
    if (!cli_read(argc, argv, NULL, 0, options, 1))
        return CLI_USAGE;
    int status = issuer_read(t, partner, &issuer);
    if (status != CLI_DONE)
        return status;
    err e = fee_tax_list(t, issuer, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++) {
        const struct fee_tax_of_month_row *r = &rows[i];
        str what = r->rate_bp_given ? arena_printf(t->arena, "%d bp", (int)r->rate_bp) : r->untaxed;
        printf("from %.*s\t%.*s\t%.*s\t%.*s\t%.*s\tset %.*s by %.*s\n", STR_ARG(r->valid_from), STR_ARG(what),
               STR_ARG(r->name), STR_ARG(r->address), STR_ARG(str_given(r->tax_id) ? r->tax_id : STR("-")),
               STR_ARG(instant_iso(t->arena, r->created_at)), STR_ARG(r->created_by));
    }
    return cli_listed(n, 200);
}

int fees_list(struct task *t, int argc, char **argv)
{
    const char *partner = NULL, *month = NULL, *user = NULL, *issuer = NULL;
    const struct cli_option options[] = { { "--month", &month, NULL },
                                          { "--seller", &user, NULL },
                                          { "--issued-by", &issuer, NULL } };
    const struct fee_invoice_find_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    err e = fee_invoice_list(t, str_of(user), str_of(month), (partner_id){ str_of(partner) }, STR_NONE, str_of(issuer),
                             CLI_ROWS_MAX, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(rows[i].fee_invoice_id.v),
               STR_ARG(fee_invoice_number(t->arena, &rows[i])), STR_ARG(rows[i].month), STR_ARG(rows[i].issuer),
               STR_ARG(money_text(t->arena, rows[i].gross, rows[i].currency)));
    return cli_listed(n, CLI_ROWS_MAX);
}

int fees_show(struct task *t, int argc, char **argv)
{
    const char *id = NULL, *format = "json";
    const struct cli_option options[] = { { "--format", &format, NULL } };
    const struct fee_invoice_find_row *row;
    str out;
    if (!cli_read(argc, argv, &id, 1, options, 1))
        return CLI_USAGE;
    bool pdf = str_eq(str_of(format), STR("pdf"));
    if (!pdf && !str_eq(str_of(format), STR("json")))
        return cli_misuse("--format is json or pdf");
    err e = fee_invoice_find(t, (fee_invoice_id){ str_of(id) }, STR_NONE, STR_NONE, &row);
    if (!e && !row)
        return cli_misuse("no such invoice");
    if (!e && pdf)
        e = fee_invoice_pdf(t, row, &out);
    if (e)
        return cli_failed(e);
    if (!pdf)
        out = arena_printf(t->arena, "%.*s\n", STR_ARG(fee_invoice_json(t, row)));
    fwrite(out.p, 1, out.n, stdout);
    return CLI_DONE;
}

int fees_issue(struct task *t, int argc, char **argv)
{
    if (!cli_read(argc, argv, NULL, 0, NULL, 0))
        return CLI_USAGE;
    if (outgoing_is_held(t))
        return cli_misuse("hold_outgoing is on");
    err e = fee_invoices_run(t);
    return e ? cli_failed(e) : CLI_DONE;
}

int fees_lift(struct task *t, int argc, char **argv)
{
    const char *number = NULL, *partner = NULL;
    const struct cli_option options[] = { { "--partner", &partner, NULL } };
    const struct fee_series_lift_row *row;
    partner_id issuer;
    int64_t last;
    if (!cli_read(argc, argv, &number, 1, options, 1) || !cli_integer("LAST", number, 1, LAST_MAX, &last))
        return CLI_USAGE;
    int status = live_issuer_read(t, partner, &issuer);
    if (status != CLI_DONE)
        return status;
    err e = fee_series_lift(t, issuer, last, &row);
    if (e)
        return cli_failed(e);
    if (!row->is_lifted)
        return cli_misuse("numbers up to this one are given out already");
    printf("%s: FEE-%lld comes next, and would have been FEE-%lld\n", partner ? partner : "platform",
           (long long)last + 1, (long long)row->before + 1);
    return CLI_DONE;
}
