/* What the acquirer says against a person's word about an operation (paysrv/flow/payment/call_word.h). */
#include "paysrv/flow/payment/call.h"
#include "paysrv/flow/payment/call_word.h"
#include "paysrv/store/charge.sql.h"
#include "paysrv/store/payment.sql.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"

#define SEED 29

/* A charge that the acquirer has never heard of, as it stood when it was given up. */
static const struct call_find_row *lost_charge(void)
{
    const struct payment_find_row *p;
    const struct call_find_row *call;
    sim_begin(SEED);
    network_begin();
    client_begin(false);
    str payment = payment_make("");
    network_next(FATE_LOST);
    CHECK_I64(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 202);
    sim_pass(DAYS(2));
    life_goes_on();
    CHECK_OK(payment_any(sim_outside(), (payment_id){ payment }, &p));
    CHECK_OK(call_find(sim_outside(), p->charge_id, &call));
    struct call_find_row *ret = arena_new(sim_memory(), struct call_find_row);
    *ret = *call;
    ret->call_id = arena_str(sim_memory(), call->call_id);
    ret->payment_id.v = arena_str(sim_memory(), payment);
    ret->partner_id.v = client_seller()->partner;
    ret->op = arena_str(sim_memory(), call->op);
    ret->acquirer = arena_str(sim_memory(), call->acquirer);
    return ret;
}

static void word_of(const struct call_find_row *call)
{
    QUESTION_ABOUT(word_anomaly, "select anomaly_id from anomaly where ref = $1 and kind = 'call_unresolved'");
    struct task *t = sim_outside();
    struct call_word word = {
        .as = STR("failed"), .note = STR("not in their list"), .by = STR("operator:olga"), .by_name = STR("Olga")
    };
    CHECK_OK(call_word_take(t, question_about(t, &word_anomaly, call->call_id), &word));
    CHECK(!str_given(word.waits));
}

static int64_t told_of(const struct call_find_row *call)
{
    QUESTION_ABOUT(word_against, "select count(*) from anomaly where ref = $1 and kind = 'acquirer_answer'");
    return question_about(sim_outside(), &word_against, call->call_id);
}

/* Whoever asked before the word was said, and heard it afterwards. */
static void hears(const struct call_find_row *call, enum outcome outcome)
{
    const struct acquirer_said said = { .outcome = outcome, .ref = STR("ch_there"), .decline_code = STR("expired") };
    const struct call_result result = { .call = call, .said = &said };
    bool applied;
    CHECK_OK(call_settle(sim_outside(), &result, &applied));
    CHECK(!applied);
}

TEST(what_is_heard_against_a_word_at_the_same_moment_books_nothing_and_is_told_a_person)
{
    const struct call_find_row *before = lost_charge();
    word_of(before);
    hears(before, OUTCOME_DECLINED);
    CHECK_I64(told_of(before), 0);
    hears(before, OUTCOME_SUCCEEDED);
    CHECK_I64(told_of(before), 1);
    CHECK_STR(payment_status_of(before->payment_id.v), STR("expired"));
    judge_end();
    judge_invariants();
}
