/* A month of drawn entries: what is reported are its sums, whichever entries there were, and nothing that does not add
 * up is reported. */
#include "paysrv/domain/report/report.h"
#include "tests/prop/prop.h"

#define ENTRIES_MAX 30

static const struct {
    const char *entry, *from, *to;
} shapes[] = {
    { "charge", "seller", "acquirer_receivable" },
    { "refund", "acquirer_receivable", "seller" },
    { "refund_returned", "seller", "acquirer_receivable" },
    { "capture", "partner", "acquirer_receivable" },
    { "dispute_hold", "disputed", "seller" },
    { "dispute_return", "seller", "disputed" },
    { "payout_hold", "payout_transit", "seller" },
    { "dispute_hold", "acquirer_receivable", "seller" }, /* the acquirer's fee */
    { "payout_paid", "bank", "payout_transit" },
    { "payout_paid", "acquirer_receivable", "payout_transit" }, /* to a card or a wallet */
    { "payout_returned", "seller", "bank" },
    { "payout_returned", "seller", "acquirer_fee" }, /* what the bank kept of it */
    { "settlement", "acquirer_receivable", "settlement" },
    { "settlement", "acquirer_receivable", "partner" }, /* its cost is agreed to be the partner's */
    { "cover", "seller", "partner" },
};

struct month {
    struct report_movement movements[2 * ENTRIES_MAX];
    size_t n;
    int64_t sellers, partner, in_transit; /* in their own direction */
    int64_t sales, refunds, disputes, paid_out, returned;
};

static void moved(struct month *m, const char *entry, const char *account, int64_t amount)
{
    m->movements[m->n++] = (struct report_movement){ str_of(entry), str_of(account), 1, amount };
    if (strcmp(account, "seller") == 0)
        m->sellers -= amount;
    if (strcmp(account, "partner") == 0)
        m->partner -= amount;
    if (strcmp(account, "payout_transit") == 0)
        m->in_transit -= amount;
}

static struct month drawn(struct draw *draw)
{
    struct month m = { .n = 0 };
    int64_t n = draw_range(draw, 0, ENTRIES_MAX);
    for (int64_t i = 0; i < n; i++) {
        size_t shape = (size_t)draw_range(draw, 0, sizeof shapes / sizeof shapes[0] - 1);
        int64_t amount = draw_range(draw, 1, INT64_C(1000000000000));
        const char *entry = shapes[shape].entry;
        moved(&m, entry, shapes[shape].from, -amount);
        moved(&m, entry, shapes[shape].to, amount);
        m.sales += strcmp(entry, "charge") == 0 || strcmp(entry, "capture") == 0 ? amount : 0;
        m.refunds += strcmp(entry, "refund") == 0 ? amount : 0;
        m.refunds -= strcmp(entry, "refund_returned") == 0 ? amount : 0;
        m.disputes += strcmp(entry, "dispute_hold") == 0 ? amount : 0;
        m.disputes -= strcmp(entry, "dispute_return") == 0 ? amount : 0;
        m.paid_out += strcmp(entry, "payout_paid") == 0 ? amount : 0;
        m.returned += strcmp(entry, "payout_returned") == 0 ? amount : 0;
    }
    return m;
}

static bool made(const struct month *m, int64_t opening, int64_t off, struct report *ret)
{
    const struct report_balance balances[] = { { STR("seller"), opening, opening + m->sellers + off },
                                               { STR("partner"), opening, opening + m->partner },
                                               { STR("payout_transit"), opening, opening + m->in_transit } };
    return report_make(m->movements, m->n, balances, 3, ret);
}

PROPERTY(a_report_is_the_sum_of_its_entries)
{
    struct month m = drawn(draw);
    struct report r;
    CHECK(made(&m, draw_range(draw, -1000, 1000000), 0, &r));
    CHECK_I64(r.sales_minor, m.sales);
    CHECK_I64(r.refunds_minor, m.refunds);
    CHECK_I64(r.disputes_minor, m.disputes);
    CHECK_I64(r.paid_out_minor, m.paid_out);
    CHECK_I64(r.returned_minor, m.returned);
    CHECK_I64(r.sales_minor - r.refunds_minor - r.disputes_minor,
              r.sellers_share_minor + r.partner_share_minor + r.platform_share_minor);
    CHECK_I64(r.sellers.closing_minor - r.sellers.opening_minor, m.sellers);
    CHECK_I64(r.partner.closing_minor - r.partner.opening_minor, m.partner);
    for (size_t i = 0; i < r.n; i++)
        if (r.rows[i].gross_minor)
            CHECK_I64(r.rows[i].gross_minor,
                      r.rows[i].sellers_minor + r.rows[i].partner_minor + r.rows[i].platform_minor);
}

PROPERTY(what_does_not_add_up_is_no_report)
{
    struct month m = drawn(draw);
    struct report r;
    CHECK(!made(&m, 0, draw_bool(draw) ? 1 : -1, &r));
    if (m.n == 0)
        return;
    m.movements[draw_range(draw, 0, (int64_t)m.n - 1)].amount_minor += 1;
    CHECK(!made(&m, 0, 0, &r));
}
