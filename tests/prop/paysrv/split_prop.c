/*
 * Random splits with random partial refunds: the sums are exact at every step, nobody gains by the order of parts, and
 * the end is the split of the whole. Amounts lie around the edges that matter (MONEY 6.A 2, 3; SECURITY 5.5).
 */
#include "paysrv/domain/money.h"
#include "paysrv/domain/posting.h"
#include "paysrv/domain/refund.h"
#include "paysrv/domain/split.h"
#include "tests/prop/prop.h"

enum { SPLITS_PER_RUN = 250, PARTS_MAX = 12 };

static int64_t amount_draw(struct draw *d)
{
    static const int64_t edges[] = {
        1, 2, 3, 99, 100, 101, 9999, 10000, 10001, INT32_MAX, MONEY_MAX_MINOR - 1, MONEY_MAX_MINOR
    };
    if (draw_bool(d))
        return edges[draw_range(d, 0, (int64_t)(sizeof edges / sizeof edges[0]) - 1)];
    return draw_range(d, 1, draw_bool(d) ? 1000 : MONEY_MAX_MINOR);
}

static size_t weights_draw(struct draw *d, int32_t *weights)
{
    size_t n = (size_t)draw_range(d, 1, SPLIT_MAX_PARTIES);
    int64_t left = SPLIT_BP;
    for (size_t i = 0; i + 1 < n; i++) {
        weights[i] = (int32_t)draw_range(d, 0, left);
        left -= weights[i];
    }
    weights[n - 1] = (int32_t)left;
    return n;
}

static int64_t sum_of(const int64_t *shares, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += shares[i];
    return sum;
}

static void parts_check(struct draw *d, int64_t total, const int32_t *weights, size_t n, const int64_t *whole)
{
    int64_t until[SPLIT_MAX_PARTIES] = { 0 }, shares[SPLIT_MAX_PARTIES], now[SPLIT_MAX_PARTIES], before = 0;
    for (int part = 0; before < total; part++) {
        int64_t amount = part == PARTS_MAX ? total - before : draw_range(d, 1, total - before);
        CHECK(split_part(total, weights, n, before, amount, shares));
        CHECK_I64(sum_of(shares, n), amount);
        before += amount;
        CHECK(split_allocate(before, weights, n, now));
        for (size_t i = 0; i < n; i++) {
            until[i] += shares[i];
            CHECK_I64(until[i], now[i]); /* where we are depends on how much came back, not on how */
        }
    }
    for (size_t i = 0; i < n; i++)
        CHECK_I64(until[i], whole[i]);
}

PROPERTY(split_and_its_parts_are_exact)
{
    for (int k = 0; k < SPLITS_PER_RUN; k++) {
        int32_t weights[SPLIT_MAX_PARTIES];
        int64_t shares[SPLIT_MAX_PARTIES], total = amount_draw(draw);
        size_t n = weights_draw(draw, weights);
        CHECK(split_allocate(total, weights, n, shares));
        CHECK_I64(sum_of(shares, n), total);
        for (size_t i = 0; i < n; i++) {
            int64_t floor = total * weights[i] / SPLIT_BP;
            CHECK(shares[i] == floor || shares[i] == floor + 1);
            CHECK(weights[i] > 0 || shares[i] == 0);
        }
        parts_check(draw, total, weights, n, shares);
    }
}

static void post(const struct posting *posting, int64_t *receivable, int64_t *owed)
{
    CHECK(posting_is_balanced(posting));
    for (size_t i = 0; i < posting->n; i++)
        *(str_eq(posting->kinds[i], STR("acquirer_receivable")) ? receivable : owed) += posting->amounts[i];
}

PROPERTY(refunds_take_the_ledger_back_to_zero)
{
    int32_t platform_bp = (int32_t)draw_range(draw, 0, SPLIT_BP);
    int32_t partner_bp = (int32_t)draw_range(draw, 0, SPLIT_BP - platform_bp);
    struct refund_basis basis = { PAYMENT_SUCCEEDED, amount_draw(draw), 0, 0, platform_bp, partner_bp };
    struct shares shares, left;
    struct posting posting;
    int64_t receivable = 0, owed = 0, amount;
    CHECK(shares_of(basis.amount_minor, platform_bp, partner_bp, &left));
    CHECK(posting_of_charge(basis.amount_minor, &left, &posting));
    post(&posting, &receivable, &owed);
    for (int part = 0; basis.refunded_minor < basis.amount_minor; part++) {
        int64_t wanted = part == PARTS_MAX ? 0 : draw_range(draw, 1, basis.amount_minor - basis.refunded_minor);
        CHECK_I64(refund_judge(&basis, wanted, &amount, &shares), REFUND_GOOD);
        CHECK(posting_of_refund(amount, &shares, &posting));
        post(&posting, &receivable, &owed);
        left = (struct shares){ left.platform - shares.platform, left.partner - shares.partner,
                                left.seller - shares.seller };
        basis.refunded_minor += amount;
        CHECK_I64(receivable, basis.amount_minor - basis.refunded_minor);
    }
    CHECK_I64(receivable, 0);
    CHECK_I64(owed, 0);
    CHECK(left.platform == 0 && left.partner == 0 && left.seller == 0);
}
