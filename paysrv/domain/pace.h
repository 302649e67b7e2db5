/*
 * How many deliveries an endpoint gets at a time (MONEY 6.D26, docs/decisions/0105-deliveries-at-once.md): one more
 * after each round of answers, half of them after a failure, one and a rest after the next: additive increase,
 * multiplicative decrease (RFC 5681). Whoever answers the more slowly the more he gets has enough, as in TCP Vegas.
 */
#pragma once

#include "shared/base/instant.h"

#define WEBHOOK_AT_ONCE_MAX 64

struct webhook_pace {
    int32_t at_once;   /* so many may be under way, 1 at least */
    int32_t most;      /* what its partner allows: 1 to WEBHOOK_AT_ONCE_MAX */
    int32_t failures;  /* in a row: those that were under way together are one */
    int64_t answer_us; /* how long an answer takes when the endpoint is not busy; 0: not known yet */
    int32_t round_n;   /* answers of this round, and what they took together */
    int64_t round_us;
    int32_t slowed; /* how often there was a failure: what began before says nothing new */
};

/* What is known of a delivery when it begins. */
struct webhook_start {
    int32_t slowed;
    bool is_full; /* as many as may be are under way with it: only then its answer tells whether more can be */
};

/* As it was kept when the endpoint was served last. */
struct webhook_pace webhook_pace_of(int32_t at_once, int32_t most, int32_t failures, int64_t answer_us);
/* under_way: with the one that begins. */
struct webhook_start webhook_pace_begin(const struct webhook_pace *p, int32_t under_way);
void webhook_pace_delivered(struct webhook_pace *p, const struct webhook_start *start, duration took);
/* How long the endpoint rests now; 0: it goes on, more slowly. retry_after_s as webhook_pause takes it. */
duration webhook_pace_failed(struct webhook_pace *p, const struct webhook_start *start, int64_t retry_after_s);
