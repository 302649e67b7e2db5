/* /v1/billing_links: the address of a buyer's page, for the partner's own UI; and what a store mails its buyers. */
#include "paysrv/faults.h"
#include "paysrv/flow/billing.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/billing.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/subscription_request.h"
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
    .handle = link_create,
    .answer = "BillingLink",
    .summary = "The address of a buyer's page, for a day",
};

/* ---- /v1/stores/{store}/billing ---- */

SHAPE(billing_settings, "BillingSettings",
      "object: 'billing_settings', store: string, mails_receipts: boolean, "
      "on_dispute: 'continue' | 'pause' | 'cancel'")

struct settings_in {
    bool mails_receipts;
    str on_dispute;
};

static const struct param settings_params[] = {
    P_BOOL(struct settings_in, mails_receipts, .need = REQUIRED),
    P_STR(struct settings_in, on_dispute, .need = OPTIONAL, .set = ID, .max = 10),
};

static err settings_set(struct task *t, const struct request *rq, struct response *rs)
{
    const struct settings_in *in = rq->in;
    store_id store = { request_path_param(rq, "store") };
    const struct billing_settings_set_row *set;
    if (str_given(caller_of(rq)->subject))
        return FAIL(t, INSUFFICIENT_SCOPE, "only the partner's own token");
    TRY(on_dispute_judge(t, in->on_dispute));
    TRY(billing_settings_set(t, in->mails_receipts, in->on_dispute, caller_of(rq)->partner, store, &set));
    if (!set)
        return FAIL(t, NOT_FOUND, "no such store of this partner");
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("billing_settings"));
    json_str(j, "store", store.v);
    json_bool(j, "mails_receipts", in->mails_receipts);
    json_str(j, "on_dispute", set->on_dispute);
    return OK;
}

const struct route billing_settings_set_route = {
    .method = POST,
    .path = "/v1/stores/{store}/billing",
    .guard = &GUARD_STORES,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct settings_in, settings_params),
    .handle = settings_set,
    .answer = "BillingSettings",
    .summary = "Say whether a store mails receipts, and what a chargeback does to its subscriptions",
};
