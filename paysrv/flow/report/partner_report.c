/* See partner_report.h; PRODUCT B10; MONEY 6.D28. */
#include "paysrv/flow/report/partner_report.h"

#include <stdlib.h>

#include "paysrv/domain/ledger/window.h"
#include "paysrv/domain/report/report.h"
#include "paysrv/faults.h"
#include "paysrv/flow/ledger/ledger_cut.h"
#include "paysrv/flow/report/month.h"
#include "paysrv/flow/report/report_balances.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/report.sql.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"
#include "shared/text/csv.h"
#include "shared/text/currency.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"
#include "shared/text/money_text.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 65536
#define MOVEMENTS_MAX 1000   /* kinds of entries, and of accounts that they move */
#define WINDOW_ENTRIES 16384 /* added up by one statement, of whatever is among so many */

struct making {
    partner_id partner;
    str currency;
    const struct agreement_find_row *agreement; /* NULL: none was written down */
    struct partner_month month;
    int64_t from_entry, to_entry;
    bool is_closed;
};

struct movements {
    struct report_movement items[MOVEMENTS_MAX];
    size_t n;
};

/* ---- the month ---- */

static err wanted_check(struct task *t, const struct making *m, struct civil_date *first)
{
    if (!currency_find(m->currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), currency_allowed(m->currency));
    if (!month_parse(m->month.name, first))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("month"), STR("must be a month such as 2026-11"));
    return OK;
}

static err month_find(struct task *t, struct civil_date first, struct making *m)
{
    const struct partner_find_row *partner;
    const struct report_has_account_row *in;
    bool is_final;
    TRY(partner_find(t, m->partner, &partner));
    if (!partner)
        return FAIL(t, NOT_FOUND, "no such partner");
    TRY(report_has_account(t, m->partner, m->currency, &in));
    if (!in->has_account)
        return FAIL_PARAM(t, NOT_FOUND, STR("currency"), STR("there is no account in it"));
    TRY(agreement_find(t, m->partner, &m->agreement));
    TRY(partner_month_read(t, partner, m->agreement, first, &m->month));
    if (!instant_before(m->month.from, t->now))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("month"), STR("has not begun"));
    if (!instant_before(partner->created_at, m->month.to))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("month"), STR("was over before there was this partner"));
    TRY(partner_month_settle(t, m->agreement, first, &m->month));
    TRY(ledger_cut_at(t, m->month.from, &m->from_entry, &is_final));
    TRY(ledger_cut_at(t, m->month.to, &m->to_entry, &m->is_closed));
    m->to_entry = m->to_entry < m->from_entry ? m->from_entry : m->to_entry;
    return OK;
}

/* What is moved by one kind of entry on one kind of account, beside what was before. */
static bool movement_add(struct movements *all, const struct report_movements_row *row)
{
    size_t i = 0;
    while (i < all->n && !(str_eq(all->items[i].entry, row->entry) && str_eq(all->items[i].account, row->account)))
        i++;
    if (i == all->n && all->n == MOVEMENTS_MAX)
        return false;
    if (i == all->n)
        all->items[all->n++] = (struct report_movement){ row->entry, row->account, 0, 0 };
    struct report_movement *item = &all->items[i];
    return num_add(item->entries, row->entries, &item->entries) &&
           num_add(item->amount_minor, row->amount, &item->amount_minor);
}

static int text_order(str a, str b)
{
    int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int movement_order(const void *one, const void *other)
{
    const struct report_movement *a = one, *b = other;
    int order = text_order(a->entry, b->entry);
    return order ? order : text_order(a->account, b->account);
}

/* A month may have more entries than one statement adds up in its time. Counted are those of one kind and account: of
 * an entry there is one of each. */
static err movements_read(struct task *t, const struct making *m, struct movements *ret)
{
    int64_t window = WINDOW_ENTRIES;
    for (int64_t after = m->from_entry, until; after < m->to_entry; after = until) {
        const struct report_movements_row *rows;
        size_t n;
        int64_t found = 0;
        until = m->to_entry - after < window ? m->to_entry : after + window;
        TRY(report_movements(t, after, until, m->partner, m->currency, &rows, &n));
        for (size_t i = 0; i < n; i++) {
            found = rows[i].entries > found ? rows[i].entries : found;
            if (!movement_add(ret, &rows[i]))
                return FAIL(t, INTERNAL, "the sums of %.*s do not fit a number", STR_ARG(m->month.name));
        }
        window = window_next(window, found, WINDOW_ENTRIES);
    }
    qsort(ret->items, ret->n, sizeof ret->items[0], movement_order);
    return OK;
}

static err figures_read(struct task *t, const struct making *m, struct report *ret)
{
    struct movements *moved = arena_new(t->arena, struct movements);
    struct report_balance balances[REPORT_BALANCES];
    TRY(movements_read(t, m, moved));
    TRY(report_balances_read(t, m->partner, m->currency, (struct account_span){ m->from_entry, m->to_entry, 0 },
                             m->is_closed, balances));
    return report_make(moved->items, moved->n, balances, REPORT_BALANCES, ret)
               ? OK
               : FAIL(t, INTERNAL, "%.*s of %.*s does not add up", STR_ARG(m->month.name), STR_ARG(m->partner.v));
}

/* ---- the document ---- */

/* As the configuration names us when the month is reported, since that is who signs. */
static void platform_write(struct task *t, struct json *j)
{
    json_object(j, "platform");
    json_str(j, "name", platform_name(t));
    json_str_or_null(j, "address", platform_address(t));
    json_close(j);
}

static void agreement_write(struct json *j, const struct agreement_find_row *a)
{
    if (!a) {
        json_null(j, "agreement");
        return;
    }
    json_object(j, "agreement");
    json_str(j, "number", a->number);
    json_str(j, "signed_on", a->signed_on);
    json_str(j, "name", a->legal_name);
    json_str_or_null(j, "address", a->address);
    json_close(j);
}

SHAPE(opening_closing, "OpeningClosing", "opening: integer, closing: integer")

static void party_write(struct json *j, const char *name, const struct report_party *p)
{
    json_object(j, name);
    json_i64(j, "opening", p->opening_minor);
    json_i64(j, "closing", p->closing_minor);
    json_close(j);
}

static void figures_write(struct json *j, const struct report *r)
{
    json_object(j, "figures");
    json_i64(j, "sales", r->sales_minor);
    json_i64(j, "refunds", r->refunds_minor);
    json_i64(j, "disputes", r->disputes_minor);
    json_i64(j, "sellers_share", r->sellers_share_minor);
    json_i64(j, "partner_share", r->partner_share_minor);
    json_i64(j, "platform_share", r->platform_share_minor);
    json_i64(j, "paid_out", r->paid_out_minor);
    json_i64(j, "payouts_returned", r->returned_minor);
    json_close(j);
    json_object(j, "balances");
    party_write(j, "partner", &r->partner);
    party_write(j, "sellers", &r->sellers);
    party_write(j, "in_transit", &r->in_transit);
    json_close(j);
}

/* What settlements cost the platform is not the partner's. */
static bool is_shown(const struct report_row *row)
{
    return row->sellers_minor || row->partner_minor || row->in_transit_minor || row->platform_minor;
}

SHAPE(partner_report, "PartnerReport",
      "number: integer | null, object: 'partner_report', partner: string, name: string, month: "
      "string, currency: string, zone: string, from: time, to: time, closed: boolean, platform?: { name: string, "
      "address: string | null }, agreement: { "
      "number: string, signed_on: string, name: string, address: string | null } | null, figures: { "
      "sales: integer, refunds: integer, disputes: integer, sellers_share: integer, partner_share: "
      "integer, platform_share: integer, paid_out: integer, payouts_returned: integer }, balances: { "
      "partner: OpeningClosing, sellers: OpeningClosing, in_transit: OpeningClosing }, entries: { "
      "kind: string, count: integer, gross: integer, sellers: integer, partner: integer, platform: "
      "integer, in_transit: integer }[]")

static str document_of(struct task *t, const struct making *m, const struct report *r)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "object", STR("partner_report"));
    json_str(&j, "partner", m->partner.v);
    json_str(&j, "name", m->month.partner->name);
    json_str(&j, "month", m->month.name);
    json_str(&j, "currency", m->currency);
    json_str(&j, "zone", m->month.zone_name);
    json_time(&j, "from", m->month.from);
    json_time(&j, "to", m->month.to);
    json_bool(&j, "closed", m->is_closed);
    platform_write(t, &j);
    agreement_write(&j, m->agreement);
    figures_write(&j, r);
    json_array(&j, "entries");
    for (size_t i = 0; i < r->n; i++) {
        const struct report_row *row = &r->rows[i];
        if (!is_shown(row))
            continue;
        json_object(&j, NULL);
        json_str(&j, "kind", row->entry);
        json_i64(&j, "count", row->entries);
        json_i64(&j, "gross", row->gross_minor);
        json_i64(&j, "sellers", row->sellers_minor);
        json_i64(&j, "partner", row->partner_minor);
        json_i64(&j, "platform", row->platform_minor);
        json_i64(&j, "in_transit", row->in_transit_minor);
        json_close(&j);
    }
    json_close(&j);
    json_end(&j);
    return buf_str(&out);
}

static err kept_find(struct task *t, const struct making *m, bool *found, struct report_paper *ret)
{
    const struct report_find_row *row;
    TRY(report_find(t, m->partner, m->currency, m->month.name, &row));
    *found = row != NULL;
    if (row)
        *ret = (struct report_paper){ row->report_no, row->document, row->closed_at };
    return OK;
}

err partner_report_read(struct task *t, partner_id partner, str month, str currency, struct report_paper *ret)
{
    struct making m = { .partner = partner, .month = { .name = month }, .currency = currency };
    struct civil_date first;
    struct report report;
    bool found;
    int64_t affected;
    TRY(wanted_check(t, &m, &first));
    TRY(kept_find(t, &m, &found, ret));
    if (found)
        return OK;
    TRY(month_find(t, first, &m));
    TRY(figures_read(t, &m, &report));
    *ret = (struct report_paper){ 0, document_of(t, &m, &report), t->now };
    if (!m.is_closed)
        return OK;
    TRY(report_keep(t, partner, currency, month, m.from_entry, m.to_entry, ret->document, &affected));
    return kept_find(t, &m, &found, ret);
}

str partner_report_json(struct task *t, const struct report_paper *paper)
{
    str number = paper->number ? arena_printf(t->arena, "%lld", (long long)paper->number) : STR("null");
    return arena_printf(t->arena, "{\"number\":%.*s,%.*s", STR_ARG(number), (int)paper->document.n - 1,
                        paper->document.p + 1);
}

/* ---- the sheet ---- */

static void text_line(struct csv *c, const char *name, str text)
{
    csv_text(c, str_of(name));
    csv_text(c, text);
    csv_line_end(c);
}

static void sum_lines(struct task *t, struct csv *c, const struct json_value *of, const char *const *names, size_t n,
                      str currency)
{
    for (size_t i = 0; i < n; i++) {
        int64_t minor = 0;
        json_get_i64(of, names[i], &minor);
        csv_text(c, str_of(names[i]));
        csv_number(c, money_decimal(t->arena, minor, currency));
        csv_line_end(c);
    }
}

static void party_lines(struct task *t, struct csv *c, const struct json_value *balances, const char *name,
                        str currency)
{
    int64_t opening = 0, closing = 0;
    const struct json_value *party = json_get(balances, name);
    json_get_i64(party, "opening", &opening);
    json_get_i64(party, "closing", &closing);
    csv_text(c, str_of(name));
    csv_number(c, money_decimal(t->arena, opening, currency));
    csv_number(c, money_decimal(t->arena, closing, currency));
    csv_line_end(c);
}

static void entry_line(struct task *t, struct csv *c, const struct json_value *entry, str currency)
{
    static const char *const columns[] = { "gross", "sellers", "partner", "platform", "in_transit" };
    str kind = STR("");
    json_get_str(entry, "kind", &kind);
    csv_text(c, kind);
    int64_t count = 0;
    json_get_i64(entry, "count", &count);
    csv_i64(c, count);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        int64_t minor = 0;
        json_get_i64(entry, columns[i], &minor);
        csv_number(c, money_decimal(t->arena, minor, currency));
    }
    csv_line_end(c);
}

/* A line of a member of the document; none where it has not got it. */
static void member_line(struct csv *c, const char *name, const struct json_value *of, const char *member)
{
    str text;
    if (of && json_get_str(of, member, &text))
        text_line(c, name, text);
}

/* Who, under what and for when: all that names the act on paper, which does not show every script. */
static void head_lines(struct task *t, struct csv *c, const struct report_paper *paper, const struct json_value *d)
{
    const struct json_value *agreement = json_get(d, "agreement");
    member_line(c, "agreement", agreement, "number");
    member_line(c, "partner", d, "name");
    member_line(c, "partner_legal_name", agreement, "name");
    member_line(c, "partner_address", agreement, "address");
    member_line(c, "agreement_signed_on", agreement, "signed_on");
    member_line(c, "platform", json_get(d, "platform"), "name");
    member_line(c, "platform_address", json_get(d, "platform"), "address");
    member_line(c, "month", d, "month");
    member_line(c, "from", d, "from");
    member_line(c, "to", d, "to");
    member_line(c, "zone", d, "zone");
    member_line(c, "currency", d, "currency");
    text_line(c, "report",
              paper->number ? arena_printf(t->arena, "%lld", (long long)paper->number) : STR("not closed"));
    text_line(c, paper->number ? "closed_at" : "as_of", instant_iso(t->arena, paper->at));
}

void partner_report_csv(struct task *t, const struct report_paper *paper, struct buf *out)
{
    static const char *const figures[] = { "sales",         "refunds",        "disputes", "sellers_share",
                                           "partner_share", "platform_share", "paid_out", "payouts_returned" };
    static const char *const heads[] = { "entries", "count", "gross", "sellers", "partner", "platform", "in_transit" };
    const struct json_value *d;
    struct csv c = { .out = out };
    str currency = STR("EUR");
    if (!json_parse(t->arena, paper->document, &d))
        return;
    json_get_str(d, "currency", &currency);
    head_lines(t, &c, paper, d);
    sum_lines(t, &c, json_get(d, "figures"), figures, sizeof figures / sizeof figures[0], currency);
    csv_text(&c, STR("balances"));
    csv_text(&c, STR("opening"));
    csv_text(&c, STR("closing"));
    csv_line_end(&c);
    party_lines(t, &c, json_get(d, "balances"), "partner", currency);
    party_lines(t, &c, json_get(d, "balances"), "sellers", currency);
    party_lines(t, &c, json_get(d, "balances"), "in_transit", currency);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        csv_text(&c, str_of(heads[i]));
    csv_line_end(&c);
    const struct json_value *entries = json_get(d, "entries");
    for (size_t i = 0; i < json_size(entries); i++)
        entry_line(t, &c, json_item(entries, i), currency);
}
