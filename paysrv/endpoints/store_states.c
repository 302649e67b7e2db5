/* POST /v1/stores/{store}/activate, suspend, close: a store begins, stops and ends to sell. domain/stores/store.h says
 * who may. */
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store_request.h"
#include "shared/crypto/crypto.h"

struct state_in {
    str reason;
};

static const struct param state_params[] = {
    P_STR(struct state_in, reason, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200, .in_characters = true),
};

/* A request that is made again is answered again, though the store is in its new state by then. */
static err change(struct task *t, const struct request *rq, struct response *rs, enum store_status to)
{
    const struct state_in *in = rq->in;
    const struct store_find_row *row;
    struct once once;
    struct answer answer;
    bool found = false;
    TRY(once_of(t, rq, false, &once));
    TRY(store_load(t, rq, &row));
    struct store_change c = { .partner = caller_of(rq)->partner,
                              .row = *row,
                              .to = to,
                              .by = store_actor_of(rq),
                              .by_name = caller_actor(caller_of(rq)),
                              .reason = in->reason,
                              .event = { random_id(t->arena, "evt_") } };
    TRY(once_stored(t, c.partner, &once, &found, &answer));
    if (!found) {
        TRY(store_change_judge(t, &c));
        TRY(once_run(t, c.partner, &once, c.event.v, store_change_effect, &c, &answer));
        store_changed(t, c.partner, row->store_id);
    }
    answer_send(rs, &answer);
    return OK;
}

static err activate(struct task *t, const struct request *rq, struct response *rs)
{
    return change(t, rq, rs, STORE_ACTIVE);
}

static err suspend(struct task *t, const struct request *rq, struct response *rs)
{
    return change(t, rq, rs, STORE_SUSPENDED);
}

static err close(struct task *t, const struct request *rq, struct response *rs)
{
    return change(t, rq, rs, STORE_CLOSED);
}

#define STATE_ROUTE                                                                                                    \
    .method = POST, .guard = &GUARD_STORES, .body = BODY_JSON, .run = RUN_WORKER, .errors = ERRORS_PROBLEM,            \
    .no_store = true, INPUT(struct state_in, state_params), .answer = "Store"

const struct route store_activate_route = { STATE_ROUTE, .path = "/v1/stores/{store}/activate", .handle = activate,
                                            .summary = "Let a store sell, or ask for its review" };
const struct route store_suspend_route = { STATE_ROUTE, .path = "/v1/stores/{store}/suspend", .handle = suspend,
                                           .summary = "Stop a store from selling; refunds and payouts go on" };
const struct route store_close_route = { STATE_ROUTE, .path = "/v1/stores/{store}/close", .handle = close,
                                         .summary = "Close a store for good; what was sold before goes on" };
