/* See limit.h. */
#include "authsrv/flow/limit.h"

#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "shared/cache/cache.h"

err limit_take(struct task *t, str key, int per_minute, int burst, const char *what)
{
    int retry_after_s;
    if (!app_of(t)->config.rate_limits || cache_allow(t, key, per_minute, burst, &retry_after_s))
        return OK;
    struct failure *f = FAIL(t, TOO_MANY_REQUESTS, "%s", what);
    f->retry_after_s = retry_after_s;
    return f;
}
