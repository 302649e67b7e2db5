/* See play.h. */
#include "tests/sim/play.h"

#include "tests/sim/limits.h"
#include "tests/sim/network.h"
#include "tests/sim/terms.h"

#define RATE 120 /* per mille */
#define DECLINES 60
#define TROUBLE 8

void play_roughen(void)
{
    network_rates(RATE);
    network_declines(DECLINES);
    sim_trouble(TROUBLE);
}

void play_ask(struct play *p, struct call *c)
{
    if (p->n_calls == CALLS_MAX || !sim_has_room())
        return;
    p->calls[p->n_calls++] = c;
    call_begin(c);
}

void play_payout(struct play *p)
{
    play_ask(p, terms_payout_ask(terms_part(900)));
}

/* Asked for and confirmed with the code of the mail, whatever else goes on. */
void play_payout_at_once(struct play *p)
{
    struct call *asked = terms_payout_ask(terms_part(700));
    if (p->n_calls == CALLS_MAX)
        return;
    p->calls[p->n_calls++] = asked;
    call_finish(asked);
    if (asked->status == 201 && str_given(asked->mailed))
        play_ask(p, payout_confirm_ask(asked));
}

/* Some at one moment, each with its code: together they may be more than any of them. */
void play_payouts_at_once(struct play *p)
{
    for (size_t n = 2 + sim_draw(3); n > 0; n--)
        play_payout_at_once(p);
}

/* The same when a day ends, or a month. */
void play_midnight(struct play *p)
{
    if (!limits_are_agreed() || sim_draw(2))
        return;
    limits_wait_for_the_end(SECONDS(1 + (int64_t)sim_draw(3)));
    play_roughen();
    play_payouts_at_once(p);
    sim_pass(SECONDS(1 + (int64_t)sim_draw(4)));
    play_payouts_at_once(p);
}

void play_for_what_is_left(struct play *p)
{
    (void)p;
    limits_are_asked_for();
}

void play_payout_list(struct play *p)
{
    play_ask(p, payout_list_ask(1 + sim_draw(3)));
}

const struct call *play_schedule_of(const struct play *p)
{
    const struct call *made = NULL;
    for (size_t i = 0; i < p->n_calls; i++)
        if (p->calls[i]->status == 201 && str_eq(p->calls[i]->path, STR("/v1/payout_schedules")))
            made = p->calls[i];
    return made;
}

/* Every day at an hour; one that is confirmed (payout_confirm) may rest, go on, and end. */
void play_schedule(struct play *p)
{
    static const char *const acts[] = { "pause", "resume", "resume", "end" };
    const struct call *made = play_schedule_of(p);
    if (!made || sim_draw(3) == 0) {
        play_ask(p, schedule_ask(sim_draw(SELLER_REQUISITES)));
        return;
    }
    str path = arena_printf(sim_memory(), "%.*s/%.*s/%s", STR_ARG(made->path), STR_ARG(call_member(made, "id")),
                            acts[sim_draw(sizeof acts / sizeof acts[0])]);
    play_ask(p, call_make(arena_cstr(sim_memory(), path), NULL));
}

/* Any request for payouts that was answered: also one that is confirmed or gone. */
void play_payout_confirm(struct play *p)
{
    size_t first = p->n_calls ? sim_draw(p->n_calls) : 0;
    for (size_t i = 0; i < p->n_calls; i++) {
        const struct call *c = p->calls[(first + i) % p->n_calls];
        if (c->status == 201 && str_given(c->mailed)) {
            play_ask(p, payout_confirm_ask(c));
            return;
        }
    }
}
