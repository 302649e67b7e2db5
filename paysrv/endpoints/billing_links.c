/* /v1/billing_links: the address of a buyer's page, for the partner's own UI. */
#include "paysrv/faults.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/billing.sql.h"
#include "paysrv/store/payment.sql.h"
#include "shared/text/shape.h"

struct link_in {
    str store, buyer;
};

static const struct param link_params[] = {
    P_STR(struct link_in, store, .need = REQUIRED, .set = ID, .max = 40),
    P_STR(struct link_in, buyer, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 200),
};

SHAPE(billing_link, "BillingLink",
      "object: 'billing_link', store: string, buyer: string, url: string, expires_at: time")

static err link_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct link_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    const struct payment_store_row *store;
    const struct billing_buyer_row *who;
    TRY(payment_store(t, STR_NONE, caller->partner, (store_id){ in->store }, caller->subject, &store));
    if (!store)
        return FAIL_PARAM(t, NOT_FOUND, STR("store"), STR("there is no such store"));
    TRY(billing_buyer(t, (store_id){ in->store }, in->buyer, &who));
    if (!who)
        return FAIL_PARAM(t, NOT_FOUND, STR("buyer"), STR("has let this store keep no card"));
    struct json *j = reply_json(rs, 201);
    json_str(j, "object", STR("billing_link"));
    json_str(j, "store", in->store);
    json_str(j, "buyer", in->buyer);
    json_str(j, "url", billing_url(t, (store_id){ in->store }, in->buyer));
    json_time(j, "expires_at", instant_of_seconds(instant_seconds(instant_add(t->now, BILLING_LINK_LIFE))));
    return OK;
}

const struct route billing_link_create_route = {
    .method = POST,
    .path = "/v1/billing_links",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct link_in, link_params),
    .repeatable = true,
    .handle = link_create,
    .answer = "BillingLink",
    .done = "201",
    .summary = "The address of a buyer's page, for a day",
};
