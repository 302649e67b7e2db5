/* POST /v1/stores/{store}/accept: what a store's new payments may be paid by. */
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store_request.h"
#include "shared/crypto/crypto.h"

struct methods_in {
    const struct json_value *methods;
};

static const struct param methods_params[] = {
    P_VALUE(struct methods_in, methods, .need = OPTIONAL, .type = METHODS_TYPE),
};

struct changing {
    partner_id partner;
    event_id event; /* also the name of this change */
    struct store_find_row row;
};

static err change_effect(struct task *t, void *context, struct answer *ret)
{
    const struct changing *changing = context;
    int64_t n;
    TRY(store_methods_set(t, changing->row.methods, changing->partner, changing->row.store_id, &n));
    *ret = (struct answer){ .status = 200, .body = store_document(t, &changing->row) };
    return event_insert(t, changing->event, changing->partner, STR("store.updated"), changing->row.store_id.v,
                        ret->body, &n);
}

/* Payments that were made keep what they were made under. */
static err methods_change(struct task *t, const struct request *rq, struct response *rs)
{
    const struct methods_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct store_find_row *row;
    struct once once;
    struct answer answer;
    TRY(store_load(t, rq, &row));
    struct changing changing = { .partner = c->partner, .event = { random_id(t->arena, "evt_") }, .row = *row };
    TRY(methods_read(t, in->methods, &changing.row.methods));
    TRY(once_of(t, rq, false, &once));
    TRY(once_run(t, c->partner, &once, changing.event.v, change_effect, &changing, &answer));
    store_changed(t, c->partner, row->store_id);
    answer_send(rs, &answer);
    return OK;
}

const struct route store_methods_route = {
    .method = POST,
    .path = "/v1/stores/{store}/accept",
    .guard = &GUARD_STORES,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct methods_in, methods_params),
    .handle = methods_change,
    .answer = "Store",
    .summary = "Say what a store's new payments may be paid by",
};
