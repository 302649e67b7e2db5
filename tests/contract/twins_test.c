/*
 * Twins: two requests with the same key and body at one moment. Neither finds an answer under the key, one of them is
 * done, and the other meets what its twin has made: it gets the twin's answer (docs/protocol/pay-api.md), not a
 * refusal.
 */
#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/party/verification.h"
#include "paysrv/flow/payment/refund.h"
#include "paysrv/flow/payout/payout.h"
#include "tests/contract/beside.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* What its twin leaves behind once the key was looked for; whose: a digest in which nothing is, or another. */
#define TWIN(whose, made)                                                                                              \
    "set search_path to pay; insert into idempotency (partner_id, route, key, fingerprint, op, status, body, "         \
    "created_at) values ('p', 'POST /x', 'k', " whose ", 'op_1', 201, '[201]', now());" made
#define ITS_OWN "decode(repeat('00', 32), 'hex')"
#define ANOTHERS "sha256('another')"

static struct {
    struct arena *arena;
    const char *twin; /* has not come yet */
} beside;

static err looked_for(struct task *t, partner_id partner, str route, str key, const struct idempotency_find_row **ret)
{
    const char *twin = beside.twin;
    TRY(idempotency_find(t, partner, route, key, ret));
    beside.twin = NULL;
    if (twin)
        (void)test_postgres_sql(beside.arena, twin);
    return OK;
}

static void twins_begin(struct arena *arena, struct task *t, struct app *app, struct pay_env *env, const char *twin)
{
    beside_begin(arena, t, USER_ROWS);
    *env = pay_env_live;
    env->idempotency_find = looked_for;
    *app = (struct app){ .env = env };
    t->app = app;
    beside.arena = arena;
    beside.twin = twin;
}

static const struct once once = { .given = true, .key = { "k", 1 }, .route = { "POST /x", 7 } };
static const struct caller caller = { .partner = { { "p", 1 } }, .client_id = { "c", 1 } };

static err refund_named_mine(struct task *t, struct answer *ret)
{
    static const struct payment_find_row payment = { .payment_id = { { "pay_1", 5 } }, .partner_id = { { "p", 1 } } };
    const struct refund_order order = { .payment = &payment,
                                        .route = once.route,
                                        .key = once.key,
                                        .fingerprint = once.fingerprint,
                                        .external_id = STR("mine"),
                                        .by = STR("partner") };
    return refund_run(t, &order, ret);
}

static err payout_named_mine(struct task *t, struct answer *ret)
{
    const struct payout_order order = { .amount_minor = 100,
                                        .currency = STR("EUR"),
                                        .requisite = STR("req_1"),
                                        .user = STR("usr_1"),
                                        .external_id = STR("mine") };
    return payouts_request(t, &caller, &order, &once, ret);
}

/* The requisite is none that anything holds, as its twin has left it. */
static err payee_accepted(struct task *t, struct answer *ret)
{
    const struct user_find_row user = { .user_id = USER };
    return payee_accept(t, &caller, &user, STR("req_1"), &once, ret);
}

#define REFUND "insert into refund_name values ('p', 'mine', 're_1');"
#define PAYOUT                                                                                                         \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at, external_id) values ('po_1', 'p', 'usr_1', 'req_1', 100, 'EUR', sha256(''), 'AA', "       \
    "'canceled', now(), now(), 'mine');"

static const struct {
    err (*run)(struct task *t, struct answer *ret);
    const char *twin, *another, *no_twin;
    const struct fault *refused;
} cases[] = {
    { refund_named_mine, TWIN(ITS_OWN, REFUND), TWIN(ANOTHERS, REFUND), "set search_path to pay; " REFUND,
      &FAULT_EXTERNAL_ID_TAKEN },
    { payout_named_mine, TWIN(ITS_OWN, PAYOUT), TWIN(ANOTHERS, PAYOUT), "set search_path to pay; " PAYOUT,
      &FAULT_EXTERNAL_ID_TAKEN },
    { payee_accepted, TWIN(ITS_OWN, ""), TWIN(ANOTHERS, ""), "select", &FAULT_REQUISITE_STATE },
};

static err beside_twin(struct arena *arena, size_t i, const char *twin, struct answer *ret)
{
    struct task t;
    struct app app;
    struct pay_env env;
    twins_begin(arena, &t, &app, &env, twin);
    err e = cases[i].run(&t, ret);
    CHECK(!beside.twin);
    db_close(t.db);
    return e;
}

TEST(who_meets_what_his_twin_has_made_gets_the_twins_answer)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer answer = { 0 };
        CHECK_OK(beside_twin(arena, i, cases[i].twin, &answer));
        CHECK(answer.is_replayed);
        CHECK_I64(answer.status, 201);
        CHECK_STR(answer.body, STR("[201]"));
    }
}

TEST(who_meets_what_somebody_else_has_made_is_refused)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer answer = { 0 };
        CHECK(err_is(beside_twin(arena, i, cases[i].no_twin, &answer), cases[i].refused));
        CHECK(err_is(beside_twin(arena, i, cases[i].another, &answer), &FAULT_IDEMPOTENCY_MISMATCH));
    }
}
