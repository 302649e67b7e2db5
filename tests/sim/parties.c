/* See parties.h. */
#include "tests/sim/parties.h"

#include "paysrv/flow/access/partner_standing.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"

#define LEAVERS_MAX 4
#define ROUNDS 3

static struct {
    str users[LEAVERS_MAX]; /* who has left, and the last entry before */
    int64_t entries[LEAVERS_MAX];
    size_t n;
    str new_partner; /* absent: no store has moved */
} gone;

void parties_begin(void)
{
    gone.n = 0;
    gone.new_partner = STR_NONE;
}

static int64_t last_entry(void)
{
    QUESTION(sim_last_entry, "select coalesce(max(entry_id), 0) from entry");
    return question_ask(sim_outside(), &sim_last_entry);
}

static struct call *post(const char *path, str of, const char *step, const char *body)
{
    str to = arena_printf(sim_memory(), "%s%.*s%s", path, STR_ARG(of), step);
    struct call *c = call_make(arena_cstr(sim_memory(), to), body);
    call_finish(c);
    return c;
}

/* ---- a partner that is suspended ---- */

static void suspended(str reason)
{
    CHECK_OK(partner_suspension_set(sim_outside(), (partner_id){ client_seller()->partner }, reason));
    client_is_guarded(str_given(reason));
}

/* Set out since: money that somebody is asked for, and that goes to somebody. */
static int64_t set_out(int64_t since_us)
{
    QUESTION_ABOUT(
        sim_set_out,
        "select (select count(*) from acquirer_call where op in ('charge', 'authorize', 'payout')"
        "           and partner_id = split_part($1, ' ', 1)"
        "           and created_at > 'epoch'::timestamptz + split_part($1, ' ', 2)::bigint * interval '1 us')"
        "     + (select count(*) from payout where partner_id = split_part($1, ' ', 1)"
        "           and sent_at > 'epoch'::timestamptz + split_part($1, ' ', 2)::bigint * interval '1 us')");
    return question_about(
        sim_outside(), &sim_set_out,
        arena_printf(sim_memory(), "%.*s %lld", STR_ARG(client_seller()->partner), (long long)since_us));
}

void parties_suspend(void)
{
    sim_run();
    suspended(STR("to be looked at"));
    const int64_t since_us = sim_now().us;
    struct call *refused = payment_ask("");
    call_finish(refused);
    CHECK_I64(refused->status, 403);
    for (int i = 0; i < ROUNDS; i++) {
        life_goes_on();
        if (sim_draw(2))
            buyer_answers(sim_draw(2));
        if (!bank_is_quiet())
            bank_day_ends();
        sim_pass(HOURS((int64_t)sim_draw(20)));
    }
    life_goes_on();
    if (set_out(since_us))
        test_fail(__FILE__, __LINE__, "a suspended partner sets out to take or to pay");
    suspended(STR_NONE);
}

/* ---- a user who leaves ---- */

void parties_leave(str user)
{
    if (gone.n == LEAVERS_MAX)
        return;
    const struct call *left = post("/v1/users/", user, "/close", "{}");
    sim_note("leaves", left->status);
    if (left->status != 200)
        return;
    gone.users[gone.n] = user;
    gone.entries[gone.n++] = last_entry();
    CHECK_I64(post("/v1/users/", user, "/erase", "{}")->status, 200);
}

static void nothing_is_sold_for(str user, int64_t since)
{
    QUESTION_ABOUT(sim_sold_for_the_gone,
                   "select count(*) from posting q join entry e using (entry_id) join account a using (account_id)"
                   " where a.user_id = split_part($1, ' ', 1) and a.kind = 'seller'"
                   "   and e.entry_id > split_part($1, ' ', 2)::bigint and e.kind in ('charge', 'capture')");
    str about = arena_printf(sim_memory(), "%.*s %lld", STR_ARG(user), (long long)since);
    const int64_t n = question_about(sim_outside(), &sim_sold_for_the_gone, about);
    if (n)
        test_fail(__FILE__, __LINE__, "%.*s has left, and %lld sales give to him", STR_ARG(user), (long long)n);
}

/* ---- a store that moves ---- */

void parties_store_moves(void)
{
    sim_run();
    client_as(TOKEN_OF_ANOTHER_PARTNER);
    gone.new_partner = arena_printf(sim_memory(), "new%d", sim_number());
    str body = arena_printf(sim_memory(), "{\"store\":\"%.*s\",\"user\":\"usr_new%dp\"}",
                            STR_ARG(client_seller()->store), sim_number());
    struct call *asked = post("/v1/store_connections", STR(""), "", arena_cstr(sim_memory(), body));
    CHECK_I64(asked->status, 202);
    str confirmation = call_inner(asked, "confirmation", "id");
    body = arena_printf(sim_memory(), "{\"code\":\"%.*s\"}", STR_ARG(asked->mailed));
    const struct call *agreed = post("/v1/confirmations/", confirmation, "/confirm", arena_cstr(sim_memory(), body));
    sim_note("moves", agreed->status);
    CHECK_I64(agreed->status, 200);
    client_as(TOKEN_OF_PARTNER);
}

/* History stays: of what was begun at the old one nothing is in the books of the new one. */
static void nothing_went_along(void)
{
    QUESTION_ABOUT(sim_went_along,
                   "select (select count(*) from posting q join account a using (account_id) where a.partner_id = $1)"
                   "     + (select count(*) from entry where partner_id = $1)"
                   "     + (select count(*) from payment where partner_id = $1)");
    CHECK_I64(question_about(sim_outside(), &sim_went_along, gone.new_partner), 0);
}

void parties_judge(void)
{
    for (size_t i = 0; i < gone.n; i++)
        nothing_is_sold_for(gone.users[i], gone.entries[i]);
    if (str_given(gone.new_partner))
        nothing_went_along();
}
