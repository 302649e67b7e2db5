/*
 * Limits of payouts, told step by step (MONEY 6.A8): days that end, several at once, operators. And the judge of random
 * worlds, which sees it when the product forgets what it has counted, or whom it has asked.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/payout/approval.h"
#include "tests/sim/limits.h"
#include "tests/sim/network.h"
#include "tests/sim/reader.h"

static void paid(void)
{
    str payment = payment_make("");
    CHECK_I64(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
}

/* The seller has some 2,100 to give. */
static void world_begin(const struct agreed *each, const struct agreed *all)
{
    reader_begin();
    limits_begin();
    for (int i = 0; i < 3; i++)
        paid();
    limits_agree(each, all);
}

static const struct agreed none;

static struct call *asked(size_t requisite, int64_t minor)
{
    struct call *c = payout_ask(requisite, minor);
    call_finish(c);
    CHECK_I64(c->status, 201);
    return c;
}

static struct call *confirmed(const struct call *ask)
{
    struct call *c = payout_confirm_ask(ask);
    call_finish(c);
    return c;
}

static str status_of(const struct call *ask)
{
    struct call read = { .method = GET };
    read.path = arena_printf(sim_memory(), "/v1/payouts/%.*s", STR_ARG(call_member(ask, "id")));
    call_finish(&read);
    return call_member(&read, "status");
}

static void judged(void *unused)
{
    (void)unused;
    limits_judge();
}

static void end(void)
{
    judge_end();
    limits_judge();
    judge_invariants();
}

TEST(payouts_whose_payees_are_being_checked_count_with_what_goes_out_beside_them)
{
    world_begin(&(struct agreed){ .approve_from = 500 }, &none);
    const struct call *first = asked(0, 300), *second = asked(SELLER_ACCOUNTS, 300);
    CHECK_I64(confirmed(first)->status, 200);
    CHECK_I64(confirmed(second)->status, 200);
    judge_settle();
    CHECK_STR(status_of(first), STR("paid"));
    CHECK_STR(status_of(second), STR("awaiting_approval")); /* with the first one it is much */
    end();
}

/* A day of which three parts are asked for at once, and two fit; the third does when it is over. */
TEST(what_is_too_much_for_a_day_waits_for_the_next_one)
{
    world_begin(&(struct agreed){ .per_day = 600 }, &none);
    sim_app()->config.screening_url = STR("");
    limits_wait_for_the_end(MINUTES(5));
    struct call *asks[3], *says[3];
    int n_confirmed = 0;
    for (int i = 0; i < 3; i++)
        asks[i] = asked(0, 300);
    for (int i = 0; i < 3; i++)
        call_begin(says[i] = payout_confirm_ask(asks[i]));
    sim_run();
    for (int i = 0; i < 3; i++) {
        call_finish(says[i]);
        n_confirmed += says[i]->status == 200;
        if (says[i]->status != 200)
            CHECK_STR(call_member(says[i], "code"), STR("payout_limit"));
    }
    CHECK_I64(n_confirmed, 2);
    limits_are_asked_for();
    sim_pass(MINUTES(5));
    CHECK_I64(confirmed(asked(0, 600))->status, 200);
    end();
}

/* ---- the judge ---- */

static bool is_found(void)
{
    return !test_holds(judged, NULL);
}

TEST(a_judge_sees_what_was_not_counted)
{
    QUESTION(sim_usage_lost,
             "with lost as (delete from payout_usage where period like '%-%-%' returning 1) select count(*) from lost");
    world_begin(&(struct agreed){ .per_day = 500 }, &none);
    CHECK_I64(confirmed(asked(0, 300))->status, 200);
    CHECK(!is_found());
    CHECK(question_ask(sim_outside(), &sim_usage_lost) > 0);
    CHECK_I64(confirmed(asked(0, 300))->status, 200);
    CHECK(is_found());
    judge_end();
}

TEST(a_judge_sees_a_sum_of_all_sellers_and_of_a_month_that_is_too_much)
{
    QUESTION(sim_usage_gone, "with lost as (delete from payout_usage returning 1) select count(*) from lost");
    for (int i = 0; i < 2; i++) {
        const struct agreed all = { .per_month = i ? 500 : 0, .count = i ? 0 : 1 };
        world_begin(&none, &all);
        CHECK_I64(confirmed(asked(0, 300))->status, 200);
        CHECK(question_ask(sim_outside(), &sim_usage_gone) > 0);
        CHECK_I64(confirmed(asked(0, 300))->status, 200);
        CHECK(is_found());
        judge_end();
    }
}

TEST(a_judge_sees_what_went_out_by_the_word_of_one)
{
    QUESTION_ABOUT(sim_let_go,
                   "with gone as (update payout set status = 'confirmed', needs_approval = false"
                   " where status = 'awaiting_approval' and partner_id = $1 returning 1) select count(*) from gone");
    const struct operator_decision ann = { STR("ann"), STR("ann"), STR_NONE, true };
    str body;
    world_begin(&(struct agreed){ .approve_from = 300 }, &none);
    sim_app()->config.screening_url = STR("");
    const struct call *ask = asked(0, 300);
    CHECK_I64(confirmed(ask)->status, 200);
    CHECK_OK(payout_decision_take(sim_outside(), (payout_id){ call_member(ask, "id") }, &ann, &body));
    CHECK(!is_found());
    CHECK_I64(question_about(sim_outside(), &sim_let_go, client_seller()->partner), 1);
    CHECK(is_found());
    judge_end();
}
