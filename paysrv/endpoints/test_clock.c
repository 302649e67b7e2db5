/* /v1/test_clock: a sandbox partner's clock, and setting it forward. */
#include "paysrv/flow/test_clock.h"

#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"

static err clock_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    str document;
    TRY(partner_itself(t, rq));
    TRY(test_clock_read(t, c->partner, &document));
    reply_raw(rs, 200, "application/json", document);
    return OK;
}

const struct route test_clock_read_route = {
    .method = GET,
    .path = "/v1/test_clock",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = clock_read,
    .answer = "TestClock",
    .summary = "How a sandbox partner's clock stands",
};

static const struct param advance_params[] = {
    P_STR(struct clock_wish, to, .need = OPTIONAL, .set = LINE, .min = 1, .max = 40),
    P_STR(struct clock_wish, by, .need = OPTIONAL, .set = LINE, .min = 1, .max = 60),
};

static err clock_advance(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    struct once once;
    struct answer answer;
    TRY(partner_itself(t, rq));
    caller_is_audited(t, rq);
    TRY(once_of(t, rq, false, &once));
    TRY(test_clock_set_out(t, c->partner, rq->in, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct route test_clock_advance_route = {
    .method = POST,
    .path = "/v1/test_clock/advance",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct clock_wish, advance_params),
    .handle = clock_advance,
    .answer = "TestClock",
    .done = "202",
    .summary = "Set a sandbox partner's clock forward; all that is due on the way happens in its order",
};
