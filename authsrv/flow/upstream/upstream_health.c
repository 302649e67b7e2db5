/* See upstream_health.h. */
#include "authsrv/flow/upstream/upstream_health.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/store/partner.sql.h"
#include "shared/ops/log.h"

#define WHY_MAX_BYTES 200
#define PROBE_S 15 /* as long as one log-in may wait for the partner's documents and its token endpoint */
#define LONGEST_REST_S 600

static int64_t rest_s(struct task *t)
{
    return app_of(t)->config.partner_breaker_rest.us / 1000000;
}

err upstream_may_ask(struct task *t, const struct upstream *up)
{
    const struct partner_try_row *row;
    TRY(partner_try(t, up->row->slug, PROBE_S, app_of(t)->config.partner_breaker_failures, &row));
    if (row && !row->may) {
        count_upstream(t, UPSTREAM_RESTED);
        return FAIL(t, PARTNER_FAILED, "%.*s rests after failures", STR_ARG(up->row->slug));
    }
    return OK;
}

err upstream_rests(struct task *t, const struct upstream *up, bool *ret)
{
    const struct partner_rests_row *row;
    TRY(partner_rests(t, up->row->slug, app_of(t)->config.partner_breaker_failures, &row));
    *ret = row->rests;
    return OK;
}

err upstream_trouble(struct task *t, const struct upstream *up, str why)
{
    const struct partner_failed_row *row;
    if (why.n > WHY_MAX_BYTES)
        why.n = WHY_MAX_BYTES;
    count_upstream(t, UPSTREAM_TROUBLE);
    TRY(partner_failed(t, up->row->slug, why, app_of(t)->config.partner_breaker_failures, rest_s(t), LONGEST_REST_S,
                       &row));
    if (row && row->rests)
        log_error(t, "upstream.rests", L_STR("partner", up->row->slug), L_I64("failures", row->failures));
    return FAIL(t, PARTNER_FAILED, "%.*s: %.*s", STR_ARG(up->row->slug), STR_ARG(why));
}

err upstream_is_well(struct task *t, const struct upstream *up)
{
    int64_t n;
    count_upstream(t, UPSTREAM_WELL);
    TRY(partner_recovered(t, up->row->slug, &n));
    if (n > 0)
        log_info(t, "upstream.recovered", L_STR("partner", up->row->slug));
    return OK;
}
