/* The bank of a card that a buyer lets a store keep, and whether it is asked decently. See network.h. */
#include <string.h>

#include "tests/sim/network.h"

#define PAYMENTS_MAX 200
#define TRIES_MOST 5    /* of one payment, without the buyer */
#define APART HOURS(11) /* after a decline: not in the same night, clocks forward or not */

static struct {
    enum kept_mood mood;
    struct tried {
        str payment;
        enum kept_mood said; /* what came of the last */
        instant at;
        int n;
    } tried[PAYMENTS_MAX];
    size_t n;
} bank;

void kept_begin(void)
{
    memset(&bank, 0, sizeof bank);
}

void kept_is(enum kept_mood mood)
{
    bank.mood = mood;
    sim_note("the kept card is", (int64_t)mood);
}

static struct tried *tried_of(str payment)
{
    size_t i = 0;
    while (i < bank.n && !str_eq(bank.tried[i].payment, payment))
        i++;
    CHECK(i < PAYMENTS_MAX);
    if (i == bank.n)
        bank.tried[bank.n++] = (struct tried){ .payment = payment };
    return &bank.tried[i];
}

enum kept_mood kept_charge(str payment)
{
    struct tried *x = tried_of(payment);
    bool again = x->n > 0;
    if (again && x->said == KEPT_LOST)
        complain("a card that was lost is charged again");
    else if (again && x->said == KEPT_HOLDER)
        complain("a card is charged again though its holder is wanted");
    else if (again && x->said == KEPT_GOOD)
        complain("a card that has paid is charged again");
    else if (again && instant_before(sim_now(), instant_add(x->at, APART)))
        complain("a card is charged again too soon");
    x->said = bank.mood;
    x->at = sim_now();
    if (++x->n > TRIES_MOST)
        complain("a card is charged too often");
    return bank.mood;
}

/* Good once its holder has paid with it. */
void card_serve(str token, struct fetch_answer *ret)
{
    str body = arena_printf(sim_memory(),
                            "{\"token\":\"%.*s\",\"brand\":\"visa\",\"last4\":\"4242\",\"exp_month\":11,"
                            "\"exp_year\":2039,\"network_reference\":%s,\"push\":true,\"fingerprint\":\"f\"}",
                            STR_ARG(token), acquirer_was_paid_with(token) ? "\"net_1\"" : "null");
    *ret = (struct fetch_answer){ .outcome = FETCH_ANSWERED, .status = 200, .body = body };
}
