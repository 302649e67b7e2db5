/* What is asked for in a random world, and how rough it is. Partners pay out: play_payouts.c. */
#pragma once

#include "tests/sim/client.h"

#define PAYMENTS_MAX 16
#define CALLS_MAX 200

struct play {
    str payments[PAYMENTS_MAX];
    size_t n_payments;
    struct call *calls[CALLS_MAX];
    size_t n_calls;
    str subscription; /* absent: nobody has one here */
};

/* Begins, and is answered some time. */
void play_ask(struct play *p, struct call *c);
/* From now on orders get lost, statements fail. */
void play_roughen(void);

void play_payout(struct play *p);
void play_payout_at_once(struct play *p);
void play_payouts_at_once(struct play *p);
void play_payout_list(struct play *p);
void play_payout_confirm(struct play *p);
void play_schedule(struct play *p);
const struct call *play_schedule_of(const struct play *p); /* the newest; NULL: none */
void play_midnight(struct play *p);
void play_for_what_is_left(struct play *p);
