/* What billing goes by: /v1/stores/{store}/billing, and /v1/billing for the stores that say nothing. */
#include "paysrv/faults.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/billing.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/subscription_request.h"
#include "shared/text/shape.h"

#define BILLING_ROUTE .guard = &GUARD_STORES, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true

/* ---- of a store ---- */

SHAPE(billing_settings, "BillingSettings",
      "object: 'billing_settings', store: string, mails_receipts: boolean, "
      "on_dispute: 'continue' | 'pause' | 'cancel', on_dispute_by: 'store' | 'partner'")

static err settings_reply(struct task *t, store_id store, const struct billing_settings_row *row, struct response *rs)
{
    if (!row)
        return FAIL(t, NOT_FOUND, "no such store of this partner");
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("billing_settings"));
    json_str(j, "store", store.v);
    json_bool(j, "mails_receipts", row->mails_receipts);
    json_str(j, "on_dispute", row->on_dispute);
    json_str(j, "on_dispute_by", row->is_own ? STR("store") : STR("partner"));
    return OK;
}

static err settings_read(struct task *t, const struct request *rq, struct response *rs)
{
    store_id store = { request_path_param(rq, "store") };
    const struct billing_settings_row *row;
    TRY(partner_itself(t, rq));
    TRY(billing_settings(t, caller_of(rq)->partner, store, &row));
    return settings_reply(t, store, row, rs);
}

struct settings_in {
    const struct json_value *mails_receipts; /* left out is neither yes nor no */
    str on_dispute;
};

static const struct param settings_params[] = {
    P_VALUE(struct settings_in, mails_receipts, .need = OPTIONAL, .type = "boolean"),
    P_STR(struct settings_in, on_dispute, .need = OPTIONAL, .set = ID, .max = 10,
          .words = "continue pause cancel default"),
};

static err settings_set(struct task *t, const struct request *rq, struct response *rs)
{
    const struct settings_in *in = rq->in;
    store_id store = { request_path_param(rq, "store") };
    const struct billing_settings_row *set;
    str own = in->on_dispute;
    bool unsays, mails;
    TRY(partner_itself(t, rq));
    TRY(on_dispute_or_default(t, &own, &unsays));
    if (in->mails_receipts && !json_is_bool(in->mails_receipts, &mails))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("mails_receipts"), STR("must be true or false"));
    TRY(billing_settings_set(t, in->mails_receipts ? &mails : NULL, unsays, own, caller_of(rq)->partner, store, &set));
    return settings_reply(t, store, set, rs);
}

#define SETTINGS_ROUTE BILLING_ROUTE, .path = "/v1/stores/{store}/billing", .answer = "BillingSettings"
const struct route billing_settings_read_route = { SETTINGS_ROUTE, .method = GET, .body = BODY_NONE,
                                                   .handle = settings_read,
                                                   .summary = "Whether a store mails receipts, and what a chargeback "
                                                              "does to its subscriptions" };
const struct route billing_settings_set_route = {
    SETTINGS_ROUTE,
    .method = POST,
    .body = BODY_JSON,
    INPUT(struct settings_in, settings_params),
    .repeatable = true,
    .handle = settings_set,
    .summary = "Say whether a store mails receipts, and what a chargeback does to its subscriptions",
};

/* ---- of stores that say nothing ---- */

SHAPE(billing_defaults, "BillingDefaults", "object: 'billing_defaults', on_dispute: 'continue' | 'pause' | 'cancel'")

static err defaults_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct partner_policy_row *policy;
    TRY(partner_itself(t, rq));
    TRY(partner_policy(t, caller_of(rq)->partner, &policy));
    if (!policy)
        return FAIL(t, NOT_FOUND, "no such partner");
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("billing_defaults"));
    json_str(j, "on_dispute", policy->on_dispute);
    return OK;
}

struct defaults_in {
    str on_dispute;
};

static const struct param defaults_params[] = {
    P_STR(struct defaults_in, on_dispute, .need = REQUIRED, .set = ID, .max = 10, .words = "continue pause cancel"),
};

static err defaults_set(struct task *t, const struct request *rq, struct response *rs)
{
    const struct defaults_in *in = rq->in;
    int64_t affected;
    TRY(partner_itself(t, rq));
    TRY(on_dispute_judge(t, in->on_dispute));
    TRY(partner_policy_set(t, NULL, NULL, in->on_dispute, NULL, caller_of(rq)->partner, &affected));
    return defaults_read(t, rq, rs);
}

#define DEFAULTS_ROUTE BILLING_ROUTE, .path = "/v1/billing", .answer = "BillingDefaults"
const struct route billing_defaults_read_route = { DEFAULTS_ROUTE, .method = GET, .body = BODY_NONE,
                                                   .handle = defaults_read,
                                                   .summary = "What a chargeback does to subscriptions of stores that "
                                                              "say nothing" };
const struct route billing_defaults_set_route = { DEFAULTS_ROUTE,     .method = POST,
                                                  .body = BODY_JSON,  INPUT(struct defaults_in, defaults_params),
                                                  .repeatable = true, .handle = defaults_set,
                                                  .summary = "Say it" };
