/* GET /healthz and /readyz: whether the process runs, and whether it can work (database, Redis, keys). */
#include "authsrv/faults.h"
#include "authsrv/readiness.h"
#include "authsrv/routes.h"

static err healthz(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    (void)rq;
    json_str(reply_json(rs, 200), "status", STR("ok"));
    return OK;
}

static err readyz(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    bool usable[READINESS_MAX], all = true;
    for (size_t i = 0; i < readiness_parts_n; i++) {
        usable[i] = readiness_parts[i].usable(t);
        all = all && usable[i];
    }
    struct json *j = reply_json(rs, all ? 200 : 503);
    json_str(j, "status", all ? STR("ready") : STR("unavailable"));
    if (all)
        return OK;
    json_array(j, "failing");
    for (size_t i = 0; i < readiness_parts_n; i++)
        if (!usable[i])
            json_str(j, NULL, str_of(readiness_parts[i].part));
    json_close(j);
    return OK;
}

const struct route healthz_route = {
    .method = GET,
    .path = "/healthz",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .ignore_unknown = true,
    .handle = healthz,
    .summary = "The process is up",
};

const struct route readyz_route = {
    .method = GET,
    .path = "/readyz",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .ignore_unknown = true,
    .handle = readyz,
    .summary = "Database, Redis and keys are usable",
};
