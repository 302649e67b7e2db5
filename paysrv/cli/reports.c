/* paysrv partners agreement, paysrv reports show|list: months of a partner under the cooperation agreement. */
#include <stdio.h>

#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/report/paper_words.h"
#include "paysrv/flow/report/partner_act.h"
#include "paysrv/flow/report/partner_report.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/report.sql.h"
#include "paysrv/verbs.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"
#include "shared/ops/cli.h"

#define CSV_MAX_BYTES ((size_t)1 << 20)

static bool is_day(str text)
{
    int64_t year, month, day;
    return text.n == 10 && text.p[4] == '-' && text.p[7] == '-' && num_digits(text, 0, 4, &year) &&
           num_digits(text, 5, 2, &month) && num_digits(text, 8, 2, &day) && month >= 1 && month <= 12 && day >= 1 &&
           day <= civil_month_days(year, (int)month);
}

static err agreement_write(struct task *t, const struct agreement_set_args *args)
{
    const struct partner_find_row *partner;
    const struct zone *zone;
    int64_t affected;
    TRY(partner_find(t, args->partner, &partner));
    if (!partner)
        return FAIL(t, NOT_FOUND, "no such partner");
    if (str_given(args->zone))
        TRY(zone_load(t, args->zone, &zone));
    return agreement_set(t, args, &affected);
}

int partners_agreement(struct task *t, int argc, char **argv)
{
    const char *slug = NULL, *number = NULL, *day = NULL, *name = NULL, *address = NULL, *zone = NULL;
    const struct cli_option options[] = {
        { "--number", &number, NULL, NULL },   { "--signed-on", &day, NULL, NULL }, { "--name", &name, NULL, NULL },
        { "--address", &address, NULL, NULL }, { "--zone", &zone, NULL, NULL },
    };
    if (!cli_read(argc, argv, &slug, 1, options, sizeof options / sizeof options[0]))
        return CLI_USAGE;
    if (!number || !day || !name || !is_day(str_of(day)))
        return cli_misuse("--number, --signed-on DAY (2026-11-01) and --name are needed");
    const struct agreement_set_args args = { .partner = { str_of(slug) },
                                             .number = str_of(number),
                                             .signed_on = str_of(day),
                                             .legal_name = str_of(name),
                                             .address = str_of(address),
                                             .zone = str_of(zone),
                                             .by = cli_account(t->arena) };
    err e = agreement_write(t, &args);
    if (e)
        return cli_failed(e);
    printf("agreement %s of %s\n", number, slug);
    return CLI_DONE;
}

static err report_write(struct task *t, const struct report_paper *paper, str format, str locale, str *ret)
{
    struct buf out;
    if (str_eq(format, STR("pdf")))
        return partner_report_pdf(t, paper, paper_language_find(locale), ret);
    buf_init(&out, t->arena, CSV_MAX_BYTES);
    if (str_eq(format, STR("csv")))
        partner_report_csv(t, paper, &out);
    else
        buf_printf(&out, "%.*s\n", STR_ARG(partner_report_json(t, paper)));
    *ret = buf_str(&out);
    return OK;
}

int reports_show(struct task *t, int argc, char **argv)
{
    const char *words[2] = { NULL, NULL }, *currency = NULL, *format = "csv", *locale = NULL;
    const struct cli_option options[] = { { "--currency", &currency, NULL, NULL },
                                          { "--format", &format, NULL, NULL },
                                          { "--locale", &locale, NULL, NULL } };
    struct report_paper paper;
    str out;
    if (!cli_read(argc, argv, words, 2, options, 3))
        return CLI_USAGE;
    if (!currency || !str_has_word(STR("json csv pdf"), str_of(format)))
        return cli_misuse("--currency is needed; --format is json, csv or pdf");
    const partner_id partner = { str_of(words[0]) };
    err e = clock_enter(t, partner);
    if (!e)
        e = partner_report_read(t, partner, str_of(words[1]), str_of(currency), &paper);
    if (!e)
        e = report_write(t, &paper, str_of(format), str_of(locale), &out);
    if (e)
        return cli_failed(e);
    fwrite(out.p, 1, out.n, stdout);
    return CLI_DONE;
}

int reports_list(struct task *t, int argc, char **argv)
{
    const char *partner = NULL;
    const struct report_list_row *rows;
    size_t n;
    if (!cli_read(argc, argv, &partner, 1, NULL, 0))
        return CLI_USAGE;
    err e = report_list(t, (partner_id){ str_of(partner) }, &rows, &n);
    if (e)
        return cli_failed(e);
    for (size_t i = 0; i < n; i++)
        printf("%lld\t%.*s\t%.*s\tclosed %.*s\n", (long long)rows[i].report_no, STR_ARG(rows[i].month),
               STR_ARG(rows[i].currency), STR_ARG(instant_iso(t->arena, rows[i].closed_at)));
    return cli_listed(n, 1200);
}
