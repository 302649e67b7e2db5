/* See pace.h. */
#include "paysrv/domain/pace.h"

/* Answers that take up to this much longer than those of an idle one are not slow yet, and then they are. */
#define QUICK_TIMES 2
#define SLOW_TIMES 4
#define JITTER_US 20000
/* Answers of a round at least: of fewer the mean says little where they differ. */
#define ROUND_LEAST 4
/* What is known of the idle one follows what is quicker soon, and what is a little slower hardly: a round that was
 * quick by chance is forgotten, and who becomes slower by what he gets does not pull it after him. */
#define FALL 4
#define RISE 16

static int32_t clamp(int32_t v, int32_t low, int32_t high)
{
    return v < low ? low : v > high ? high : v;
}

struct pace pace_of(int32_t at_once, int32_t most, int32_t failures, int64_t answer_us)
{
    int32_t limit = clamp(most, 1, PACE_MOST);
    return (struct pace){
        .at_once = clamp(at_once, 1, limit), .most = limit, .failures = failures, .answer_us = answer_us
    };
}

struct pace_start pace_begin(const struct pace *p, int32_t under_way)
{
    return (struct pace_start){ .slowed = p->slowed, .is_full = under_way >= p->at_once };
}

static void round_begin(struct pace *p)
{
    p->round_n = 0;
    p->round_us = 0;
}

static void round_judge(struct pace *p)
{
    int64_t mean_us = p->round_us / p->round_n;
    bool is_quick = mean_us <= QUICK_TIMES * p->answer_us + JITTER_US;
    if (p->at_once == 1 || p->answer_us == 0)
        p->answer_us = mean_us > 0 ? mean_us : 1;
    else if (is_quick)
        p->answer_us += (mean_us - p->answer_us) / (mean_us < p->answer_us ? FALL : RISE);
    if (is_quick || p->at_once == 1)
        p->at_once = clamp(p->at_once + 1, 1, p->most);
    else if (mean_us > SLOW_TIMES * p->answer_us + JITTER_US)
        p->at_once = clamp(p->at_once - 1, 1, p->most);
    round_begin(p);
}

void pace_answered(struct pace *p, const struct pace_start *start, duration took)
{
    if (start->slowed != p->slowed)
        return;
    p->failures = 0;
    if (!start->is_full)
        return;
    p->round_n++;
    p->round_us += took.us;
    if (p->round_n >= p->at_once && p->round_n >= ROUND_LEAST)
        round_judge(p);
}

void pace_failed(struct pace *p, const struct pace_start *start)
{
    if (start->slowed != p->slowed)
        return;
    p->slowed++;
    p->failures++;
    p->at_once = p->failures > 1 ? 1 : clamp(p->at_once / 2, 1, p->most);
    round_begin(p);
}
