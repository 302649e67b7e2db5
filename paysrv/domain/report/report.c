/* See report.h. */
#include "paysrv/domain/report/report.h"

#include "shared/base/num.h"

static struct report_row *row_of(struct report *r, str entry)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->rows[i].entry, entry))
            return &r->rows[i];
    if (r->n == REPORT_ROWS_MAX)
        return NULL;
    r->rows[r->n] = (struct report_row){ .entry = entry };
    return &r->rows[r->n++];
}

static bool is_of_refunds(str entry)
{
    return str_eq(entry, STR("refund")) || str_eq(entry, STR("refund_returned"));
}

static bool is_of_buyers(str entry)
{
    return str_eq(entry, STR("charge")) || str_eq(entry, STR("capture")) || is_of_refunds(entry) ||
           str_starts(entry, STR("dispute_"));
}

/* Where a movement of this kind of account is counted; NULL: in no column. What we owe grows by credits. */
static int64_t *column_of(struct report_row *row, str account)
{
    if (str_eq(account, STR("seller")))
        return &row->sellers_minor;
    if (str_eq(account, STR("partner")))
        return &row->partner_minor;
    if (str_eq(account, STR("platform")))
        return &row->platform_minor;
    return str_eq(account, STR("payout_transit")) ? &row->in_transit_minor : NULL;
}

/* What the parties have of a buyer's money is what he gave, wherever that is: at an acquirer, or held for a dispute. */
static bool gross_take(struct report_row *row, str account, int64_t minor)
{
    bool is_share =
        str_eq(account, STR("seller")) || str_eq(account, STR("partner")) || str_eq(account, STR("platform"));
    return !is_share || !is_of_buyers(row->entry) || num_add(row->gross_minor, minor, &row->gross_minor);
}

static bool movement_take(struct report *r, const struct report_movement *m, int64_t *balance)
{
    struct report_row *row = row_of(r, m->entry);
    if (!row)
        return false;
    int64_t *column = column_of(row, m->account);
    row->entries = m->entries > row->entries ? m->entries : row->entries;
    return (!column || num_sub(*column, m->amount_minor, column)) && gross_take(row, m->account, -m->amount_minor) &&
           num_add(*balance, m->amount_minor, balance);
}

/* Every kind of entry, and so every entry, sums to zero. */
static bool is_balanced(const struct report_movement *movements, size_t n, str entry)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        if (str_eq(movements[i].entry, entry) && !num_add(sum, movements[i].amount_minor, &sum))
            return false;
    return sum == 0;
}

/* What was paid out is what sellers had of it, by whichever rail it went and whatever a bank kept when it came back. */
static void figures_add(struct report *r, const struct report_row *row)
{
    if (str_eq(row->entry, STR("charge")) || str_eq(row->entry, STR("capture")))
        r->sales_minor += row->gross_minor;
    if (is_of_refunds(row->entry))
        r->refunds_minor -= row->gross_minor;
    if (str_starts(row->entry, STR("dispute_")))
        r->disputes_minor -= row->gross_minor;
    if (is_of_buyers(row->entry)) {
        r->sellers_share_minor += row->sellers_minor;
        r->partner_share_minor += row->partner_minor;
        r->platform_share_minor += row->platform_minor;
    }
    if (str_eq(row->entry, STR("payout_paid")))
        r->paid_out_minor -= row->in_transit_minor;
    if (str_eq(row->entry, STR("payout_returned")))
        r->returned_minor += row->sellers_minor;
}

static struct report_party party_of(const struct report_balance *balances, size_t n, str account)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(balances[i].account, account))
            return (struct report_party){ balances[i].opening_minor, balances[i].closing_minor };
    return (struct report_party){ 0, 0 };
}

static bool leads(const struct report_party *party, int64_t moved)
{
    int64_t closing;
    return num_add(party->opening_minor, moved, &closing) && closing == party->closing_minor;
}

bool report_make(const struct report_movement *movements, size_t n, const struct report_balance *balances,
                 size_t n_balances, struct report *ret)
{
    struct report r = { .n = 0 };
    int64_t all = 0, sellers = 0, partner = 0, in_transit = 0;
    for (size_t i = 0; i < n; i++)
        if (!movement_take(&r, &movements[i], &all) || !is_balanced(movements, n, movements[i].entry))
            return false;
    for (size_t i = 0; i < r.n; i++) {
        figures_add(&r, &r.rows[i]);
        sellers += r.rows[i].sellers_minor;
        partner += r.rows[i].partner_minor;
        in_transit += r.rows[i].in_transit_minor;
    }
    r.sellers = party_of(balances, n_balances, STR("seller"));
    r.partner = party_of(balances, n_balances, STR("partner"));
    r.in_transit = party_of(balances, n_balances, STR("payout_transit"));
    if (all != 0 || !leads(&r.sellers, sellers) || !leads(&r.partner, partner) || !leads(&r.in_transit, in_transit))
        return false;
    *ret = r;
    return true;
}
