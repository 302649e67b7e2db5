/*
 * How many calls somebody gets at a time: an endpoint of a partner's, the acquirer
 * (docs/decisions/0105-deliveries-at-once.md). One more after each round of answers, half of them after a failure, one
 * after the next: additive increase, multiplicative decrease (RFC 5681). Whoever answers the more slowly the more he
 * gets has enough, as in TCP Vegas.
 */
#pragma once

#include "shared/base/instant.h"

#define PACE_MOST 1024

struct pace {
    int32_t at_once;   /* so many may be under way, 1 at least */
    int32_t most;      /* and so many at most, 1 to PACE_MOST */
    int32_t failures;  /* in a row: those that were under way together are one */
    int64_t answer_us; /* how long an answer takes when he is not busy; 0: not known yet */
    int32_t round_n;   /* answers of this round, and what they took together */
    int64_t round_us;
    int32_t slowed; /* how often there was a failure: what began before says nothing new */
};

/* What is known of a call when it begins. */
struct pace_start {
    int32_t slowed;
    bool is_full; /* as many as may be are under way with it: only then its answer tells whether more can be */
};

/* As it was kept when he was called last. */
struct pace pace_of(int32_t at_once, int32_t most, int32_t failures, int64_t answer_us);
/* under_way: with the one that begins. */
struct pace_start pace_begin(const struct pace *p, int32_t under_way);
void pace_answered(struct pace *p, const struct pace_start *start, duration took);
void pace_failed(struct pace *p, const struct pace_start *start);
