/* /v1/store_connections: a store of another partner's comes to the caller's, when its owner agrees. */
#include "paysrv/faults.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/stores/store_connection.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/store_connection.sql.h"

struct connection_in {
    str store, user;
};

static const struct param connection_params[] = {
    P_STR(struct connection_in, store, .need = REQUIRED, .set = ID, .min = 1, .max = 40),
    P_STR(struct connection_in, user, .need = REQUIRED, .set = ID, .min = 1, .max = 64),
};

static err connection_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct connection_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct user_find_row *user;
    struct once once;
    struct answer answer;
    bool found = false;
    TRY(once_of(t, rq, true, &once)); /* it sends a mail */
    TRY(partner_itself(t, rq));
    TRY(once_stored(t, c->partner, &once, &found, &answer));
    if (!found) {
        TRY(party_user(t, c, in->user, &user));
        TRY(party_is_active(t, user));
        TRY(store_connection_begin(t, c, user, in->store, &once, &answer));
    }
    answer_send(rs, &answer);
    return OK;
}

static err connection_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_connection_find_row *row;
    TRY(partner_itself(t, rq));
    TRY(store_connection_find(t, caller_of(rq)->partner, request_path_param(rq, "connection"), &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such connection of this partner");
    store_connection_write(reply_json(rs, 200), row);
    return OK;
}

#define CONNECTION_ROUTE                                                                                               \
    .guard = &GUARD_STORES, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true, .answer = "StoreConnection"

const struct route store_connection_create_route = { CONNECTION_ROUTE,
                                                     .method = POST,
                                                     .path = "/v1/store_connections",
                                                     .body = BODY_JSON,
                                                     INPUT(struct connection_in, connection_params),
                                                     .needs_key = true,
                                                     .handle = connection_create,
                                                     .done = "202",
                                                     .summary = "Ask a store's owner to come with it to this partner" };
const struct route store_connection_read_route = { CONNECTION_ROUTE,
                                                   .method = GET,
                                                   .path = "/v1/store_connections/{connection}",
                                                   .body = BODY_NONE,
                                                   .handle = connection_read,
                                                   .summary = "Read what became of a store's way to this partner" };
