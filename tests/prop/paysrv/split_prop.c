/*
 * Random profiles with random captures, refunds and disputes in currencies of every exponent: what everybody has is
 * what the oracle says after every step, the sums are exact, and any order of the same steps ends at the same units
 * (MONEY 6.A 2, 3, 5; SECURITY J 264 to 266). 500 runs of 100 cases; a million: STOA_PROP_RUNS=10000, or 1000000 of the
 * others, whose runs are one case.
 */
#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/domain/ledger/posting.h"
#include "paysrv/domain/money.h"
#include "paysrv/domain/payment/capture.h"
#include "paysrv/domain/payment/refund.h"
#include "paysrv/domain/stores/split.h"
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
    return unit * draw_range(d, 1, 5000) - draw_range(d, 0, unit > 1);
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

/* A profile in which the platform has one of the rules, the rest or another. */
static struct split_profile profile_with_platform(struct draw *d, int64_t amount, bool has_rest)
{
    struct split_profile p = profile_draw(d, amount);
    size_t at = (size_t)draw_range(d, 0, (int64_t)p.n - 1);
    for (size_t i = 0; i < p.n && p.rules[at].is_rest != has_rest; i++)
        at = i;
    if (p.rules[at].is_rest == has_rest)
        p.rules[at].party = SPLIT_PLATFORM, p.rules[at].user = STR_NONE;
    return p;
}

/* What a partner may write: the platform's rule as agreed or more, its turn the first or that of the terms. */
static bool partner_draws(struct draw *d, int64_t amount, const struct split_profile *terms, struct split_profile *ret)
{
    const struct split_rule *agreed = split_rule_of(terms, SPLIT_PLATFORM, STR_NONE);
    size_t rule;
    *ret = profile_with_platform(d, amount, agreed->is_rest);
    for (size_t i = 0; i < ret->n; i++) {
        const struct split_rule *same = split_rule_of(terms, ret->rules[i].party, ret->rules[i].user);
        if (same && (ret->rules[i].party == SPLIT_PLATFORM || draw_bool(d)) && same->is_rest == ret->rules[i].is_rest)
            ret->rules[i] = *same;
        if (same && same == agreed && !same->is_rest && draw_bool(d))
            ret->rules[i].min_minor += draw_range(d, 0, ret->rules[i].cap_minor - ret->rules[i].min_minor);
    }
    if (draw_bool(d))
        (void)split_lead(ret);
    const struct split_rule *own = split_rule_of(ret, SPLIT_PLATFORM, STR_NONE);
    return own && split_judge(ret, &rule) == SPLIT_GOOD && split_is_at_least(own, agreed) && !split_ahead(ret, terms);
}

static int64_t platforms_part(const struct split_profile *p, struct split_state at)
{
    int64_t shares[SPLIT_RULES_MAX];
    const struct split_rule *own = split_rule_of(p, SPLIT_PLATFORM, STR_NONE);
    CHECK(split_position(p, at, shares));
    return own ? shares[own - p->rules] : 0;
}

/*
 * The terms alone: those before the platform, it, and who takes what is left. Where it has not the rest, what another
 * gives back in full spares it, and nobody has promised it that.
 */
static struct split_profile alone(const struct split_profile *terms)
{
    struct split_profile p = *terms;
    if (split_rule_of(&p, SPLIT_PLATFORM, STR_NONE)->is_rest)
        return p;
    for (size_t i = 0; i < p.n; i++)
        if (p.rules[i].party != SPLIT_PLATFORM && p.rules[i].on_refund == RETURN_FULL)
            p.rules[i].on_refund = RETURN_PRO_RATA;
    p.rules[p.n++] = (struct split_rule){ .party = SPLIT_SELLER, .is_rest = true };
    return p;
}

/*
 * But for units of rounding: one of the share, and as many of what goes back, which follows the rounded shares. Who has
 * the rest bears what others keep, and of a part that does not reach for them, less of one is more of the next.
 */
PROPERTY(the_platform_gets_what_its_terms_say_of_any_part)
{
    for (int k = 0; k < CASES_PER_RUN; k++) {
        int64_t amount = amount_draw(draw);
        const struct split_profile agreed = profile_with_platform(draw, amount, draw_bool(draw));
        const struct split_profile terms = split_terms_of(&agreed), least = alone(&terms);
        struct split_profile p;
        if (!partner_draws(draw, amount, &terms, &p))
            continue;
        for (int parts = 0; parts < STEPS_MAX; parts++) {
            struct split_state at = { draw_range(draw, 0, amount), 0 };
            CHECK(platforms_part(&p, at) >= platforms_part(&least, at) - 1);
            int64_t shares[SPLIT_RULES_MAX];
            at.returned_minor = draw_range(draw, 0, at.captured_minor);
            CHECK(platforms_part(&p, at) >= platforms_part(&least, at) - 3 ||
                  (least.rules[least.n - 1].party == SPLIT_PLATFORM &&
                   split_allocate(&least, at.captured_minor, shares) == SPLIT_OVER_AMOUNT));
        }
    }
}

struct books {
    struct split_profile split;
    struct split_state at;
    struct shares left; /* what each party has */
    int64_t receivable, owed;
};

static void post(struct books *b, const struct posting *posting)
{
    CHECK(posting_is_balanced(posting));
    for (size_t i = 0; i < posting->n; i++)
        *(str_eq(posting->kinds[i], STR("acquirer_receivable")) ? &b->receivable : &b->owed) += posting->amounts[i];
    CHECK_I64(b->receivable, b->at.captured_minor - b->at.returned_minor);
    CHECK_I64(b->owed, -b->receivable);
    CHECK(b->left.platform >= 0 && b->left.partner >= 0 && b->left.seller >= 0);
}

/* wanted 0: all that is left to capture. */
static void capture_check(struct books *b, int64_t whole, int64_t wanted)
{
    const struct capture_basis basis = { .status = PAYMENT_REQUIRES_CAPTURE,
                                         .amount_minor = whole,
                                         .captured_minor = b->at.captured_minor,
                                         .returned_minor = b->at.returned_minor,
                                         .authorized_until = { 1 },
                                         .split = &b->split };
    int64_t amount, parts[SPLIT_RULES_MAX];
    struct posting posting;
    CHECK_I64(capture_judge(&basis, whole - b->at.captured_minor + 1, (instant){ 0 }, &amount, parts),
              CAPTURE_TOO_LARGE);
    CHECK_I64(capture_judge(&basis, wanted, (instant){ 0 }, &amount, parts), CAPTURE_GOOD);
    const struct shares got = shares_of(&b->split, parts);
    CHECK(posting_of_charge(amount, &got, &posting));
    b->at.captured_minor += amount;
    b->left =
        (struct shares){ b->left.platform + got.platform, b->left.partner + got.partner, b->left.seller + got.seller };
    post(b, &posting);
}

/* wanted 0: all that is left to give back. */
static void refund_check(struct books *b, int64_t wanted)
{
    const struct refund_basis basis = { .taken_minor = b->at.captured_minor,
                                        .returned_minor = b->at.returned_minor,
                                        .split = &b->split };
    int64_t amount, parts[SPLIT_RULES_MAX];
    struct posting posting;
    CHECK_I64(refund_judge(&basis, b->receivable + 1, &amount, parts), REFUND_TOO_LARGE);
    CHECK_I64(refund_judge(&basis, wanted, &amount, parts), REFUND_GOOD);
    const struct shares back = shares_of(&b->split, parts);
    CHECK(posting_of_refund(amount, &back, &posting));
    b->at.returned_minor += amount;
    b->left = (struct shares){ b->left.platform - back.platform, b->left.partner - back.partner,
                               b->left.seller - back.seller };
    post(b, &posting);
}

/* In any order; nothing is captured beyond the authorisation, nothing refunded beyond the captures. */
PROPERTY(captures_and_refunds_take_the_ledger_back_to_zero)
{
    int32_t platform_bp = (int32_t)draw_range(draw, 0, SPLIT_BP);
    struct books b = { .split = split_of_bp(platform_bp, (int32_t)draw_range(draw, 0, SPLIT_BP - platform_bp)) };
    int64_t whole = amount_draw(draw), parts[SPLIT_RULES_MAX];
    for (int64_t steps = draw_range(draw, 0, STEPS_MAX); steps > 0; steps--) {
        if (b.receivable > 0 && draw_bool(draw))
            refund_check(&b, draw_range(draw, 1, b.receivable));
        else if (b.at.captured_minor < whole)
            capture_check(&b, whole, draw_range(draw, 1, whole - b.at.captured_minor));
    }
    if (b.at.captured_minor < whole)
        capture_check(&b, whole, 0);
    CHECK_I64(split_allocate(&b.split, whole, parts), SPLIT_GOOD);
    const struct shares shares = shares_of(&b.split, parts);
    CHECK(b.at.returned_minor > 0 || (b.left.platform == shares.platform && b.left.partner == shares.partner));
    if (b.receivable > 0)
        refund_check(&b, 0);
    CHECK(b.receivable == 0 && b.owed == 0);
    CHECK(b.left.platform == 0 && b.left.partner == 0 && b.left.seller == 0);
}

/* Whatever was captured between: of a fee that its rule keeps, all refunds together give no more than there is. */
PROPERTY(a_fee_that_goes_back_is_never_more_than_was_taken)
{
    const struct refund_fees back = { FEE_RETURNED, FEE_AGREED };
    int64_t whole = amount_draw(draw), gave = 0, amount, shares[SPLIT_RULES_MAX], fees[SPLIT_RULES_MAX];
    const struct split_profile split = { .rules = { { .party = SPLIT_PLATFORM,
                                                      .bp = (int32_t)draw_range(draw, 0, SPLIT_BP / 2),
                                                      .fixed_minor = draw_range(draw, 0, whole / 2),
                                                      .on_refund = RETURN_NONE },
                                                    { .party = SPLIT_SELLER, .is_rest = true } },
                                         .n = 2 };
    struct refund_basis basis = { .split = &split };
    for (int64_t steps = draw_range(draw, 1, STEPS_MAX); steps > 0; steps--) {
        if (basis.taken_minor < whole && draw_bool(draw))
            basis.taken_minor += draw_range(draw, 1, whole - basis.taken_minor);
        if (basis.taken_minor == basis.returned_minor)
            continue;
        int64_t wanted = draw_range(draw, 1, basis.taken_minor - basis.returned_minor);
        basis.platform_gave_minor = gave;
        CHECK_I64(refund_judge(&basis, wanted, &amount, shares), REFUND_GOOD);
        CHECK(refund_fees_apply(&basis, &back, amount, shares));
        CHECK(split_position(&split, (struct split_state){ basis.taken_minor, 0 }, fees));
        CHECK_I64(shares[0] + shares[1], amount);
        basis.returned_minor += amount;
        gave += shares[0];
        CHECK(shares[0] >= 0 && gave <= fees[0]);
    }
}

/* ---- disputes among refunds and captures ---- */

enum { DISPUTES_MAX = 4 };

struct dispute {
    int64_t taken;
    bool is_open;
};

/* What the sellers, one by one, and the parties have; and what is in the accounts between. */
struct ledger {
    struct split_profile split;
    struct split_state at;
    int64_t had[SPLIT_RULES_MAX]; /* by rule: what the split says of the state */
    int64_t sellers[SPLIT_RULES_MAX], platform, partner, receivable, disputed, fees;
};

static void ledger_check(struct ledger *l)
{
    int64_t sum = l->platform + l->partner;
    CHECK(split_position(&l->split, l->at, l->had));
    for (size_t i = 0; i < l->split.n; i++) {
        CHECK_I64(l->sellers[i], l->had[i]);
        sum += l->sellers[i];
    }
    CHECK_I64(l->disputed + l->receivable + sum, 0);
}

/* Signed as posted: what is given leaves who has it. The fee is the platform's, so that shares stay comparable. */
static void ledger_post(struct ledger *l, const struct dispute_booking_plan *plan)
{
    CHECK(plan->posting.n == 0 || posting_is_balanced(&plan->posting));
    for (size_t i = 0; i < plan->sellers.n; i++)
        for (size_t k = 0; k < l->split.n; k++)
            if (str_eq(plan->sellers.users[i], l->split.rules[k].user))
                l->sellers[k] -= plan->sellers.amounts[i];
    l->platform -= plan->shares.platform;
    l->disputed -= posting_amount_of(&plan->posting, STR("disputed"));
    l->receivable -= posting_amount_of(&plan->posting, STR("acquirer_receivable"));
}

static void dispute_step_take(struct ledger *l, struct dispute *d, enum dispute_step step, int64_t claimed, int64_t fee)
{
    const struct dispute_basis basis = { .at = l->at,
                                         .claimed_minor = claimed,
                                         .taken_minor = d->taken,
                                         .fee_minor = fee,
                                         .fee_bearer = SPLIT_PLATFORM,
                                         .seller = STR("?"),
                                         .split = &l->split };
    struct dispute_booking_plan plan;
    CHECK(dispute_plan(step, &basis, &plan));
    if (step == DISPUTE_STEP_HOLD) {
        CHECK(plan.amount_minor <= claimed && plan.amount_minor <= l->at.captured_minor - l->at.returned_minor);
        d->taken = plan.amount_minor;
        l->at.returned_minor += d->taken;
        l->fees += fee;
    } else if (step == DISPUTE_STEP_RETURN) {
        l->at.returned_minor -= d->taken;
    }
    d->is_open = step == DISPUTE_STEP_HOLD;
    ledger_post(l, &plan);
    ledger_check(l);
}

static void money_move(struct ledger *l, struct split_state to)
{
    int64_t shares[SPLIT_RULES_MAX];
    CHECK(split_step(&l->split, l->at, to, shares));
    for (size_t i = 0; i < l->split.n; i++)
        l->sellers[i] += shares[i];
    l->receivable -= (to.captured_minor - to.returned_minor) - (l->at.captured_minor - l->at.returned_minor);
    l->at = to;
    ledger_check(l);
}

static void random_step(struct draw *d, struct ledger *l, struct dispute *disputes, int64_t whole)
{
    int64_t left = l->at.captured_minor - l->at.returned_minor;
    struct dispute *one = &disputes[draw_range(d, 0, DISPUTES_MAX - 1)];
    switch (draw_range(d, 0, 3)) {
    case 0:
        if (l->at.captured_minor < whole)
            money_move(l, (struct split_state){ draw_range(d, l->at.captured_minor + 1, whole), l->at.returned_minor });
        return;
    case 1:
        if (left > 0)
            money_move(l, (struct split_state){ l->at.captured_minor, l->at.returned_minor + draw_range(d, 1, left) });
        return;
    case 2:
        if (one->taken == 0 && !one->is_open)
            dispute_step_take(l, one, DISPUTE_STEP_HOLD, draw_range(d, 1, whole), draw_range(d, 0, 2000));
        return;
    default:
        if (one->is_open)
            dispute_step_take(l, one, draw_bool(d) ? DISPUTE_STEP_RETURN : DISPUTE_STEP_LOSE, 0, 0);
        return;
    }
}

/* After every step everybody has what the split says of the state, so the order of the steps does not matter. */
PROPERTY(disputes_and_refunds_are_exact_whatever_the_order)
{
    int64_t whole = amount_draw(draw);
    struct ledger l = { .split = profile_draw(draw, whole) };
    struct dispute disputes[DISPUTES_MAX] = { { 0 } };
    for (int64_t steps = draw_range(draw, 1, 3 * STEPS_MAX); steps > 0; steps--)
        random_step(draw, &l, disputes, whole);
    for (size_t i = 0; i < DISPUTES_MAX; i++)
        if (disputes[i].is_open)
            dispute_step_take(&l, &disputes[i], draw_bool(draw) ? DISPUTE_STEP_RETURN : DISPUTE_STEP_LOSE, 0, 0);
    CHECK_I64(l.disputed, 0);
    CHECK_I64(l.platform, -l.fees);
    CHECK(l.at.returned_minor >= 0 && l.at.returned_minor <= l.at.captured_minor);
}
