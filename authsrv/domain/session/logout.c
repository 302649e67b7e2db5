/* See logout.h. */
#include "authsrv/domain/session/logout.h"

#include "shared/text/url.h"

#define FRAME_URL_MAX_BYTES 8192

enum logout_outcome logout_judge(int status)
{
    if (status == 200 || status == 204)
        return LOGOUT_DELIVERED;
    return status == 400 ? LOGOUT_REFUSED : LOGOUT_FAILED;
}

static int64_t doubled(duration first, int times, duration longest)
{
    int64_t us = first.us;
    for (int i = 0; i < times && us < longest.us; i++)
        us *= 2;
    return us < longest.us ? us : longest.us;
}

duration logout_pause(const struct logout_schedule *s, int attempt, unsigned char luck)
{
    int64_t us = doubled(s->first, attempt - 1, s->longest);
    return (duration){ us + us / 10 * luck / 255 };
}

duration logout_rest(const struct logout_schedule *s, int failures)
{
    if (failures < s->breaker_failures)
        return SECONDS(0);
    return (duration){ doubled(s->breaker_rest, failures - (int)s->breaker_failures, s->longest) };
}

str logout_frame_url(struct arena *a, str registered, str issuer, str sid)
{
    struct buf b;
    buf_init(&b, a, FRAME_URL_MAX_BYTES);
    buf_add(&b, registered);
    url_add_query(&b, "iss", issuer);
    url_add_query(&b, "sid", sid);
    return buf_str(&b);
}
