/* /operator/reports: statements of accounts and partners' monthly reports, to be looked at and taken along. */
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/statement_reply.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/report.sql.h"
#include "paysrv/words.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"
#include "shared/text/money_text.h"
#include "web/operator/pages.h"
#include "web/text.h"

#define PATH "/operator/reports"
#define MONTH_PATH "/operator/reports/month"
#define STATEMENT_PATH "/operator/reports/statement"
#define JOURNAL_PATH "/operator/reports/journal"
#define TRIAL_BALANCE_PATH "/operator/reports/trial_balance"

struct reports_in {
    str partner, account, user, currency, month, zone, format, from, to;
};

static const struct param reports_params[] = {
    P_STR(struct reports_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct reports_in, account, .need = OPTIONAL, .set = TOKEN, .max = 20),
    P_STR(struct reports_in, user, .need = OPTIONAL, .set = LINE, .max = 64),
    P_STR(struct reports_in, currency, .need = OPTIONAL, .set = LINE, .max = 3),
    P_STR(struct reports_in, month, .need = OPTIONAL, .set = LINE, .max = 10),
    P_STR(struct reports_in, zone, .need = OPTIONAL, .set = LINE, .max = 64),
    P_STR(struct reports_in, format, .need = OPTIONAL, .set = TOKEN, .max = 10),
    P_STR(struct reports_in, from, .need = OPTIONAL, .set = TOKEN, .max = 10),
    P_STR(struct reports_in, to, .need = OPTIONAL, .set = TOKEN, .max = 10),
};

/* "2026-11": its first day, and that of the month after it. */
static bool month_days(struct arena *a, str month, str *from, str *to)
{
    struct civil_date first = { .day = 1 };
    int64_t number;
    if (month.n != 7 || month.p[4] != '-' || !num_digits(month, 0, 4, &first.year) ||
        !num_digits(month, 5, 2, &number) || first.year < 1970 || number < 1 || number > 12)
        return false;
    first.month = (int)number;
    struct civil_date next = civil_months_later(first, 1);
    *from = arena_printf(a, "%04lld-%02d-01", (long long)first.year, first.month);
    *to = arena_printf(a, "%04lld-%02d-01", (long long)next.year, next.month);
    return true;
}

/* The partner, under whose clock the task goes on; *ret NULL: none was named. */
static err partner_read(struct task *t, const struct reports_in *in, const struct partner_find_row **ret)
{
    *ret = NULL;
    if (!in->partner.n)
        return OK;
    TRY(partner_find(t, (partner_id){ in->partner }, ret));
    if (!*ret)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("partner"), STR("the name of a partner, such as inkwell"));
    return clock_enter(t, (*ret)->partner_id);
}

/* In which days begin, when nobody says: where the partner's months begin. */
static err zone_read(struct task *t, const struct reports_in *in, str *ret)
{
    const struct agreement_find_row *agreement;
    *ret = in->zone.n ? in->zone : STR("UTC");
    if (in->zone.n || !in->partner.n)
        return OK;
    TRY(agreement_find(t, (partner_id){ in->partner }, &agreement));
    if (agreement)
        *ret = agreement->zone;
    return OK;
}

static err wanted_read(struct task *t, const struct reports_in *in, struct account_wanted *ret)
{
    *ret = (struct account_wanted){ .partner = { in->partner },
                                    .kind = in->account.n ? in->account : STR("partner"),
                                    .user = STR(""),
                                    .currency = in->currency,
                                    .format = STATEMENT_CSV };
    bool is_seller = str_eq(ret->kind, STR("seller"));
    if (!is_seller && !str_eq(ret->kind, STR("partner")) && !str_eq(ret->kind, STR("platform")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("account"), STR("partner, platform or seller"));
    if (is_seller && in->user.n) /* of nobody: what the partner itself sells */
        ret->user = in->user;
    if (!month_days(t->arena, in->month, &ret->from, &ret->to))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("month"), STR("must be a month such as 2026-11"));
    if (str_given(in->format) && !account_format_parse(in->format, &ret->format))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("format"), STR("csv, jsonl, camt053 or pdf"));
    return zone_read(t, in, &ret->zone);
}

/* ---- the page ---- */

static str file_url(struct task *t, const struct reports_in *in, const char *format)
{
    const struct operator_query queries[] = { { "partner", in->partner },  { "account", in->account },
                                              { "user", in->user },        { "currency", in->currency },
                                              { "month", in->month },      { "zone", in->zone },
                                              { "format", str_of(format) } };
    return operator_url(t, STR(STATEMENT_PATH), queries, sizeof queries / sizeof queries[0]);
}

static str month_url(struct task *t, str partner, str month, str currency, const char *format)
{
    const struct operator_query queries[] = {
        { "partner", partner }, { "month", month }, { "currency", currency }, { "format", str_of(format) }
    };
    return operator_url(t, STR(MONTH_PATH), queries, sizeof queries / sizeof queries[0]);
}

static struct operator_month_row month_of(struct task *t, str partner, str month, str currency)
{
    return (struct operator_month_row){ .month = month,
                                        .currency = currency,
                                        .pdf_url = month_url(t, partner, month, currency, "pdf"),
                                        .csv_url = month_url(t, partner, month, currency, "csv"),
                                        .json_url = month_url(t, partner, month, currency, "json") };
}

static err months_read(struct task *t, const struct reports_in *in, struct page_operator_reports *page)
{
    const struct report_list_row *rows;
    size_t n;
    TRY(report_list(t, (partner_id){ in->partner }, &rows, &n));
    struct operator_month_row *items = arena_array(t->arena, struct operator_month_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        items[i] = month_of(t, in->partner, rows[i].month, rows[i].currency);
        items[i].number = rows[i].report_no;
        items[i].closed = instant_text(t->arena, rows[i].closed_at);
        items[i].closed_iso = instant_iso(t->arena, rows[i].closed_at);
    }
    page->months.items = items;
    page->months.n = n;
    return OK;
}

static err statement_read(struct task *t, const struct reports_in *in, struct page_operator_reports *page)
{
    struct account_wanted wanted;
    struct account_statement s;
    TRY(wanted_read(t, in, &wanted));
    TRY(account_statement_open(t, &wanted, &s));
    page->has_statement = true;
    page->owner = s.owner;
    page->account_text = word_of_account(s.wanted.kind);
    page->is_closed = s.period.is_closed;
    page->from = instant_text(t->arena, s.period.from);
    page->from_iso = instant_iso(t->arena, s.period.from);
    page->to = instant_text(t->arena, s.period.to);
    page->to_iso = instant_iso(t->arena, s.period.to);
    page->opening = money_text(t->arena, s.opening_minor, wanted.currency);
    page->credits = money_text(t->arena, s.came_minor, wanted.currency);
    page->debits = money_text(t->arena, s.went_minor, wanted.currency);
    page->closing = money_text(t->arena, s.closing_minor, wanted.currency);
    page->entries = s.entries;
    page->csv_url = file_url(t, in, "csv");
    page->jsonl_url = file_url(t, in, "jsonl");
    page->camt_url = file_url(t, in, "camt053");
    page->paper_url = s.entries <= STATEMENT_PDF_MAX_ENTRIES ? file_url(t, in, "pdf") : STR_NONE;
    return OK;
}

static err month_read(struct task *t, const struct reports_in *in, struct page_operator_reports *page)
{
    struct operator_month_row *row = arena_new(t->arena, struct operator_month_row);
    *row = month_of(t, in->partner, in->month, in->currency);
    page->asked.items = row;
    page->asked.n = 1;
    return OK;
}

static err asked_read(struct task *t, const struct reports_in *in, struct page_operator_reports *page)
{
    const struct partner_find_row *partner;
    const struct report_currencies_row *currencies;
    size_t n;
    TRY(partner_read(t, in, &partner));
    if (!partner)
        return OK;
    TRY(months_read(t, in, page));
    TRY(report_currencies(t, partner->partner_id, &currencies, &n));
    str *names = arena_array(t->arena, str, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = currencies[i].currency;
    page->currencies.items = names;
    page->currencies.n = n;
    page->has_partner = true;
    if (!in->currency.n || !in->month.n)
        return OK;
    TRY(statement_read(t, in, page));
    return month_read(t, in, page);
}

/* What was asked for stays in the form, with what is wrong about it. */
static err asked_or_problem(struct task *t, const struct reports_in *in, struct page_operator_reports *page)
{
    err e = asked_read(t, in, page);
    if (!err_is(e, &FAULT_INVALID_PARAMETER) && !err_is(e, &FAULT_NOT_FOUND))
        return e;
    page->problem = err_is(e, &FAULT_NOT_FOUND)
                        ? text_of(TEXT_OP_NO_ACCOUNT)
                        : arena_printf(t->arena, "%.*s: %.*s", STR_ARG(e->param), STR_ARG(e->explain));
    return OK;
}

static err reports_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct reports_in *in = rq->in;
    str_array partners;
    TRY(operator_partners(t, &partners));
    struct page_operator_reports page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .partners = { partners.items, partners.n },
        .partner = in->partner,
        .user = in->user,
        .currency = in->currency,
        .month = in->month.n ? in->month : (str){ instant_date(t->arena, t->now).p, 7 },
        .zone = in->zone,
        .is_seller = str_eq(in->account, STR("seller")),
        .is_platform = str_eq(in->account, STR("platform")),
    };
    if (!month_days(t->arena, page.month, &page.books_from, &page.books_to))
        page.books_from = page.books_to = STR("");
    TRY(asked_or_problem(t, in, &page));
    page_operator_reports(reply_html(rs, 200), &page);
    return OK;
}

/* ---- the files ---- */

static err statement_file(struct task *t, const struct request *rq, struct response *rs)
{
    const struct reports_in *in = rq->in;
    const struct partner_find_row *partner;
    struct account_wanted wanted;
    TRY(partner_read(t, in, &partner));
    if (!partner)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("partner"), STR("is needed"));
    TRY(wanted_read(t, in, &wanted));
    return statement_reply(t, &wanted, true, rs);
}

static err month_file(struct task *t, const struct request *rq, struct response *rs)
{
    const struct reports_in *in = rq->in;
    const struct partner_find_row *partner;
    TRY(partner_read(t, in, &partner));
    if (!partner)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("partner"), STR("is needed"));
    const struct report_wanted wanted = { .partner = partner->partner_id,
                                          .for_people = true,
                                          .month = in->month,
                                          .currency = in->currency,
                                          .format = operator_wish(in->format) };
    return report_reply(t, &wanted, rs);
}

/* Of all that are live when no partner is named. */
static err books_file(struct task *t, const struct request *rq, enum books_paper paper, struct response *rs)
{
    const struct reports_in *in = rq->in;
    const struct partner_find_row *partner;
    struct books_wanted wanted = { .paper = paper,
                                   .partner = { in->partner },
                                   .from = operator_wish(in->from),
                                   .to = operator_wish(in->to),
                                   .format = operator_wish(in->format) };
    TRY(partner_read(t, in, &partner));
    TRY(zone_read(t, in, &wanted.zone));
    return books_reply(t, &wanted, true, rs);
}

static err journal_file(struct task *t, const struct request *rq, struct response *rs)
{
    return books_file(t, rq, BOOKS_JOURNAL, rs);
}

static err trial_balance_file(struct task *t, const struct request *rq, struct response *rs)
{
    return books_file(t, rq, BOOKS_TRIAL_BALANCE, rs);
}

#define REPORTS_ROUTE                                                                                                  \
    .method = GET, .guard = &GUARD_OPERATOR_SESSION, .body = BODY_NONE, .run = RUN_COSTLY, .errors = ERRORS_PAGE,      \
    .no_store = true, INPUT(struct reports_in, reports_params)

const struct route operator_reports_route = { REPORTS_ROUTE, .path = PATH, .handle = reports_page,
                                              .summary = "Statements of accounts and monthly reports" };
const struct route operator_statement_route = { REPORTS_ROUTE, .path = STATEMENT_PATH, .handle = statement_file,
                                                .sheet = "application/octet-stream",
                                                .summary = "A statement of an account: csv, jsonl, camt053 or pdf" };
const struct route operator_books_journal_route = { REPORTS_ROUTE, .path = JOURNAL_PATH, .handle = journal_file,
                                                    .sheet = "application/octet-stream",
                                                    .summary = "The journal of a period: csv or jsonl" };
const struct route operator_trial_balance_route = { REPORTS_ROUTE, .path = TRIAL_BALANCE_PATH,
                                                    .handle = trial_balance_file, .sheet = "application/octet-stream",
                                                    .summary = "The trial balance of a period: csv or jsonl" };
const struct route operator_month_route = { REPORTS_ROUTE,
                                            .path = MONTH_PATH,
                                            .handle = month_file,
                                            .answer = "PartnerReport",
                                            .sheet = "text/csv",
                                            .paper = "application/pdf",
                                            .summary = "A partner's report of a month: json, csv, or the act as pdf" };
