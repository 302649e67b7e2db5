/* Refund limits, shares and the postings of charges and refunds (SECURITY J 266 to 273, I01, I09). */
#include "paysrv/domain/payment/refund.h"

#include "tests/support/test.h"

static struct split_profile story;

static struct refund_basis paid(int64_t amount, int64_t refunded)
{
    story = split_of_bp(500, 2500);
    return (struct refund_basis){ .taken_minor = amount, .returned_minor = refunded, .split = &story };
}

TEST(refund_of_everything_gives_back_the_split)
{
    struct refund_basis basis = paid(1000, 0);
    int64_t amount, shares[SPLIT_RULES_MAX];
    CHECK_I64(refund_judge(&basis, 0, &amount, shares), REFUND_GOOD);
    CHECK_I64(amount, 1000);
    CHECK_I64(shares[0], 50);
    CHECK_I64(shares[1], 250);
    CHECK_I64(shares[2], 700);
}

/* Kept, the seller bears it; returned though its rule keeps it, he is spared, cumulatively to the unit. */
TEST(refund_fees_of_a_single_one_may_be_kept_or_returned)
{
    struct refund_basis basis = paid(1000, 0);
    const struct refund_fees keep = { FEE_KEPT, FEE_KEPT }, back = { FEE_RETURNED, FEE_AGREED };
    int64_t amount, shares[SPLIT_RULES_MAX], platform = 0;
    CHECK_I64(refund_judge(&basis, 500, &amount, shares), REFUND_GOOD);
    CHECK(refund_fees_apply(&basis, &keep, amount, shares));
    CHECK_I64(shares[0], 0);
    CHECK_I64(shares[1], 0);
    CHECK_I64(shares[2], 500);
    CHECK_I64(refund_judge(&basis, 500, &amount, shares), REFUND_GOOD);
    CHECK(refund_fees_apply(&basis, &back, amount, shares)); /* it goes back by itself */
    CHECK_I64(shares[0], 25);
    story.rules[0].on_refund = RETURN_NONE;
    for (int64_t part = 333; basis.returned_minor < 1000; basis.returned_minor += amount) {
        CHECK_I64(refund_judge(&basis, basis.returned_minor + part > 1000 ? 0 : part, &amount, shares), REFUND_GOOD);
        CHECK(refund_fees_apply(&basis, &back, amount, shares));
        CHECK_I64(shares[0] + shares[1] + shares[2], amount);
        platform += shares[0];
    }
    CHECK_I64(platform, 50);
}

/* A fixed fee is all taken with the first capture, and all given back with that: of the second there is none. */
TEST(refund_fees_that_went_back_are_not_there_again_when_more_is_captured)
{
    const struct split_profile fixed = {
        .rules = { { .party = SPLIT_PLATFORM, .fixed_minor = 30, .on_refund = RETURN_NONE },
                   { .party = SPLIT_SELLER, .is_rest = true } },
        .n = 2
    };
    struct refund_basis basis = { .taken_minor = 10000, .split = &fixed };
    const struct refund_fees back = { FEE_RETURNED, FEE_AGREED };
    int64_t amount, shares[SPLIT_RULES_MAX];
    CHECK_I64(refund_judge(&basis, 10000, &amount, shares), REFUND_GOOD);
    CHECK(refund_fees_apply(&basis, &back, amount, shares));
    CHECK(shares[0] == 30 && shares[1] == 9970);
    basis.platform_gave_minor = shares[0];
    basis.returned_minor = 10000;
    basis.taken_minor = 20000;
    CHECK_I64(refund_judge(&basis, 10000, &amount, shares), REFUND_GOOD);
    CHECK(refund_fees_apply(&basis, &back, amount, shares));
    CHECK(shares[0] == 0 && shares[1] == 10000);
}

/* One part of three comes back: what is given in the end is the whole, whichever it was, also by fees of its own. */
TEST(refund_that_comes_back_leaves_the_others_as_if_it_had_not_been)
{
    const struct refund_fees fees[] = { { FEE_AGREED, FEE_AGREED },
                                        { FEE_KEPT, FEE_AGREED },
                                        { FEE_AGREED, FEE_KEPT } };
    static const int64_t parts[] = { 333, 222, 445 };
    for (int back = 0; back < 3; back++)
        for (int own = 0; own < 3; own++) {
            struct refund_basis basis = paid(1000, 0);
            int64_t amount, shares[SPLIT_RULES_MAX], given[3] = { 0 };
            struct refund_parts gave = { .sellers.n = 0 }, got;
            struct split_state began = { 0, 0 };
            story.rules[0].on_refund = RETURN_FULL;
            for (int i = 0; i < 3; i++) {
                CHECK_I64(refund_judge(&basis, parts[i], &amount, shares), REFUND_GOOD);
                if (i == back) {
                    CHECK(refund_fees_apply(&basis, &fees[own], amount, shares));
                    began = (struct split_state){ 1000, basis.returned_minor };
                    gave = (struct refund_parts){ shares_of(&story, shares), sellers_of(&story, STR("s"), shares) };
                }
                for (int k = 0; k < 3; k++)
                    given[k] += shares[k];
                basis.returned_minor += amount;
            }
            const struct refund_return_basis b = { parts[back], { 1000, 1000 }, began, &gave, &story, STR("s") };
            CHECK(refund_return_plan(&b, &got));
            CHECK_I64(got.shares.platform + got.shares.partner + got.shares.seller, parts[back]);
            CHECK_I64(got.sellers.amounts[0], got.shares.seller);
            basis.returned_minor -= parts[back];
            CHECK_I64(refund_judge(&basis, 0, &amount, shares), REFUND_GOOD);
            CHECK_I64(given[0] - got.shares.platform + shares[0], 50);
            CHECK_I64(given[1] - got.shares.partner + shares[1], 250);
            CHECK_I64(given[2] - got.shares.seller + shares[2], 700);
        }
}

/* Of one from before nobody knows what it was computed from; shares that are no shares of it are none. */
TEST(refund_that_comes_back_is_read_whole)
{
    const struct refund_basis basis = paid(1000, 0);
    struct refund_parts gave = { { 15, 75, 210 }, { .n = 2 } }, got;
    struct refund_return_basis b = { 300, { 1000, 300 }, { 0, 0 }, &gave, basis.split, STR("s") };
    CHECK(refund_return_plan(&b, &got));
    CHECK(got.shares.platform == 15 && got.shares.partner == 75 && got.sellers.amounts[0] == 210);
    b.began = (struct split_state){ 1000, 0 };
    CHECK(!refund_return_plan(&b, &got));
    b.began.captured_minor = 0;
    b.at.returned_minor = 200;
    CHECK(!refund_return_plan(&b, &got));
}

/* As its rule says where nothing else was asked for, and of the two fees each for itself. */
TEST(refund_fees_are_changed_one_by_one)
{
    struct refund_basis basis = paid(1000, 0);
    const struct refund_fees agreed = { FEE_AGREED, FEE_AGREED }, first = { FEE_RETURNED, FEE_AGREED },
                             second = { FEE_AGREED, FEE_KEPT };
    int64_t amount, shares[SPLIT_RULES_MAX];
    story.rules[0].on_refund = RETURN_NONE;
    CHECK_I64(refund_judge(&basis, 500, &amount, shares), REFUND_GOOD);
    CHECK(refund_fees_apply(&basis, &agreed, amount, shares));
    CHECK(shares[0] == 0 && shares[1] == 125 && shares[2] == 375);
    CHECK(refund_fees_apply(&basis, &second, amount, shares));
    CHECK(shares[0] == 0 && shares[1] == 0 && shares[2] == 500);
    story.rules[1].on_refund = RETURN_NONE;
    CHECK_I64(refund_judge(&basis, 500, &amount, shares), REFUND_GOOD);
    CHECK(refund_fees_apply(&basis, &first, amount, shares));
    CHECK(shares[0] == 25 && shares[1] == 0 && shares[2] == 475);
}

TEST(refund_fees_are_borne_by_a_rest_that_sells)
{
    struct refund_basis basis = paid(1000, 0);
    const struct refund_fees agreed = { FEE_AGREED, FEE_AGREED }, keep = { FEE_KEPT, FEE_AGREED };
    int64_t amount, shares[SPLIT_RULES_MAX];
    story.rules[2].party = SPLIT_USER;
    story.rules[2].user = STR("u1");
    CHECK_I64(refund_judge(&basis, 0, &amount, shares), REFUND_GOOD);
    CHECK(refund_fees_apply(&basis, &keep, amount, shares));
    CHECK(shares[0] == 0 && shares[1] == 250 && shares[2] == 750);
    story = (struct split_profile){
        .rules = { { .party = SPLIT_SELLER, .bp = 9000 }, { .party = SPLIT_PLATFORM, .is_rest = true } }, .n = 2
    };
    CHECK_I64(refund_judge(&basis, 0, &amount, shares), REFUND_GOOD);
    CHECK(!refund_fees_apply(&basis, &keep, amount, shares));
    CHECK(refund_fees_apply(&basis, &agreed, amount, shares));
    CHECK(shares[0] == 900 && shares[1] == 100);
}

TEST(refund_reasons_and_fees_are_words)
{
    enum refund_fee fee;
#define IS_KNOWN(name, text) CHECK(refund_reason_is_known(STR(text)));
    REFUND_REASONS(IS_KNOWN)
    CHECK(!refund_reason_is_known(STR("no_idea")));
    CHECK(refund_fee_parse(STR("return"), &fee) && fee == FEE_RETURNED && !refund_fee_parse(STR("half"), &fee));
}

TEST(refund_never_exceeds_what_is_left)
{
    struct refund_basis basis = paid(1000, 400);
    int64_t amount, shares[SPLIT_RULES_MAX];
    CHECK_I64(refund_judge(&basis, 601, &amount, shares), REFUND_TOO_LARGE);
    CHECK_I64(refund_judge(&basis, 600, &amount, shares), REFUND_GOOD);
    basis.returned_minor = 1000;
    CHECK_I64(refund_judge(&basis, 0, &amount, shares), REFUND_TOO_LARGE);
    CHECK_I64(refund_judge(&basis, 1, &amount, shares), REFUND_TOO_LARGE);
    CHECK_I64(refund_judge(&basis, -1, &amount, shares), REFUND_TOO_LARGE);
}

TEST(refund_waits_for_the_one_before_it)
{
    struct refund_basis basis = paid(1000, 0);
    int64_t amount, shares[SPLIT_RULES_MAX];
    basis.is_busy = true;
    CHECK_I64(refund_judge(&basis, 1, &amount, shares), REFUND_OPEN);
}

TEST(refund_of_what_was_not_paid)
{
    struct refund_basis basis = paid(0, 0);
    int64_t amount, shares[SPLIT_RULES_MAX];
    CHECK_I64(refund_judge(&basis, 0, &amount, shares), REFUND_NOT_PAID);
    CHECK_I64(refund_judge(&basis, 1, &amount, shares), REFUND_NOT_PAID);
}

TEST(posting_of_a_charge_is_balanced)
{
    const struct shares shares = { 50, 250, 700 };
    struct posting posting;
    CHECK(posting_of_charge(1000, &shares, &posting));
    CHECK_I64(posting.n, 4);
    CHECK_STR(posting.kinds[0], STR("acquirer_receivable"));
    CHECK_I64(posting.amounts[0], 1000);
    CHECK_STR(posting.kinds[3], STR("seller"));
    CHECK_I64(posting.amounts[3], -700);
    CHECK(posting_is_balanced(&posting));
}

TEST(posting_leaves_out_who_gets_nothing)
{
    const struct shares shares = { 0, 0, 1 };
    struct posting posting;
    CHECK(posting_of_charge(1, &shares, &posting));
    CHECK_I64(posting.n, 2);
    CHECK(posting_of_refund(1, &shares, &posting));
    CHECK_I64(posting.n, 2);
    CHECK_I64(posting.amounts[0], -1);
    CHECK_I64(posting.amounts[1], 1);
}

TEST(posting_refuses_shares_that_do_not_sum)
{
    const struct shares shares = { 50, 250, 701 };
    struct posting posting;
    CHECK(!posting_of_charge(1000, &shares, &posting));
    CHECK(!posting_of_refund(1000, &shares, &posting));
    CHECK(!posting_of_charge(0, &(struct shares){ 0, 0, 0 }, &posting));
    CHECK(!posting_of_charge(MONEY_MAX_MINOR + 1, &(struct shares){ 0, 0, MONEY_MAX_MINOR + 1 }, &posting));
}

TEST(several_sellers_share_what_the_sellers_get)
{
    const struct split_profile p = { .rules = { { .party = SPLIT_USER, .user = STR("u1"), .bp = 1000 },
                                                { .party = SPLIT_PLATFORM, .bp = 500 },
                                                { .party = SPLIT_SELLER, .is_rest = true },
                                                { .party = SPLIT_PARTNER, .bp = 2500 } },
                                     .n = 4 };
    int64_t parts[SPLIT_RULES_MAX];
    CHECK_I64(split_allocate(&p, 1000, parts), SPLIT_GOOD);
    const struct shares shares = shares_of(&p, parts);
    const struct sellers sellers = sellers_of(&p, STR("u0"), parts);
    CHECK(shares.platform == 50 && shares.partner == 250 && shares.seller == 700);
    CHECK_I64(sellers.n, 2);
    CHECK_STR(sellers.users[0], STR("u1"));
    CHECK_I64(sellers.amounts[0], 100);
    CHECK_STR(sellers.users[1], STR("u0"));
    CHECK_I64(sellers.amounts[1], 600);
}
