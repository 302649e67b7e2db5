/* See test_clock.h. */
#include "paysrv/flow/test_clock.h"

#include "paysrv/app.h"
#include "paysrv/domain/test_clock.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/store/test_clock.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/text/json_out.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 1024

SHAPE(test_clock, "TestClock",
      "object: 'test_clock', partner: string, livemode: boolean, status: 'ready' | 'advancing', now: "
      "time, advancing_to: time | null")

str test_clock_document(struct task *t, partner_id partner, instant now, const instant *target)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "object", STR("test_clock"));
    json_str(&j, "partner", partner.v);
    json_bool(&j, "livemode", false);
    json_str(&j, "status", target ? STR("advancing") : STR("ready"));
    json_time(&j, "now", now);
    if (target)
        json_time(&j, "advancing_to", *target);
    else
        json_null(&j, "advancing_to");
    json_end(&j);
    return buf_str(&out);
}

static err clock_load(struct task *t, partner_id partner, const struct test_clock_find_row **ret)
{
    TRY(test_clock_find(t, partner, ret));
    return *ret ? OK
                : FAIL_PARAM(t, LIVE_PARTNER, STR("partner"),
                             arena_printf(t->arena, "%.*s is no sandbox partner", STR_ARG(partner.v)));
}

static instant now_of(instant wall, const struct test_clock_find_row *c)
{
    return c->stands_at_given ? c->stands_at : instant_add(wall, (duration){ c->ahead_us });
}

err test_clock_read(struct task *t, partner_id partner, str *document)
{
    const struct test_clock_find_row *c;
    TRY(clock_load(t, partner, &c));
    /* Not by the wall clock of the request's begin: the clock may have arrived since, and would not have come to its
     * target. */
    *document = test_clock_document(t, partner, now_of(((const struct app *)t->app)->env->now(), c),
                                    c->target_given ? &c->target : NULL);
    return OK;
}

/* ---- setting out ---- */

static err target_read(struct task *t, const struct clock_wish *wish, instant now, instant *ret)
{
    struct calendar_duration by;
    if (str_given(wish->to) == str_given(wish->by))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), STR("say either to or by"));
    if (str_given(wish->to) && !instant_parse(wish->to, ret))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), STR("a time in UTC: 2027-01-31T09:00:00Z"));
    if (str_given(wish->by) && !calendar_duration_parse(wish->by, &by))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("by"), STR("an ISO 8601 duration: P1M, P32D, PT12H"));
    if (str_given(wish->by))
        *ret = calendar_duration_add(now, &by);
    enum advance_verdict verdict = advance_judge(now, *ret, task_wall(t));
    str param = str_given(wish->to) ? STR("to") : STR("by");
    return verdict == ADVANCE_GOOD ? OK : FAIL_PARAM(t, INVALID_PARAMETER, param, advance_verdict_name(verdict));
}

struct setting_out {
    partner_id partner;
    const struct clock_wish *wish;
};

static err advancing(struct task *t, const struct test_clock_find_row *c)
{
    struct failure *f = FAIL_PARAM(
        t, TEST_CLOCK_ADVANCING, STR("test_clock"),
        c->target_given ? arena_printf(t->arena, "it is on its way to %.*s", STR_ARG(instant_iso(t->arena, c->target)))
                        : STR("another request set it forward"));
    f->retry_after_s = 1;
    return f;
}

static err set_out_effect(struct task *t, void *context, struct answer *ret)
{
    const struct setting_out *s = context;
    const struct test_clock_find_row *c;
    const struct test_clock_advance_row *moved;
    instant now, target;
    TRY(clock_load(t, s->partner, &c));
    if (c->stands_at_given)
        return advancing(t, c);
    now = now_of(task_wall(t), c);
    TRY(target_read(t, s->wish, now, &target));
    TRY(test_clock_advance(t, target, s->partner, &moved));
    if (!moved)
        return advancing(t, c);
    *ret = (struct answer){ .status = 202, .body = test_clock_document(t, s->partner, now, &target) };
    log_info(t, "test_clock.advance", L_STR("partner", s->partner.v), L_STR("to", instant_iso(t->arena, target)));
    return OK;
}

err test_clock_set_out(struct task *t, partner_id partner, const struct clock_wish *wish, const struct once *once,
                       struct answer *ret)
{
    struct setting_out s = { partner, wish };
    if (once)
        TRY(once_run(t, partner, once, random_id(t->arena, "clk_"), set_out_effect, &s, ret));
    else
        TRY(set_out_effect(t, &s, ret));
    clock_wake(t, "clocks.run");
    return OK;
}
