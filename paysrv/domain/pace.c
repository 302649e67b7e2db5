/* See webhook_pace.h. */
#include "paysrv/domain/message/webhook_pace.h"

#include "paysrv/domain/message/webhook.h"

/* Answers that take up to this much longer than those of an idle endpoint are not slow yet, and then they are. */
#define QUICK_TIMES 2
#define SLOW_TIMES 4
#define JITTER_US 20000
#define ASKED_MAX_S 300

static int32_t clamp(int32_t v, int32_t low, int32_t high)
{
    return v < low ? low : v > high ? high : v;
}

struct webhook_pace webhook_pace_of(int32_t at_once, int32_t most, int32_t failures, int64_t answer_us)
{
    int32_t limit = clamp(most, 1, WEBHOOK_AT_ONCE_MAX);
    return (struct webhook_pace){
        .at_once = clamp(at_once, 1, limit), .most = limit, .failures = failures, .answer_us = answer_us
    };
}

struct webhook_start webhook_pace_begin(const struct webhook_pace *p, int32_t under_way)
{
    return (struct webhook_start){ .slowed = p->slowed, .is_full = under_way >= p->at_once };
}

static void round_begin(struct webhook_pace *p)
{
    p->round_n = 0;
    p->round_us = 0;
}

static void round_judge(struct webhook_pace *p)
{
    int64_t mean_us = p->round_us / p->round_n;
    if (p->at_once == 1 || p->answer_us == 0 || mean_us < p->answer_us)
        p->answer_us = mean_us > 0 ? mean_us : 1;
    if (mean_us <= QUICK_TIMES * p->answer_us + JITTER_US)
        p->at_once = clamp(p->at_once + 1, 1, p->most);
    else if (mean_us > SLOW_TIMES * p->answer_us + JITTER_US)
        p->at_once = clamp(p->at_once - 1, 1, p->most);
    round_begin(p);
}

void webhook_pace_delivered(struct webhook_pace *p, const struct webhook_start *start, duration took)
{
    if (start->slowed != p->slowed)
        return;
    p->failures = 0;
    if (!start->is_full)
        return;
    p->round_n++;
    p->round_us += took.us;
    if (p->round_n >= p->at_once)
        round_judge(p);
}

duration webhook_pace_failed(struct webhook_pace *p, const struct webhook_start *start, int64_t retry_after_s)
{
    int64_t asked_s = retry_after_s < 0 ? 0 : retry_after_s > ASKED_MAX_S ? ASKED_MAX_S : retry_after_s;
    duration rest = webhook_endpoint_rest(p->failures);
    if (start->slowed == p->slowed) {
        p->slowed++;
        p->failures++;
        rest = webhook_endpoint_rest(p->failures);
        p->at_once = rest.us > 0 ? 1 : clamp(p->at_once / 2, 1, p->most);
        round_begin(p);
    }
    return asked_s * 1000000 > rest.us ? SECONDS(asked_s) : rest;
}
