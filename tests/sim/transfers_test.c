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

/* Comes under no name, and is taken back by the bank's name of the booking. */
static str unnamed(int64_t amount_minor, str takes_back)
{
    const struct bank_credit c = { STR(""), amount_minor, BUYER, takes_back };
    str name = bank_credit(&c);
    bank_day_ends();
    judge_settle();
    return name;
}

static int64_t unnamed_break(void)
{
    QUESTION(sim_unnamed_break, "select coalesce(max(b.break_id), 0) from bank_break b join bank_line l using (line_id)"
                                " where b.kind = 'unmatched' and b.closed_at is null and l.kind = 'credit'");
    return question_ask(sim_outside(), &sim_unnamed_break);
}

static int given(str payment)
{
    struct arena *a = sim_memory();
    str path = arena_printf(a, "/v1/operator/bank/breaks/%lld/credit", (long long)unnamed_break());
    str body = arena_printf(a, "{\"payment\":\"%.*s\",\"note\":\"it is for that\"}", STR_ARG(payment));
    struct call *c = call_make(arena_cstr(a, path), arena_cstr(a, body));
    c->key = STR_NONE;
    call_finish(c);
    return c->status;
}

static int64_t in_the_bank(void)
{
    QUESTION(sim_in_the_bank,
             "select coalesce(sum(q.amount), 0)::bigint from posting q join account a using (account_id)"
             " where a.kind = 'bank'"
             "   and a.partner_id = (select partner_id from payment order by payment_id desc limit 1)");
    return question_ask(sim_outside(), &sim_in_the_bank);
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

TEST(what_an_operator_gave_to_a_payment_leaves_the_books_when_the_bank_takes_it_back)
{
    str payment = told();
    transferred(payment, 500, STR_NONE);
    str second = unnamed(501, STR_NONE);
    CHECK_I64(given(payment), 200);
    judge_settle();
    CHECK_STR(payment_status_of(payment), STR("succeeded"));
    CHECK_I64(in_the_bank(), 1001);
    CHECK_I64(unnamed_break(), 0); /* its statement, which was a break beside its notice, is known with it */
    unnamed(501, second);
    CHECK_I64(in_the_bank(), 500);
    judge_end();
    judge_invariants();
}

TEST(what_the_bank_has_taken_back_is_given_to_no_payment)
{
    str payment = told();
    str only = unnamed(1001, STR_NONE);
    unnamed(1001, only);
    CHECK_I64(given(payment), 409);
    CHECK_I64(in_the_bank(), 0);
    judge_end();
    judge_invariants();
}
