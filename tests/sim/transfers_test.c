/* Payments by bank transfer, told step by step: what the buyer, the bank and the seller have of it in the end. */
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"

#define SEED 17
#define BUYER STR("DE75512108001245126199")

static str read_member(str id, const char *what, const char *member)
{
    struct call read = { .method = GET, .path = arena_printf(sim_memory(), "/v1/payments/%.*s%s", STR_ARG(id), what) };
    call_finish(&read);
    return call_member(&read, member);
}

static str transferred(str payment, int64_t amount_minor, str takes_back)
{
    const struct bank_credit c = { read_member(payment, "/transfer", "reference"), amount_minor, BUYER, takes_back };
    str name = bank_credit(&c);
    bank_day_ends();
    judge_settle();
    return name;
}

static str told(void)
{
    sim_begin(SEED);
    network_begin();
    client_begin(false);
    str payment = payment_make("");
    CHECK_I64(client_post(payment, "confirm", "{\"method\":\"bank_transfer\"}")->status, 200);
    return payment;
}

/* He has that part from his bank, and the other one is still to be had from us. */
TEST(a_buyer_whose_bank_took_a_part_back_is_refunded_the_other_part)
{
    str payment = told();
    str first = transferred(payment, 500, STR_NONE);
    transferred(payment, 501, STR_NONE);
    CHECK_STR(payment_status_of(payment), STR("succeeded"));
    transferred(payment, 500, first);
    client_post(payment, "refunds", "{\"amount\":500}");
    judge_settle();
    client_post(payment, "refunds", "{\"amount\":501}");
    for (int i = 0; i < 3; i++) {
        sim_pass(HOURS(12));
        judge_settle();
    }
    QUESTION(sim_refunded, "select refunded from payment order by payment_id desc limit 1");
    CHECK_I64(question_ask(sim_outside(), &sim_refunded), 1001);
    QUESTION(sim_bank, "select coalesce(sum(q.amount), 0)::bigint from posting q join account a using (account_id)"
                       " where a.kind in ('bank', 'acquirer_receivable')"
                       "   and a.partner_id = (select partner_id from payment order by payment_id desc limit 1)");
    CHECK_I64(question_ask(sim_outside(), &sim_bank), 0);
    judge_end();
    judge_invariants();
}

/* What he was given before his bank took his money back he was given twice: no more of that payment goes to him. */
TEST(who_was_refunded_and_has_his_money_back_is_not_refunded_by_what_another_part_paid)
{
    str payment = told();
    str first = transferred(payment, 500, STR_NONE);
    transferred(payment, 501, STR_NONE);
    client_post(payment, "refunds", "{\"amount\":800}");
    for (int i = 0; i < 3; i++) {
        sim_pass(HOURS(12));
        judge_settle();
    }
    transferred(payment, 500, first);
    client_post(payment, "refunds", "{\"amount\":201}");
    judge_settle();
    QUESTION(sim_not_refunded, "select refunded from payment order by payment_id desc limit 1");
    CHECK_I64(question_ask(sim_outside(), &sim_not_refunded), 800);
    judge_end();
    judge_invariants();
}
