/* Adding up and issuing. See fee_invoice.h; MONEY 6.D28. */
#include "paysrv/flow/report/fee_invoice.h"

#include "paysrv/app.h"
#include "paysrv/domain/ledger/window.h"
#include "paysrv/domain/party/tax_id.h"
#include "paysrv/domain/report/fee_invoice.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/ledger/ledger_cut.h"
#include "paysrv/flow/outgoing.h"
#include "paysrv/flow/report/month.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/fee_invoice.sql.h"
#include "paysrv/store/legal_profile.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/report.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/ops/log.h"
#include "shared/text/json_out.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 16384
#define WINDOW_ENTRIES 16384 /* of postings that one statement adds up */
#define TURN_WINDOWS 100     /* after which other partners have their turn */
#define TURN_ROUNDS 10       /* of a hundred invoices */
#define TURN_MAX_BYTES ((size_t)64 << 20)

struct invoicing {
    partner_id partner;
    str month, zone_name;
    const struct partner_find_row *of;
    const struct agreement_find_row *agreement;
    const struct zone *zone;
    struct civil_date first;
    instant from, to;
    int64_t position, to_entry;
};

/* ---- the month ---- */

static err month_closed(struct task *t, const struct fee_months_due_row *row, struct invoicing *m)
{
    m->to = row->ends_at;
    m->position = row->position;
    m->to_entry = row->to_entry;
    m->zone_name = row->zone;
    return zone_load(t, row->zone, &m->zone);
}

/* *is_over false: it is put off, or another server has closed it meanwhile. Also when it was to be over, and by the
 * zone that is agreed now is not. */
static err month_close(struct task *t, const struct fee_months_due_row *row, struct invoicing *m, bool *is_over)
{
    struct partner_month month;
    int64_t affected, entry;
    bool is_final;
    *is_over = row->to_entry_given;
    if (*is_over)
        return month_closed(t, row, m);
    TRY(partner_month_read(t, m->of, m->agreement, m->first, &month));
    TRY(partner_month_settle(t, m->agreement, m->first, &month));
    m->from = month.from;
    m->to = month.to;
    m->zone_name = month.zone_name;
    m->zone = month.zone;
    m->position = row->position;
    if (!row->position_given)
        TRY(ledger_cut_at(t, m->from, &m->position, &is_final));
    TRY(ledger_cut_at(t, m->to, &entry, is_over));
    if (!*is_over)
        return fee_month_wait(t, instant_add(m->to, LEDGER_SETTLES_AFTER), m->partner, m->month, &affected);
    m->to_entry = entry < m->position ? m->position : entry;
    const struct fee_month_close_args args = { .partner = m->partner,
                                               .month = m->month,
                                               .from = m->position,
                                               .begins_at = m->from,
                                               .ends_at = m->to,
                                               .to = entry,
                                               .zone = m->zone_name };
    TRY(fee_month_close(t, &args, &affected));
    *is_over = affected > 0;
    return OK;
}

/* *is_done false: there is more of it, or another server is at it. */
static err fees_add(struct task *t, struct invoicing *m, bool *is_done)
{
    int64_t window = WINDOW_ENTRIES;
    for (int i = 0; i < TURN_WINDOWS && m->position < m->to_entry; i++) {
        const struct fee_charged_add_row *added;
        int64_t until = m->to_entry - m->position < window ? m->to_entry : m->position + window;
        TRY(fee_charged_add(t, until, m->partner, m->month, m->position, &added));
        if (!added->moved)
            break;
        m->position = until;
        window = window_next(window, added->found, WINDOW_ENTRIES);
    }
    *is_done = m->position == m->to_entry;
    return OK;
}

static err month_next(struct task *t, const struct invoicing *m)
{
    struct civil_date next = civil_months_later(m->first, 1);
    instant over = month_begin(civil_months_later(m->first, 2), m->zone);
    int64_t affected;
    return fee_month_next(t, month_name(t->arena, next), instant_add(over, LEDGER_SETTLES_AFTER), m->partner, m->month,
                          &affected);
}

/* ---- the parties ---- */

static str joined(struct arena *a, str one, const char *between, str other)
{
    if (!one.n || !other.n)
        return one.n ? one : other;
    return arena_printf(a, "%.*s%s%.*s", STR_ARG(one), between, STR_ARG(other));
}

static str address_of(struct arena *a, const struct legal_profile_find_row *p)
{
    str street = joined(a, p->street, " ", p->building), town = joined(a, p->postcode, " ", p->town);
    return joined(a, joined(a, street, ", ", town), ", ", p->country);
}

/* A person's tax number is nobody's business who does not tax him. */
static str tax_id_of(struct arena *a, const struct legal_profile_find_row *p)
{
    bool is_person = str_eq(p->kind, STR("individual"));
    return str_given(p->tax_id) && is_person ? tax_id_masked(a, p->tax_id) : p->tax_id;
}

static struct fee_party partner_of(const struct invoicing *m)
{
    if (!m->agreement)
        return (struct fee_party){ m->of->name, STR_NONE, STR_NONE };
    return (struct fee_party){ m->agreement->legal_name, m->agreement->address, STR_NONE };
}

/* The partner, of what it sells itself. */
static err recipient_of(struct task *t, const struct invoicing *m, user_id user, struct fee_party *ret)
{
    const struct legal_profile_find_row *p;
    const struct user_find_row *u;
    *ret = partner_of(m);
    if (!user.v.n)
        return OK;
    TRY(legal_profile_find(t, m->partner, user, &p));
    TRY(user_find(t, m->partner, user, &u));
    if (p)
        *ret = (struct fee_party){ p->name, address_of(t->arena, p), tax_id_of(t->arena, p) };
    else
        *ret = (struct fee_party){ u ? u->name : STR("-"), STR_NONE, STR_NONE };
    return OK;
}

static void party_write(struct json *j, const struct fee_party *p)
{
    json_str(j, "name", p->name);
    json_str_or_null(j, "address", p->address);
    json_str_or_null(j, "tax_id", p->tax_id);
}

/* ---- an invoice ---- */

SHAPE(fee_party, "FeeParty", "name: string, address: string | null, tax_id: string | null")
SHAPE(
    fee_invoice, "FeeInvoice",
    "id: string, object: 'fee_invoice', number: string, type: 'invoice' | 'credit_note', livemode: boolean, issued_by: "
    "'platform' | 'partner', partner: string, user: string | null, month: string, zone: string, from: time, to: time, "
    "date: string, currency: string, issuer: FeeParty, recipient: FeeParty, lines: { kind: 'sale' | 'refund' | "
    "'dispute' | 'dispute_won' | 'dispute_fee' | 'payout' | 'payout_returned', count: integer, amount: integer }[], "
    "net: integer, tax_rate_bp: integer | null, tax: integer, untaxed: 'exempt' | 'reverse_charge' | "
    "'outside_scope' | 'not_stated' | null, gross: integer, issued_at: time")

struct draft {
    const struct invoicing *month;
    const struct fee_charged_next_row *of;
    const struct fee_tax_of_month_row *tax; /* NULL: its issuer has not said */
    struct fee_party issuer;
    struct fee_line lines[FEE_LINES_MAX];
    size_t n;
    struct fee_sums sums;
};

static bool is_platforms(const struct draft *d)
{
    return str_eq(d->of->issuer, STR("platform"));
}

static err issuer_find(struct task *t, struct draft *d)
{
    const struct invoicing *m = d->month;
    partner_id issuer = is_platforms(d) ? (partner_id){ FEE_PLATFORM } : m->partner;
    TRY(fee_tax_of_month(t, issuer, m->month, &d->tax));
    if (d->tax)
        d->issuer = (struct fee_party){ d->tax->name, d->tax->address, d->tax->tax_id };
    else
        d->issuer =
            is_platforms(d) ? (struct fee_party){ platform_name(t), platform_address(t), STR_NONE } : partner_of(m);
    return OK;
}

static err lines_read(struct task *t, struct draft *d)
{
    const struct fee_charged_lines_row *rows;
    size_t n;
    TRY(fee_charged_lines(t, d->month->partner, d->month->month, d->of->user_id, d->of->issuer, d->of->currency, &rows,
                          &n));
    for (d->n = 0; d->n < n; d->n++)
        d->lines[d->n] = (struct fee_line){ rows[d->n].kind, rows[d->n].entries, rows[d->n].amount };
    bool is_taxed = d->tax && d->tax->rate_bp_given;
    return fee_sums_of(d->lines, d->n, is_taxed ? d->tax->rate_bp : 0, &d->sums)
               ? OK
               : FAIL(t, INTERNAL, "fees of %.*s do not fit a number", STR_ARG(d->of->user_id.v));
}

static void lines_write(struct json *j, const struct draft *d)
{
    json_array(j, "lines");
    for (size_t i = 0; i < d->n; i++) {
        json_object(j, NULL);
        json_str(j, "kind", d->lines[i].kind);
        json_i64(j, "count", d->lines[i].count);
        json_i64(j, "amount", d->lines[i].amount_minor);
        json_close(j);
    }
    json_close(j);
}

static void sums_write(struct json *j, const struct draft *d)
{
    bool is_taxed = d->tax && d->tax->rate_bp_given;
    json_i64(j, "net", d->sums.net_minor);
    if (is_taxed)
        json_i64(j, "tax_rate_bp", d->tax->rate_bp);
    else
        json_null(j, "tax_rate_bp");
    json_i64(j, "tax", d->sums.tax_minor);
    json_str_or_null(j, "untaxed", is_taxed ? STR_NONE : d->tax ? d->tax->untaxed : STR("not_stated"));
    json_i64(j, "gross", d->sums.gross_minor);
}

static str today_in(struct arena *a, const struct zone *zone, instant at)
{
    return instant_date(a, zone ? instant_of_seconds(zone_local(zone, instant_seconds(at))) : at);
}

static str document_of(struct task *t, const struct draft *d)
{
    const struct invoicing *m = d->month;
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "object", STR("fee_invoice"));
    json_str(&j, "type", d->sums.gross_minor < 0 ? STR("credit_note") : STR("invoice"));
    json_bool(&j, "livemode", clock_is_live(t));
    json_str(&j, "issued_by", d->of->issuer);
    json_str(&j, "partner", m->partner.v);
    json_str_or_null(&j, "user", d->of->user_id.v.n ? d->of->user_id.v : STR_NONE);
    json_str(&j, "month", m->month);
    json_str(&j, "zone", m->zone_name);
    json_time(&j, "from", m->from);
    json_time(&j, "to", m->to);
    json_str(&j, "date", today_in(t->arena, m->zone, t->now));
    json_str(&j, "currency", d->of->currency);
    json_object(&j, "issuer");
    party_write(&j, &d->issuer);
    json_close(&j);
    lines_write(&j, d);
    sums_write(&j, d);
    json_end(&j);
    return buf_str(&out);
}

static str number_text(struct arena *a, str clock, int64_t number)
{
    return arena_printf(a, "%s-%lld", clock.n ? "TEST" : "FEE", (long long)number);
}

static str recipient_text(struct task *t, const struct fee_party *p)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    party_write(&j, p);
    json_end(&j);
    return buf_str(&out);
}

static err issue(struct task *t, const struct invoicing *m, const struct fee_charged_next_row *of)
{
    const struct app *app = t->app;
    struct draft d = { .month = m, .of = of };
    const struct fee_invoice_issue_row *issued;
    struct fee_party recipient;
    TRY(issuer_find(t, &d));
    TRY(recipient_of(t, m, of->user_id, &recipient));
    TRY(lines_read(t, &d));
    if (d.n == 0) /* another server has issued it */
        return OK;
    const struct fee_invoice_issue_args args = { .partner = m->partner,
                                                 .month = m->month,
                                                 .user = of->user_id,
                                                 .issuer = of->issuer,
                                                 .currency = of->currency,
                                                 .id = { app->env->new_id(t->arena, "fin_") },
                                                 .gross = d.sums.gross_minor,
                                                 .recipient = recipient_text(t, &recipient),
                                                 .document = document_of(t, &d) };
    TRY(fee_invoice_issue(t, &args, &issued));
    if (issued) /* the log outlives a database that is restored */
        log_info(t, "fee_invoice.issued", L_STR("issuer", is_platforms(&d) ? STR("platform") : m->partner.v),
                 L_STR("number", number_text(t->arena, issued->clock, issued->number)), L_STR("month", m->month));
    return OK;
}

/* ---- the job ---- */

static err month_read(struct task *t, const struct fee_months_due_row *row, struct invoicing *ret)
{
    *ret = (struct invoicing){ .partner = row->partner_id, .month = row->month, .from = row->begins_at };
    TRY(partner_find(t, row->partner_id, &ret->of));
    TRY(agreement_find(t, row->partner_id, &ret->agreement));
    return ret->of && month_parse(row->month, &ret->first)
               ? OK
               : FAIL(t, INTERNAL, "%.*s is no month of %.*s", STR_ARG(row->month), STR_ARG(row->partner_id.v));
}

static err month_invoice(struct task *t, void *context)
{
    struct invoicing m;
    bool goes_on;
    TRY(month_read(t, context, &m));
    TRY(month_close(t, context, &m, &goes_on));
    if (goes_on)
        TRY(fees_add(t, &m, &goes_on));
    if (!goes_on)
        return OK;
    for (int i = 0; i < TURN_ROUNDS; i++) {
        const struct fee_charged_next_row *rows;
        size_t n;
        TRY(fee_charged_next(t, m.partner, m.month, &rows, &n));
        for (size_t k = 0; k < n; k++)
            TRY(issue(t, &m, &rows[k]));
        if (n == 0)
            return month_next(t, &m);
    }
    return OK;
}

err fee_invoices_run(struct task *t)
{
    const struct fee_months_due_row *rows;
    size_t n;
    err first = OK;
    if (outgoing_is_held(t))
        return OK;
    TRY(fee_months_due(t, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        struct fee_months_due_row row = rows[i];
        first = failure_first(t, first, task_aside(t, TURN_MAX_BYTES, month_invoice, &row));
    }
    return first;
}

/* ---- what was issued ---- */

str fee_invoice_number(struct arena *a, const struct fee_invoice_find_row *row)
{
    return number_text(a, row->clock, row->number);
}

str fee_invoice_json(struct task *t, const struct fee_invoice_find_row *row)
{
    return arena_printf(t->arena, "{\"id\":\"%.*s\",\"number\":\"%.*s\",\"issued_at\":\"%.*s\",\"recipient\":%.*s,%.*s",
                        STR_ARG(row->fee_invoice_id.v), STR_ARG(fee_invoice_number(t->arena, row)),
                        STR_ARG(instant_iso(t->arena, row->issued_at)), STR_ARG(row->recipient),
                        (int)row->document.n - 1, row->document.p + 1);
}
