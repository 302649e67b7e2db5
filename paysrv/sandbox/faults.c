/* GET, PUT, DELETE /v1/faults, and the drawing itself. */
#include "paysrv/sandbox/sandbox.h"

FAULTS_DEFINE(SANDBOX_FAULTS)

struct faults_in {
    int64_t seed;
    const struct fault_rates *rates;
};

#define FAULT_RATE_PARAM(name) P_I64(struct fault_rates, name, .need = OPTIONAL, .low = 0, .high = 1000),
static const struct param rate_params[] = { CALL_FAULTS(FAULT_RATE_PARAM) NOTIFICATION_FAULTS(FAULT_RATE_PARAM) };
static const struct param faults_params[] = {
    P_I64(struct faults_in, seed, .need = REQUIRED, .low = 0, .high = INT64_C(9007199254740991)),
    P_OBJECT(struct faults_in, rates, struct fault_rates, rate_params, .need = REQUIRED),
};

/* splitmix64 */
static uint64_t draw(struct fault_plan *p)
{
    uint64_t z = p->state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

enum call_fate fault_draw_call(struct fault_plan *p)
{
    if (!p->on)
        return CALL_SOUND;
    int64_t u = (int64_t)(draw(p) % 1000);
    const struct fault_rates *r = &p->rates;
    if ((u -= r->timeout) < 0)
        return CALL_TIMES_OUT;
    if ((u -= r->error_before) < 0)
        return CALL_ERROR_BEFORE;
    if ((u -= r->error_after) < 0)
        return CALL_ERROR_AFTER;
    if ((u -= r->reset) < 0)
        return draw(p) % 2 ? CALL_RESET_AFTER : CALL_RESET_BEFORE;
    if ((u -= r->garbage) < 0)
        return CALL_GARBAGE;
    return u - r->slow < 0 ? CALL_SLOW : CALL_SOUND;
}

enum notification_fate fault_draw_notification(struct fault_plan *p)
{
    if (!p->on)
        return NOTIFY_ONCE;
    int64_t u = (int64_t)(draw(p) % 1000);
    if ((u -= p->rates.duplicate_notification) < 0)
        return NOTIFY_TWICE;
    if ((u -= p->rates.late_notification) < 0)
        return NOTIFY_LATE;
    return u - p->rates.lost_notification < 0 ? NOTIFY_NEVER : NOTIFY_ONCE;
}

int64_t fault_draw_slow_ms(struct fault_plan *p)
{
    return 300 + (int64_t)(draw(p) % 1200);
}

bool call_is_executed(enum call_fate fate)
{
    return fate != CALL_ERROR_BEFORE && fate != CALL_RESET_BEFORE;
}

static void plan_reply(const struct fault_plan *p, struct response *rs)
{
    struct json *j = reply_json(rs, 200);
    json_bool(j, "on", p->on);
    json_i64(j, "seed", p->seed);
    json_object(j, "rates");
#define FAULT_RATE_WRITE(name) json_i64(j, #name, p->rates.name);
    CALL_FAULTS(FAULT_RATE_WRITE)
    NOTIFICATION_FAULTS(FAULT_RATE_WRITE)
    json_close(j);
}

static err faults_show(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    struct app *app = sandbox_enter(t);
    plan_reply(&app->faults, rs);
    sandbox_leave(app);
    return OK;
}

static err faults_set(struct task *t, const struct request *rq, struct response *rs)
{
    const struct faults_in *in = rq->in;
    int64_t calls = 0, notifications = 0;
#define FAULT_RATE_SUM_CALL(name) calls += in->rates->name;
#define FAULT_RATE_SUM_NOTIFICATION(name) notifications += in->rates->name;
    CALL_FAULTS(FAULT_RATE_SUM_CALL)
    NOTIFICATION_FAULTS(FAULT_RATE_SUM_NOTIFICATION)
    if (calls > 1000 || notifications > 1000)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("rates"),
                          STR("must sum to at most 1000 for calls and notifications"));
    struct app *app = sandbox_enter(t);
    app->faults = (struct fault_plan){ .on = true, .state = (uint64_t)in->seed, .seed = in->seed, .rates = *in->rates };
    plan_reply(&app->faults, rs);
    sandbox_leave(app);
    return OK;
}

static err faults_stop(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    struct app *app = sandbox_enter(t);
    app->faults = (struct fault_plan){ .on = false };
    sandbox_leave(app);
    reply_empty(rs, 204);
    return OK;
}

#define FAULTS_ROUTE .path = "/v1/faults", .guard = &GUARD_MERCHANT, .run = RUN_INLINE, .errors = ERRORS_PROBLEM
const struct route faults_get_route = { FAULTS_ROUTE, .method = GET, .body = BODY_NONE, .handle = faults_show,
                                        .summary = "The faults that are on." };
const struct route faults_put_route = { FAULTS_ROUTE,         .method = PUT,
                                        .body = BODY_JSON,    INPUT(struct faults_in, faults_params),
                                        .handle = faults_set, .summary = "Turns seeded faults on." };
const struct route faults_end_route = { FAULTS_ROUTE, .method = DELETE, .body = BODY_NONE, .handle = faults_stop,
                                        .summary = "Turns faults off." };
