/*
 * What the acquirer owes for twice: a payout to a card and its return, a chargeback and what a won dispute gives back.
 * Each of both is in a registry or missing by itself (docs/decisions/0098). Without crashes.
 */
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/registries.h"

#define SEED 23
#define FEE 1500 /* of a chargeback */

/* ---- helpers ---- */

static void begin(void)
{
    sim_begin(SEED);
    network_begin();
    client_begin(false);
    registries_settle("none");
    client_post(payment_make(""), "confirm", "{\"payment_token\":\"tok_ok\"}");
    judge_settle();
}

static void pushed_and_returned(void)
{
    struct call *asked = payout_ask(SELLER_ACCOUNTS + 2, 500);
    call_finish(asked);
    call_finish(payout_confirm_ask(asked));
    judge_settle();
    sim_pass(DAYS(3));
    judge_settle();
    CHECK_I64(acquirer_balance(), 1001);
}

static int64_t disputed(bool for_buyer)
{
    life_is_wide(true);
    CHECK(bank_disputes(false));
    judge_settle();
    CHECK(bank_decides(for_buyer));
    judge_settle();
    QUESTION_ABOUT(sim_taken, "select coalesce(sum(taken), 0)::bigint from dispute where partner_id = $1");
    return question_about(sim_outside(), &sim_taken, client_seller()->partner);
}

#define MISSING "select coalesce(sum(amount), 0)::bigint from bank_break where kind = 'missing' and partner_id = $1"
/* What is missing and open: of first debts, and of what was to come back. */
static int64_t missing(void)
{
    QUESTION_ABOUT(sim_missing, MISSING " and closed_at is null and ref not like '% return'");
    return question_about(sim_outside(), &sim_missing, client_seller()->partner);
}

static int64_t missing_return(void)
{
    QUESTION_ABOUT(sim_missing_return, MISSING " and closed_at is null and ref like '% return'");
    return question_about(sim_outside(), &sim_missing_return, client_seller()->partner);
}

static int64_t owed(void)
{
    life_ends();
    QUESTION_ABOUT(sim_owed,
                   "select coalesce(sum(b.posted), 0)::bigint from balance b join account a using (account_id)"
                   " where a.kind = 'acquirer_receivable' and a.user_id = '' and a.partner_id = $1");
    return question_about(sim_outside(), &sim_owed, client_seller()->partner);
}

/* The break of this amount is given up, or a line booked as it was said. */
static void give_up(int64_t amount_minor)
{
    QUESTION_ABOUT(sim_break_of,
                   "select coalesce((select break_id from bank_break where closed_at is null and kind <> 'fee'"
                   " and partner_id = split_part($1, ' ', 1) and amount = split_part($1, ' ', 2)::bigint), 0)");
    struct arena *a = sim_memory();
    int64_t id =
        question_about(sim_outside(), &sim_break_of,
                       arena_printf(a, "%.*s %lld", STR_ARG(client_seller()->partner), (long long)amount_minor));
    str path = arena_printf(a, "/v1/operator/bank/breaks/%lld/resolve", (long long)id);
    struct call *c = call_make(arena_cstr(a, path), "{\"as\":\"platform\",\"reason\":\"it never comes\"}");
    c->key = STR_NONE;
    call_finish(c);
    CHECK_I64(c->status, 200);
}

static void end(void)
{
    registries_judge();
    CHECK_I64(owed(), 0);
    judge_invariants();
}

/* ---- payouts to cards ---- */

TEST(a_push_and_its_return_that_are_in_no_registry_are_both_missing)
{
    begin();
    pushed_and_returned();
    registries_settle("charge");
    CHECK_I64(missing(), -500);
    CHECK_I64(missing_return(), 500);
    CHECK_I64(owed(), 0); /* of which nobody would see anything */
    end();
}

TEST(the_return_of_a_push_that_was_given_up_settles_itself)
{
    begin();
    pushed_and_returned();
    registries_settle("charge");
    give_up(-500);
    CHECK_I64(owed(), 500);
    registries_settle("push_return");
    CHECK_I64(missing_return(), 0);
    CHECK_I64(owed(), 0);
    end();
}

TEST(the_return_of_a_push_that_is_missing_leaves_it_missing)
{
    begin();
    pushed_and_returned();
    registries_settle("charge");
    registries_settle("push_return");
    CHECK_I64(missing(), -500);
    CHECK_I64(missing_return(), 0);
    registries_settle("push");
    CHECK_I64(missing(), 0);
    CHECK_I64(owed(), 0);
    end();
}

/* ---- disputes ---- */

TEST(what_a_won_dispute_gives_back_is_missing_when_the_acquirer_keeps_it)
{
    begin();
    int64_t taken = disputed(false);
    registries_settle("charge chargeback");
    CHECK_I64(missing(), 0);
    CHECK_I64(missing_return(), taken);
    CHECK_I64(owed(), taken);
    give_up(taken);
    CHECK_I64(owed(), 0);
    registries_settle("chargeback_reversal"); /* after all: money that nobody owes any more */
    give_up(taken);
    CHECK_I64(owed(), 0);
    end();
}

TEST(a_chargeback_that_the_acquirer_never_took_is_given_up_whole)
{
    begin();
    int64_t taken = disputed(true);
    registries_settle("charge");
    CHECK_I64(missing(), -taken - FEE);
    give_up(-taken - FEE);
    CHECK_I64(owed(), 0);
    end();
}

TEST(a_chargeback_that_was_given_up_leaves_what_its_dispute_gives_back)
{
    begin();
    int64_t taken = disputed(false);
    registries_settle("charge");
    CHECK_I64(missing(), -taken - FEE);
    CHECK_I64(missing_return(), taken);
    give_up(-taken - FEE);
    CHECK_I64(owed(), taken);
    registries_settle("chargeback_reversal");
    CHECK_I64(missing_return(), 0);
    CHECK_I64(owed(), 0);
    end();
}

/* A chargeback's line has the key of the charge that it takes back. */
TEST(a_charge_is_missing_though_its_chargeback_is_in_a_registry)
{
    begin();
    disputed(true);
    registries_settle("chargeback");
    CHECK_I64(missing(), 1001);
    registries_settle("charge");
    CHECK_I64(missing(), 0);
    CHECK_I64(owed(), 0);
    end();
}
