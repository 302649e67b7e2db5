/*
 * Random profiles with random captures, refunds and disputes in currencies of every exponent: what everybody has is
 * what the oracle says after every step, the sums are exact, and any order of the same steps ends at the same units
 * (MONEY 6.A 2, 3, 5; SECURITY J 264 to 266). 500 runs of 100 cases; a million: STOA_PROP_RUNS=10000.
 */
#include "paysrv/domain/money.h"
#include "paysrv/domain/posting.h"
#include "paysrv/domain/refund.h"
#include "paysrv/domain/split.h"
#include "shared/text/currency.h"
#include "tests/prop/paysrv/split_oracle.h"
#include "tests/prop/prop.h"

enum { CASES_PER_RUN = 100, STEPS_MAX = 8 };

/* Prices as they are, and amounts around the edges that matter. */
static int64_t amount_draw(struct draw *d)
{
    static const int64_t edges[] = {
        1, 2, 3, 99, 100, 101, 9999, 10000, 10001, INT32_MAX, MONEY_MAX_MINOR - 1, MONEY_MAX_MINOR
    };
    static const char *const currencies[] = { "JPY", "EUR", "BHD", "UYW" };
    int64_t unit = 1;
    switch (draw_range(d, 0, 3)) {
    case 0:
        return edges[draw_range(d, 0, (int64_t)(sizeof edges / sizeof edges[0]) - 1)];
    case 1:
        return draw_range(d, 1, 1000);
    case 2:
        return draw_range(d, 1, MONEY_MAX_MINOR);
    default:
        break;
    }
    const struct currency *currency = currency_find(str_of(currencies[draw_range(d, 0, 3)]));
    for (int i = 0; i < currency->exponent; i++)
        unit *= 10;
    return unit * draw_range(d, 1, 5000) - draw_range(d, 0, 1);
}

static struct split_rule rule_draw(struct draw *d, int64_t amount, int32_t *bp_left)
{
    struct split_rule rule = { .party = SPLIT_USER, .bp = (int32_t)draw_range(d, 0, *bp_left) };
    int64_t extras = draw_range(d, 0, 7);
    *bp_left -= rule.bp;
    if (extras & 1)
        rule.fixed_minor = draw_range(d, 0, amount / 8);
    if (extras & 2)
        rule.min_minor = draw_range(d, 0, amount / 8);
    if (extras & 4)
        rule.cap_minor = (rule.fixed_minor > rule.min_minor ? rule.fixed_minor : rule.min_minor) + draw_range(d, 1, 50);
    if (rule.cap_minor > MONEY_MAX_MINOR)
        rule.cap_minor = 0;
    rule.on_refund = (enum split_return)draw_range(d, 0, SPLIT_RETURN_COUNT - 1);
    return rule;
}

static struct split_profile profile_draw(struct draw *d, int64_t amount)
{
    static const char names[SPLIT_RULES_MAX + 1] = "abcdefghijklmnop";
    struct split_profile p = { .n = (size_t)draw_range(d, 1, draw_bool(d) ? 4 : SPLIT_RULES_MAX) };
    size_t rest = (size_t)draw_range(d, 0, (int64_t)p.n - 1), rule;
    int32_t bp_left = SPLIT_BP;
    for (size_t i = 0; i < p.n; i++) {
        p.rules[i] =
            i == rest ? (struct split_rule){ .party = SPLIT_USER, .is_rest = true } : rule_draw(d, amount, &bp_left);
        p.rules[i].user = (str){ names + i, 1 };
    }
    CHECK_I64(split_judge(&p, &rule), SPLIT_GOOD);
    return p;
}

static int64_t sum_of(const int64_t *shares, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += shares[i];
    return sum;
}

static void whole_check(const struct split_profile *p, int64_t amount)
{
    int64_t shares[SPLIT_RULES_MAX], expected[SPLIT_RULES_MAX];
    bool enough = oracle_shares(p, amount, expected);
    CHECK_I64(split_allocate(p, amount, shares), enough ? SPLIT_GOOD : SPLIT_OVER_AMOUNT);
    CHECK_I64(sum_of(shares, p->n), amount);
    for (size_t i = 0; i < p->n; i++) {
        CHECK_I64(shares[i], expected[i]);
        CHECK(shares[i] >= 0);
    }
}

/* Everybody's books after one more step, against the oracle's. */
static void step_check(const struct split_profile *p, struct split_state *at, struct split_state to, int64_t *books)
{
    int64_t moved[SPLIT_RULES_MAX], expected[SPLIT_RULES_MAX];
    CHECK(split_step(p, *at, to, moved));
    CHECK_I64(sum_of(moved, p->n), (to.captured_minor - at->captured_minor) - (to.returned_minor - at->returned_minor));
    oracle_position(p, to.captured_minor, to.returned_minor, expected);
    for (size_t i = 0; i < p->n; i++) {
        books[i] += moved[i];
        CHECK_I64(books[i], expected[i]);
        CHECK(p->rules[i].is_rest || books[i] >= 0);
    }
    *at = to;
}

/* A capture, a refund, a dispute, or a dispute that is won. */
static struct split_state step_draw(struct draw *d, struct split_state at, int64_t amount)
{
    int64_t held = at.captured_minor - at.returned_minor;
    int64_t kind = draw_range(d, 0, 3);
    if (kind == 0 && at.captured_minor < amount)
        at.captured_minor += draw_range(d, 1, amount - at.captured_minor);
    else if (kind == 1 && at.returned_minor > 0)
        at.returned_minor -= draw_range(d, 1, at.returned_minor);
    else if (held > 0)
        at.returned_minor += draw_range(d, 1, held);
    return at;
}

static void steps_check(struct draw *d, const struct split_profile *p, int64_t amount)
{
    struct split_state at = { 0, 0 }, end = { amount, draw_bool(d) ? amount : draw_range(d, 0, amount) };
    int64_t books[SPLIT_RULES_MAX] = { 0 }, other[SPLIT_RULES_MAX] = { 0 };
    for (int64_t steps = draw_range(d, 1, STEPS_MAX); steps > 0; steps--)
        step_check(p, &at, step_draw(d, at, amount), books);
    step_check(p, &at, (struct split_state){ amount, at.returned_minor }, books);
    step_check(p, &at, end, books);
    at = (struct split_state){ 0, 0 };
    step_check(p, &at, (struct split_state){ amount, 0 }, other);
    step_check(p, &at, end, other);
    for (size_t i = 0; i < p->n; i++) {
        CHECK_I64(books[i], other[i]);
        CHECK(end.returned_minor < amount || books[i] == 0 || p->rules[i].is_rest ||
              p->rules[i].on_refund == RETURN_NONE);
    }
}

PROPERTY(splits_are_exact_whatever_the_order)
{
    for (int k = 0; k < CASES_PER_RUN; k++) {
        int64_t amount = amount_draw(draw);
        struct split_profile p = profile_draw(draw, amount);
        whole_check(&p, amount);
        steps_check(draw, &p, amount);
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
    const struct split_profile split = split_of_bp(platform_bp, (int32_t)draw_range(draw, 0, SPLIT_BP - platform_bp));
    struct refund_basis basis = { PAYMENT_SUCCEEDED, amount_draw(draw), 0, 0, &split };
    struct shares shares, left;
    struct posting posting;
    int64_t receivable = 0, owed = 0, amount, parts[SPLIT_RULES_MAX];
    CHECK_I64(split_allocate(&split, basis.amount_minor, parts), SPLIT_GOOD);
    left = shares_of(&split, parts);
    CHECK(posting_of_charge(basis.amount_minor, &left, &posting));
    post(&posting, &receivable, &owed);
    for (int part = 0; basis.refunded_minor < basis.amount_minor; part++) {
        int64_t wanted = part == STEPS_MAX ? 0 : draw_range(draw, 1, basis.amount_minor - basis.refunded_minor);
        CHECK_I64(refund_judge(&basis, wanted, &amount, parts), REFUND_GOOD);
        shares = shares_of(&split, parts);
        CHECK(posting_of_refund(amount, &shares, &posting));
        post(&posting, &receivable, &owed);
        left = (struct shares){ left.platform - shares.platform, left.partner - shares.partner,
                                left.seller - shares.seller };
        CHECK(left.platform >= 0 && left.partner >= 0 && left.seller >= 0);
        basis.refunded_minor += amount;
        CHECK_I64(receivable, basis.amount_minor - basis.refunded_minor);
    }
    CHECK_I64(receivable, 0);
    CHECK_I64(owed, 0);
    CHECK(left.platform == 0 && left.partner == 0 && left.seller == 0);
}
