/* /v1/stores/{store}/domains: the hosts of a store, which it shows to be its own by a file. */
#include "paysrv/faults.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/stores/store_domain.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/store_domain.sql.h"
#include "paysrv/store_request.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/text/host.h"

#define PAUSE_S 5 /* between two looks at a host */

static err reply(struct task *t, struct response *rs, int status, store_id store, str host)
{
    const struct store_domain_find_row *row;
    TRY(store_domain_find(t, store, host, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such domain of this store");
    store_domain_write(t, reply_json(rs, status), store, row);
    return OK;
}

static err host_read(struct task *t, str text, str *ret)
{
    if (host_normal(t->arena, text, ret))
        return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("host"),
                      STR("must be the name of a host such as shop.example, without scheme, port or path; no address"));
}

/* ---- add ---- */

struct domain_in {
    str host;
};

static const struct param domain_params[] = {
    P_STR(struct domain_in, host, .need = REQUIRED, .set = LINE, .min = 1, .max = 400),
};

struct domain_new {
    partner_id partner;
    store_id store;
    str host, proof;
};

/* At most so many, so in a transaction: two statements at one moment would both count what was there before. */
static err add_in_tx(struct task *t, void *context)
{
    const struct domain_new *d = context;
    int64_t n;
    return store_domain_insert(t, d->partner, d->store, d->host, d->proof, STORE_DOMAINS_MAX, &n);
}

static err domain_add(struct task *t, const struct request *rq, struct response *rs)
{
    const struct domain_in *in = rq->in;
    const struct store_find_row *store;
    const struct store_domain_find_row *there;
    str host;
    TRY(store_load(t, rq, &store));
    TRY(host_read(t, in->host, &host));
    struct domain_new fresh = { caller_of(rq)->partner, store->store_id, host, random_token(t->arena, "stoa-store-") };
    TRY(db_tx(t, add_in_tx, &fresh));
    TRY(store_domain_find(t, store->store_id, host, &there));
    if (!there)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("host"), STR("a store has at most 10 domains"));
    return reply(t, rs, 201, store->store_id, host);
}

/* ---- verify, remove ---- */

struct domain_change {
    partner_id partner;
    store_id store;
    str host;
    str failure; /* of the look; absent: it is verified */
    bool is_removed;
};

/* The store as it has become is told with it. */
static err change(struct task *t, void *context)
{
    const struct domain_change *c = context;
    const struct store_find_row *after;
    int64_t n;
    if (c->is_removed)
        TRY(store_domain_delete(t, c->store, c->host, &n));
    else
        TRY(store_domain_judge(t, c->failure, STR("file"), c->store, c->host, &n));
    if (n == 0 || str_given(c->failure))
        return OK;
    TRY(store_find(t, c->partner, c->store, STR_NONE, &after));
    if (!after)
        return FAIL(t, NOT_FOUND, "the store is gone");
    event_id event = { random_id(t->arena, "evt_") };
    return event_insert(t, event, c->partner, STR("store.updated"), c->store.v, store_document(t, after), &n);
}

static err change_begin(struct task *t, const struct request *rq, struct domain_change *ret)
{
    const struct store_find_row *store;
    *ret = (struct domain_change){ .partner = caller_of(rq)->partner };
    TRY(store_load(t, rq, &store));
    ret->store = store->store_id;
    return host_normal(t->arena, request_path_param(rq, "host"), &ret->host) ? OK
                                                                             : FAIL(t, NOT_FOUND, "no name of a host");
}

static err domain_verify(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_domain_find_row *row;
    struct domain_change c;
    int64_t looks;
    TRY(change_begin(t, rq, &c));
    TRY(store_domain_find(t, c.store, c.host, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such domain of this store");
    if (row->verified_at_given)
        return reply(t, rs, 200, c.store, c.host);
    TRY(store_domain_look(t, c.store, c.host, (instant){ task_wall(t).us - SECONDS(PAUSE_S).us }, &looks));
    if (looks == 0) {
        struct failure *f = FAIL(t, TOO_MANY_REQUESTS, "this host was looked at a moment ago");
        f->retry_after_s = PAUSE_S;
        return f;
    }
    store_domain_ask(t, c.host, row->proof, &c.failure);
    TRY(db_tx(t, change, &c));
    store_changed(t, c.partner, c.store);
    return reply(t, rs, 200, c.store, c.host);
}

static err domain_remove(struct task *t, const struct request *rq, struct response *rs)
{
    struct domain_change c;
    TRY(change_begin(t, rq, &c));
    c.is_removed = true;
    TRY(db_tx(t, change, &c));
    store_changed(t, c.partner, c.store);
    reply_empty(rs, 204);
    return OK;
}

static err domain_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_find_row *store;
    const struct store_domain_find_row *rows;
    size_t n;
    TRY(store_load(t, rq, &store));
    TRY(store_domain_list(t, store->store_id, &rows, &n));
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        store_domain_write(t, j, store->store_id, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "store_domains", caller_of(rq)->partner, false, STR_NONE);
    return OK;
}

#define DOMAIN_ROUTE .guard = &GUARD_STORES, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true

const struct route store_domain_create_route = { DOMAIN_ROUTE,
                                                 .method = POST,
                                                 .path = "/v1/stores/{store}/domains",
                                                 .body = BODY_JSON,
                                                 INPUT(struct domain_in, domain_params),
                                                 .repeatable = true,
                                                 .handle = domain_add,
                                                 .answer = "StoreDomain",
                                                 .done = "201",
                                                 .summary = "Add a domain of a store, and learn what proves it" };
const struct route store_domain_page_route = { DOMAIN_ROUTE,
                                               .method = GET,
                                               .path = "/v1/stores/{store}/domains",
                                               .body = BODY_NONE,
                                               .handle = domain_page,
                                               .answer = "Page<StoreDomain>",
                                               .summary = "List the domains of a store" };
const struct route store_domain_verify_route = { DOMAIN_ROUTE,
                                                 .method = POST,
                                                 .path = "/v1/stores/{store}/domains/{host}/verify",
                                                 .body = BODY_NONE,
                                                 .repeatable = true,
                                                 .handle = domain_verify,
                                                 .answer = "StoreDomain",
                                                 .summary = "Look for the proof at a domain" };
const struct route store_domain_delete_route = { DOMAIN_ROUTE,
                                                 .method = DELETE,
                                                 .path = "/v1/stores/{store}/domains/{host}",
                                                 .body = BODY_NONE,
                                                 .handle = domain_remove,
                                                 .done = "204",
                                                 .summary = "Remove a domain of a store" };
