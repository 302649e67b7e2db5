/*
 * Answers about another operation, or about more or less than was asked for (SECURITY I): they decide nothing, a person
 * is told, and what became of the operation is found out by asking again.
 */
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/network.h"

#define SEED 31

#define BY_CARD "{\"payment_token\":\"tok_ok\"}"
#define BY_WALLET "{\"method\":\"wallet\",\"return_url\":\"https://store.example/thanks\"}"

enum asked { PAY, RESERVE, CAPTURE, VOID, REFUND };

struct twist {
    const char *what, *with;
    enum asked asked;
    bool is_wallet;
    bool is_declined;   /* there; that of another one is none of ours */
    bool is_unreadable; /* rather than wrong, which is told */
};

static const struct twist twists[] = {
    { "\"amount\":1001", "\"amount\":1002", PAY },
    { "\"currency\":\"EUR\"", "\"currency\":\"USD\"", PAY },
    { "\"key\":\"", "\"key\":\"x", PAY },
    { "\"reference\":\"", "\"reference\":\"x", PAY },
    { "\"id\":\"", "\"id\":\"\",\"x\":\"", PAY, .is_unreadable = true },
    { "\"status\":\"succeeded\"", "\"status\":\"authorized\"", PAY },
    { "\"status\":\"succeeded\"", "\"status\":\"authorized\",\"capture_before\":4000000000", PAY },
    { "\"status\":\"authorized\"", "\"status\":\"succeeded\"", RESERVE },
    { "\"capture_before\":", "\"before\":", RESERVE },
    { "\"capture_before\":", "\"capture_before\":-", RESERVE },
    { "\"amount\":1001", "\"amount\":1000", CAPTURE },
    { "\"charge\":\"", "\"charge\":\"x", CAPTURE },
    { "\"charge\":\"", "\"charge\":\"x", CAPTURE, .is_declined = true },
    { "\"charge\":\"", "\"charge\":\"x", VOID },
    { "\"amount\":1001", "\"amount\":1000", REFUND },
    { "\"charge\":\"", "\"charge\":\"x", REFUND },
    { "\"charge\":\"", "\"charge\":\"x", REFUND, .is_declined = true },
    { "\"amount\":1001", "\"amount\":1002", PAY, .is_wallet = true },
    { "\"currency\":\"EUR\"", "\"currency\":\"USD\"", PAY, .is_wallet = true },
    { "\"key\":\"", "\"key\":\"x", PAY, .is_wallet = true },
    { "\"approve_url\":\"http", "\"approve_url\":\"/http", PAY, .is_wallet = true, .is_unreadable = true },
    { "\"amount\":1001", "\"amount\":1000", REFUND, .is_wallet = true },
    { "\"payment\":\"", "\"payment\":\"x", REFUND, .is_wallet = true },
    { "\"payment\":\"", "\"payment\":\"x", REFUND, .is_wallet = true, .is_declined = true },
};

static str paid(const struct twist *w)
{
    str payment = payment_make(w->asked == CAPTURE || w->asked == VOID ? ",\"capture_method\":\"manual\"" : "");
    CHECK_I64(client_post(payment, "confirm", w->is_wallet ? BY_WALLET : BY_CARD)->status, 200);
    if (w->is_wallet) {
        CHECK(wallet_answers(true));
        judge_settle();
    }
    return payment;
}

static str prepared(const struct twist *w)
{
    sim_begin(SEED);
    network_begin();
    client_begin(false);
    if (w->asked == PAY)
        return payment_make("");
    return w->asked == RESERVE ? payment_make(",\"capture_method\":\"manual\"") : paid(w);
}

static const struct call *ask(const struct twist *w, str payment)
{
    switch (w->asked) {
    case PAY:
    case RESERVE:
        return client_post(payment, "confirm", w->is_wallet ? BY_WALLET : BY_CARD);
    case CAPTURE:
        return client_post(payment, "capture", "{}");
    case VOID:
        return client_post(payment, "cancel", NULL);
    case REFUND:
        break;
    }
    return client_post(payment, "refunds", "{}");
}

static void is_unknown(const struct twist *w, str payment)
{
    QUESTION_ABOUT(answers_open,
                   "select count(*) from acquirer_call where payment_id = $1 and state = 'unknown' and is_open");
    QUESTION_ABOUT(answers_told, "select count(*) from anomaly a join acquirer_call c on c.call_id = a.ref "
                                 "where c.payment_id = $1 and a.kind = 'acquirer_answer'");
    CHECK_I64(question_about(sim_outside(), &answers_open, payment), 1);
    CHECK_I64(question_about(sim_outside(), &answers_told, payment), !w->is_unreadable);
}

TEST(an_answer_about_something_else_decides_nothing_and_is_told)
{
    for (size_t i = 0; i < sizeof twists / sizeof twists[0]; i++) {
        const struct twist *w = &twists[i];
        str payment = prepared(w);
        network_declines(w->is_declined ? 1000 : 0);
        network_twists(w->what, w->with);
        const struct call *call = ask(w, payment);
        network_twists(NULL, NULL);
        network_declines(0);
        printf("# %d %s for %s\n", w->asked, w->with, w->what);
        CHECK_I64(call->status, 202);
        is_unknown(w, payment);
        judge_settle();
        judge_end();
    }
    judge_invariants();
}
