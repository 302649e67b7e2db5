/* See webhook.h. */
#include "paysrv/domain/message/webhook.h"

#define DAY_S (24 * 3600)
#define REST_ASKED_MAX_S 300

static const int64_t pauses_s[WEBHOOK_TRIES - 1] = { 5,         5 * 60,    30 * 60,   2 * 3600, 5 * 3600,
                                                     10 * 3600, 14 * 3600, 20 * 3600, DAY_S };

enum webhook_outcome webhook_judge(int status, int attempt)
{
    if (status >= 200 && status < 300)
        return WEBHOOK_DELIVERED;
    if (status == 410)
        return WEBHOOK_GONE;
    return attempt < WEBHOOK_TRIES ? WEBHOOK_TRY_AGAIN : WEBHOOK_GIVEN_UP;
}

duration webhook_pause(int attempt, unsigned char luck, int64_t retry_after_s)
{
    int index = attempt < 1 ? 0 : attempt > WEBHOOK_TRIES - 1 ? WEBHOOK_TRIES - 2 : attempt - 1;
    int64_t us = pauses_s[index] * 1000000;
    us += us / 10 * luck / 255;
    int64_t asked_s = retry_after_s > DAY_S ? DAY_S : retry_after_s;
    int64_t asked_us = asked_s > 0 ? asked_s * 1000000 : 0;
    return (duration){ asked_us > us ? asked_us : us };
}

duration webhook_endpoint_rest(int failures, int64_t retry_after_s)
{
    int64_t asked_s = retry_after_s > REST_ASKED_MAX_S ? REST_ASKED_MAX_S : retry_after_s;
    int64_t rest_s = failures < 2 ? 0 : failures < 4 ? 5 : failures < 10 ? 30 : 300;
    return SECONDS(asked_s > rest_s ? asked_s : rest_s);
}

str webhook_counted(struct arena *a, int64_t n)
{
    return n < WEBHOOK_COUNT_MOST ? arena_printf(a, "%lld", (long long)n)
                                  : arena_printf(a, "more than %d", WEBHOOK_COUNT_MOST - 1);
}
