/* Profiles, largest remainder, parts that end at the whole (MONEY 6.A 2, 3, 5; SECURITY J 261, 264 to 266). */
#include "paysrv/domain/stores/split.h"

#include "paysrv/domain/money.h"
#include "paysrv/domain/stores/split_json.h"
#include "tests/support/test.h"

static const struct split_rule rest = { .party = SPLIT_SELLER, .is_rest = true };

static struct split_profile two(struct split_rule first)
{
    return (struct split_profile){ .rules = { first, rest }, .n = 2 };
}

static void check_shares(const struct split_profile *p, int64_t amount, const int64_t *expected)
{
    int64_t shares[SPLIT_RULES_MAX];
    memset(shares, 0x55, sizeof shares);
    CHECK_I64(split_allocate(p, amount, shares), SPLIT_GOOD);
    for (size_t i = 0; i < p->n; i++)
        CHECK_I64(shares[i], expected[i]);
}
#define SHARES(profile, amount, ...) check_shares(profile, amount, (const int64_t[]){ __VA_ARGS__ })

static void check_position(const struct split_profile *p, int64_t captured, int64_t returned, const int64_t *expected)
{
    int64_t shares[SPLIT_RULES_MAX];
    memset(shares, 0x55, sizeof shares);
    CHECK(split_position(p, (struct split_state){ captured, returned }, shares));
    for (size_t i = 0; i < p->n; i++)
        CHECK_I64(shares[i], expected[i]);
}
#define POSITION(profile, captured, returned, ...)                                                                     \
    check_position(profile, captured, returned, (const int64_t[]){ __VA_ARGS__ })

TEST(split_of_the_story)
{
    const struct split_profile story = split_of_bp(500, 2500);
    SHARES(&story, 100, 5, 25, 70);
    SHARES(&story, MONEY_MAX_MINOR, MONEY_MAX_MINOR / 20, MONEY_MAX_MINOR / 4, MONEY_MAX_MINOR / 10 * 7);
    SHARES(&story, 0, 0, 0, 0);
}

/* getdokan/dokan#3324: 6.45 at 30 % came to 6.44. */
TEST(split_that_was_a_cent_short_elsewhere)
{
    const struct split_profile p = two((struct split_rule){ .party = SPLIT_PARTNER, .bp = 3000 });
    SHARES(&p, 645, 194, 451); /* 193.5 and 451.5: the tie goes to the first */
}

TEST(split_remainders)
{
    const struct split_profile thirds = split_of_bp(3333, 3333), halves = split_of_bp(5000, 0);
    SHARES(&thirds, 100, 33, 33, 34);
    SHARES(&halves, 1, 1, 0, 0);
}

TEST(split_fixed_with_percent_min_and_cap)
{
    const struct split_profile p = two((struct split_rule){
        .party = SPLIT_PLATFORM, .bp = 250, .fixed_minor = 30, .min_minor = 50, .cap_minor = 500 });
    SHARES(&p, 100, 50, 50);        /* 32.5 is under the minimum */
    SHARES(&p, 1000, 55, 945);      /* 25 and 30 */
    SHARES(&p, 1001, 55, 946);      /* 55.025 */
    SHARES(&p, 100000, 500, 99500); /* 2530 is over the cap */
}

TEST(split_under_the_fixed_part)
{
    const struct split_profile p = two((struct split_rule){ .party = SPLIT_PLATFORM, .fixed_minor = 30 });
    int64_t shares[SPLIT_RULES_MAX];
    SHARES(&p, 30, 30, 0);
    CHECK_I64(split_allocate(&p, 29, shares), SPLIT_OVER_AMOUNT);
    CHECK_I64(split_allocate(&p, -1, shares), SPLIT_UNITS_RANGE);
    CHECK_I64(split_allocate(&p, MONEY_MAX_MINOR + 1, shares), SPLIT_UNITS_RANGE);
    POSITION(&p, 10, 0, 10, 0); /* a first part under it: those who are declared first */
    POSITION(&p, 100, 0, 30, 70);
}

TEST(split_rest_may_be_anybody)
{
    const struct split_profile p = { .rules = { { .party = SPLIT_SELLER, .fixed_minor = 100 },
                                                { .party = SPLIT_USER, .user = STR("u1"), .bp = 1000 },
                                                { .party = SPLIT_PARTNER, .is_rest = true } },
                                     .n = 3 };
    SHARES(&p, 1000, 100, 100, 800);
}

static void check_verdict(struct split_profile p, enum split_verdict verdict, size_t at)
{
    size_t rule = 99;
    int64_t shares[SPLIT_RULES_MAX];
    CHECK_I64(split_judge(&p, &rule), verdict);
    CHECK_I64(rule, at);
    CHECK_I64(split_allocate(&p, 100, shares), verdict);
    CHECK(verdict == SPLIT_GOOD || !split_position(&p, (struct split_state){ 100, 0 }, shares));
}

TEST(split_refuses_rules_that_are_none)
{
    const struct split_rule platform = { .party = SPLIT_PLATFORM, .bp = 500 };
    struct split_rule r = platform;
    r.bp = 10001;
    check_verdict(two(r), SPLIT_BP_RANGE, 0);
    r.bp = -1;
    check_verdict(two(r), SPLIT_BP_RANGE, 0);
    r = platform, r.fixed_minor = -1;
    check_verdict(two(r), SPLIT_UNITS_RANGE, 0);
    r = platform, r.min_minor = -1;
    check_verdict(two(r), SPLIT_UNITS_RANGE, 0);
    r = platform, r.cap_minor = MONEY_MAX_MINOR + 1;
    check_verdict(two(r), SPLIT_UNITS_RANGE, 0);
    r = platform, r.min_minor = 51, r.cap_minor = 50;
    check_verdict(two(r), SPLIT_CAP_UNDER_MIN, 0);
    r = platform, r.fixed_minor = 51, r.cap_minor = 50;
    check_verdict(two(r), SPLIT_CAP_UNDER_MIN, 0);
    r = platform, r.user = STR("u1");
    check_verdict(two(r), SPLIT_USER_FOREIGN, 0);
    check_verdict(two((struct split_rule){ .party = SPLIT_USER, .bp = 1 }), SPLIT_USER_MISSING, 0);
    check_verdict(two((struct split_rule){ .party = SPLIT_SELLER, .bp = 1 }), SPLIT_RECEIVER_TWICE, 1);
    r = (struct split_rule){ .party = SPLIT_PLATFORM, .bp = -1 }; /* its own mistake is told before the list's */
    check_verdict((struct split_profile){ .rules = { platform, r, rest }, .n = 3 }, SPLIT_BP_RANGE, 1);
}

TEST(split_rest_has_nothing_else)
{
    const struct split_rule platform = { .party = SPLIT_PLATFORM, .bp = 500 };
    struct split_rule r = rest;
    r.bp = 1;
    check_verdict((struct split_profile){ .rules = { platform, r }, .n = 2 }, SPLIT_REST_HAS_SHARE, 1);
    r = rest, r.fixed_minor = 1;
    check_verdict((struct split_profile){ .rules = { platform, r }, .n = 2 }, SPLIT_REST_HAS_SHARE, 1);
    r = rest, r.min_minor = 1;
    check_verdict((struct split_profile){ .rules = { platform, r }, .n = 2 }, SPLIT_REST_HAS_SHARE, 1);
    r = rest, r.cap_minor = 1;
    check_verdict((struct split_profile){ .rules = { platform, r }, .n = 2 }, SPLIT_REST_HAS_SHARE, 1);
    r = rest, r.on_refund = RETURN_NONE;
    check_verdict((struct split_profile){ .rules = { platform, r }, .n = 2 }, SPLIT_REST_HAS_SHARE, 1);
}

TEST(split_refuses_lists_that_are_none)
{
    const struct split_rule platform = { .party = SPLIT_PLATFORM, .bp = 5000 };
    const struct split_rule user = { .party = SPLIT_USER, .user = STR("u1"), .bp = 1 };
    const struct split_rule second_rest = { .party = SPLIT_PARTNER, .is_rest = true };
    check_verdict((struct split_profile){ .n = 0 }, SPLIT_RULE_COUNT, 0);
    check_verdict((struct split_profile){ .rules = { rest }, .n = SPLIT_RULES_MAX + 1 }, SPLIT_RULE_COUNT,
                  SPLIT_RULES_MAX + 1);
    check_verdict((struct split_profile){ .rules = { rest }, .n = 1 }, SPLIT_GOOD, 1);
    check_verdict((struct split_profile){ .rules = { platform }, .n = 1 }, SPLIT_REST_COUNT, 1);
    check_verdict((struct split_profile){ .rules = { rest, second_rest }, .n = 2 }, SPLIT_REST_COUNT, 2);
    check_verdict((struct split_profile){ .rules = { user, rest, user }, .n = 3 }, SPLIT_RECEIVER_TWICE, 2);
    check_verdict(split_of_bp(5000, 5001), SPLIT_OVER_WHOLE, 3);
    check_verdict(split_of_bp(5000, 5000), SPLIT_GOOD, 3);
}

TEST(split_parts_end_at_the_whole)
{
    static const int64_t parts[] = { 333, 333, 333, 1 };
    const struct split_profile story = split_of_bp(500, 2500);
    struct split_state at = { 0, 0 };
    int64_t until[3] = { 0 }, shares[SPLIT_RULES_MAX];
    for (size_t i = 0; i < 4; i++) {
        const struct split_state to = { at.captured_minor + parts[i], 0 };
        CHECK(split_step(&story, at, to, shares));
        CHECK_I64(shares[0] + shares[1] + shares[2], parts[i]);
        for (size_t k = 0; k < 3; k++)
            until[k] += shares[k];
        at = to;
    }
    CHECK_I64(until[0], 50);
    CHECK_I64(until[1], 250);
    CHECK_I64(until[2], 700);
}

TEST(split_states_that_are_none)
{
    const struct split_profile story = split_of_bp(500, 2500);
    int64_t shares[SPLIT_RULES_MAX];
    CHECK(!split_position(&story, (struct split_state){ 100, 101 }, shares));
    CHECK(!split_position(&story, (struct split_state){ 100, -1 }, shares));
    CHECK(!split_position(&story, (struct split_state){ MONEY_MAX_MINOR + 1, 0 }, shares));
    CHECK(!split_position(&story, (struct split_state){ -1, -1 }, shares));
    CHECK(!split_step(&story, (struct split_state){ 100, 101 }, (struct split_state){ 100, 0 }, shares));
    CHECK(!split_step(&story, (struct split_state){ 100, 0 }, (struct split_state){ 100, 101 }, shares));
}

TEST(refund_policies)
{
    struct split_profile p = split_of_bp(500, 2500); /* 50, 250, 700 of 1000 */
    POSITION(&p, 1000, 100, 45, 225, 630);
    p.rules[0].on_refund = RETURN_NONE; /* the seller bears the platform's part */
    POSITION(&p, 1000, 100, 50, 225, 625);
    POSITION(&p, 1000, 1000, 50, 0, -50);
    p.rules[1].on_refund = RETURN_FULL; /* the partner's 250 go back first */
    POSITION(&p, 1000, 100, 50, 150, 700);
    POSITION(&p, 1000, 300, 50, 0, 650);
    POSITION(&p, 1000, 1000, 50, 0, -50);
    p.rules[0].on_refund = RETURN_FULL;
    POSITION(&p, 1000, 20, 30, 250, 700);
    POSITION(&p, 1000, 1000, 0, 0, 0);
}

/* Three refunds of a third with the fee given back: never more than the fee, and the last takes what is left. */
TEST(refunds_never_return_more_than_the_fee)
{
    const struct split_profile p = two((struct split_rule){ .party = SPLIT_PLATFORM, .bp = 1000 });
    int64_t shares[SPLIT_RULES_MAX], fee = 0;
    for (int64_t k = 0; k < 3; k++) {
        const struct split_state before = { 99, 33 * k }, after = { 99, 33 * (k + 1) };
        CHECK(split_step(&p, before, after, shares));
        fee -= shares[0];
        CHECK(fee >= 0 && fee <= 10);
    }
    CHECK_I64(fee, 10);
}

/* SECURITY J 264: whoever takes a payment back unit by unit gains nothing, and no receiver is ever asked for what it
 * lacks. */
TEST(ten_thousand_refunds_of_one_unit)
{
    const struct split_profile p = split_of_bp(333, 3333);
    int64_t shares[SPLIT_RULES_MAX], books[] = { 333, 3333, 6334 };
    for (int64_t k = 0; k < 10000; k++) {
        CHECK(split_step(&p, (struct split_state){ 10000, k }, (struct split_state){ 10000, k + 1 }, shares));
        CHECK_I64(shares[0] + shares[1] + shares[2], -1);
        for (size_t i = 0; i < 3; i++) {
            books[i] += shares[i];
            CHECK(books[i] >= 0);
        }
    }
    CHECK(books[0] == 0 && books[1] == 0 && books[2] == 0);
}

TEST(dispute_that_is_won_gives_back_to_the_same)
{
    const struct split_profile p = split_of_bp(3333, 3333);
    int64_t lost[SPLIT_RULES_MAX], won[SPLIT_RULES_MAX];
    CHECK(split_step(&p, (struct split_state){ 100, 17 }, (struct split_state){ 100, 59 }, lost));
    CHECK(split_step(&p, (struct split_state){ 100, 59 }, (struct split_state){ 100, 17 }, won));
    for (size_t i = 0; i < 3; i++)
        CHECK_I64(lost[i] + won[i], 0);
}

TEST(words_of_the_api)
{
    enum split_party party;
    enum split_return on_refund;
    for (int i = 0; i < SPLIT_PARTY_COUNT; i++)
        CHECK(split_party_parse(split_party_name((enum split_party)i), &party) && (int)party == i);
    for (int i = 0; i < SPLIT_RETURN_COUNT; i++)
        CHECK(split_return_parse(split_return_name((enum split_return)i), &on_refund) && (int)on_refund == i);
    CHECK(!split_party_parse(STR("buyer"), &party) && !split_return_parse(STR(""), &on_refund));
}

TEST(rules_are_kept_as_they_are)
{
    const struct split_profile p = {
        .rules = { { .party = SPLIT_PLATFORM,
                     .bp = 250,
                     .fixed_minor = 30,
                     .min_minor = 50,
                     .cap_minor = MONEY_MAX_MINOR,
                     .on_refund = RETURN_NONE },
                   { .party = SPLIT_USER, .user = STR("usr_1"), .bp = 1, .on_refund = RETURN_FULL },
                   { .party = SPLIT_SELLER, .is_rest = true } },
        .n = 3
    };
    struct split_profile read;
    str text = split_rules_text(arena, &p);
    CHECK(split_rules_parse(arena, text, &read));
    CHECK_STR(split_rules_text(arena, &read), text);
    CHECK_I64(read.n, 3);
    CHECK_I64(read.rules[0].cap_minor, MONEY_MAX_MINOR);
    CHECK_STR(read.rules[1].user, STR("usr_1"));
    CHECK(read.rules[2].is_rest && !read.rules[0].is_rest);
}

TEST(texts_that_are_no_rules)
{
    static const char *const wrong[] = {
        "",
        "[]",
        "{}",
        "{\"rules\":[{}]}",
        "{\"rules\":[{\"party\":\"buyer\"}]}",
        "{\"rules\":[{\"party\":\"seller\",\"on_refund\":\"some\"}]}",
        "{\"rules\":[{\"party\":\"seller\",\"bp\":4294967296}]}",
    };
    struct split_profile read;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK(!split_rules_parse(arena, str_of(wrong[i]), &read));
}

TEST(platform_never_gets_less_than_its_terms)
{
    const struct split_rule terms = {
        .party = SPLIT_PLATFORM, .bp = 500, .fixed_minor = 30, .min_minor = 50, .cap_minor = 1000
    };
    struct split_rule r = terms;
    CHECK(split_is_at_least(&r, &terms));
    r.on_refund = RETURN_NONE, r.cap_minor = 0, r.bp = 501;
    CHECK(split_is_at_least(&r, &terms));
    r = terms, r.bp = 499;
    CHECK(!split_is_at_least(&r, &terms));
    r = terms, r.fixed_minor = 29;
    CHECK(!split_is_at_least(&r, &terms));
    r = terms, r.min_minor = 49;
    CHECK(!split_is_at_least(&r, &terms));
    r = terms, r.cap_minor = 999;
    CHECK(!split_is_at_least(&r, &terms));
    r = terms, r.on_refund = RETURN_FULL;
    CHECK(!split_is_at_least(&r, &terms));
    const struct split_rule all = { .party = SPLIT_PLATFORM, .is_rest = true };
    CHECK(!split_is_at_least(&all, &terms) && !split_is_at_least(&terms, &all));
    const struct split_rule nothing = { .party = SPLIT_PLATFORM }, whole = { .party = SPLIT_PLATFORM, .bp = SPLIT_BP };
    CHECK(!split_is_at_least(&whole, &all) && !split_is_at_least(&all, &nothing) && split_is_at_least(&all, &all));
    const struct split_rule no_cap = { .party = SPLIT_PLATFORM, .bp = 500 };
    r = no_cap, r.cap_minor = MONEY_MAX_MINOR;
    CHECK(!split_is_at_least(&r, &no_cap));
}

static bool is_ahead(const struct split_profile *p, const struct split_profile *agreed, size_t rule)
{
    const struct split_profile terms = split_terms_of(agreed);
    return split_ahead(p, &terms) == &p->rules[rule];
}

static bool none_is_ahead(const struct split_profile *p, const struct split_profile *agreed)
{
    const struct split_profile terms = split_terms_of(agreed);
    return split_ahead(p, &terms) == NULL;
}

/* A part that the partner's fixed rule would have eaten: the platform has its basis points of it. */
TEST(platform_is_served_before_what_a_part_does_not_reach_for)
{
    const struct split_profile agreed = split_of_bp(500, 0);
    struct split_profile p = { .rules = { { .party = SPLIT_PARTNER, .fixed_minor = 10000 },
                                          { .party = SPLIT_USER, .user = STR("u1"), .min_minor = 1 },
                                          { .party = SPLIT_PLATFORM, .bp = 500 },
                                          rest },
                               .n = 4 };
    POSITION(&p, 10000, 0, 10000, 0, 0, 0);
    CHECK(is_ahead(&p, &agreed, 0));
    p.rules[0].fixed_minor = 0; /* it takes nothing */
    CHECK(is_ahead(&p, &agreed, 1));
    p.rules[0].fixed_minor = 10000;
    CHECK_I64(split_lead(&p), 2);
    POSITION(&p, 10000, 0, 500, 9500, 0, 0);
    CHECK(none_is_ahead(&p, &agreed));
    CHECK(p.rules[1].party == SPLIT_PARTNER && p.rules[2].party == SPLIT_USER && p.rules[3].is_rest);
    CHECK_I64(split_lead(&p), 0);
    const struct split_profile last = { .rules = { rest, { .party = SPLIT_PLATFORM, .bp = 500 } }, .n = 2 };
    CHECK(none_is_ahead(&last, &agreed)); /* the rest is served last, wherever it is declared */
}

/* As the operator has declared it: no more than there, and no other. */
TEST(platform_is_served_after_those_that_its_terms_put_before_it)
{
    struct split_rule first = { .party = SPLIT_PARTNER, .bp = 100, .fixed_minor = 30, .on_refund = RETURN_FULL };
    const struct split_rule own = { .party = SPLIT_PLATFORM, .bp = 500 };
    const struct split_rule user = { .party = SPLIT_USER, .user = STR("u1"), .bp = 1 };
    const struct split_profile agreed = { .rules = { first, own, user, rest }, .n = 4 };
    struct split_profile p = agreed;
    CHECK(none_is_ahead(&p, &agreed));
    p.rules[0].fixed_minor = 29;
    CHECK(none_is_ahead(&p, &agreed));
    p.rules[0].fixed_minor = 31;
    CHECK(is_ahead(&p, &agreed, 0));
    p.rules[0] = first, p.rules[0].on_refund = RETURN_NONE;
    CHECK(is_ahead(&p, &agreed, 0));
    p = (struct split_profile){ .rules = { first, user, own, rest }, .n = 4 };
    CHECK(is_ahead(&p, &agreed, 1));
    const struct split_profile nothing = { .rules = { rest }, .n = 1 };
    CHECK(none_is_ahead(&p, &nothing)); /* where the platform has nothing to lose */
}

TEST(platform_that_has_the_rest_leaves_the_others_what_its_terms_do)
{
    const struct split_rule all = { .party = SPLIT_PLATFORM, .is_rest = true };
    const struct split_rule seller = { .party = SPLIT_SELLER, .bp = 7000 };
    const struct split_profile agreed = { .rules = { all, seller }, .n = 2 };
    struct split_profile p = { .rules = { all, seller, { .party = SPLIT_PARTNER, .bp = 1 } }, .n = 3 };
    CHECK(is_ahead(&p, &agreed, 2));
    p.n = 2;
    CHECK(none_is_ahead(&p, &agreed));
    p.rules[1].bp = 7001;
    CHECK(is_ahead(&p, &agreed, 1));
    p.rules[1] = seller, p.rules[1].fixed_minor = 1;
    CHECK(is_ahead(&p, &agreed, 1));
    CHECK_I64(split_lead(&p), 0);
    CHECK(p.rules[0].is_rest);
    p = (struct split_profile){ .rules = { all }, .n = 1 };
    CHECK(none_is_ahead(&p, &agreed));
}

TEST(split_bounds_may_meet_and_be_the_greatest_amount)
{
    struct split_rule r = { .party = SPLIT_PLATFORM, .fixed_minor = 50, .min_minor = 50, .cap_minor = 50 };
    struct split_profile p = two(r);
    SHARES(&p, 100, 50, 50);
    r.fixed_minor = r.min_minor = r.cap_minor = MONEY_MAX_MINOR;
    p = two(r);
    SHARES(&p, MONEY_MAX_MINOR, MONEY_MAX_MINOR, 0);
}

TEST(split_is_one_of_a_currency_when_a_rule_counts_units)
{
    struct split_rule r = { .party = SPLIT_PLATFORM, .bp = 500 };
    struct split_profile p = two(r);
    CHECK(!split_has_units(&p));
    p.rules[0].fixed_minor = 1;
    CHECK(split_has_units(&p));
    p.rules[0] = r, p.rules[0].min_minor = 1;
    CHECK(split_has_units(&p));
    p.rules[0] = r, p.rules[0].cap_minor = 1;
    CHECK(split_has_units(&p));
}

TEST(split_finds_the_rule_of_a_party)
{
    const struct split_profile p = { .rules = { rest, { .party = SPLIT_USER, .user = STR("u1"), .bp = 1 } }, .n = 2 };
    CHECK(split_rule_of(&p, SPLIT_SELLER, STR("u1")) == &p.rules[0]); /* whoever that is */
    CHECK(split_rule_of(&p, SPLIT_USER, STR("u1")) == &p.rules[1]);
    CHECK(split_rule_of(&p, SPLIT_USER, STR("u2")) == NULL && split_rule_of(&p, SPLIT_PARTNER, STR_NONE) == NULL);
}
