/* See report_balances.h. */
#include "paysrv/flow/report/report_balances.h"

#include "paysrv/faults.h"
#include "shared/base/num.h"

static const str kinds[REPORT_BALANCES] = { STR("seller"), STR("partner"), STR("payout_transit") };

static bool balance_add(struct report_balance *b, const struct account_sum *sum)
{
    int64_t closing_minor;
    return account_sum_closing(sum, &closing_minor) &&
           num_add(b->opening_minor, sum->side * sum->opening_minor, &b->opening_minor) &&
           num_add(b->closing_minor, sum->side * closing_minor, &b->closing_minor);
}

static struct report_balance *balance_of(struct report_balance *all, str kind)
{
    size_t i = 0;
    while (i < REPORT_BALANCES - 1 && !str_eq(all[i].account, kind))
        i++;
    return &all[i];
}

static err page_add(struct task *t, void *context, const struct account_page_row *accounts,
                    const struct account_sum *sums, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!balance_add(balance_of(context, accounts[i].kind), &sums[i]))
            return FAIL(t, INTERNAL, "the balances of a report do not fit a number");
    return OK;
}

err report_balances_read(struct task *t, partner_id partner, str currency, struct account_span month, bool is_closed,
                         struct report_balance ret[REPORT_BALANCES])
{
    const str_array wanted = { kinds, REPORT_BALANCES };
    const struct account_range range = {
        .partner = partner, .kinds = &wanted, .currency = currency, .span = month, .is_closed = is_closed
    };
    for (size_t i = 0; i < REPORT_BALANCES; i++)
        ret[i] = (struct report_balance){ .account = kinds[i] };
    return account_pages_read(t, &range, page_add, ret);
}
