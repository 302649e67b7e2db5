/* /v1/webhook_endpoints: where a partner is told of events. The secret is shown once and kept sealed. */
#include "paysrv/domain/message/webhook.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/message/webhook_delivery.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/webhook.sql.h"
#include "paysrv/webhook_request.h"
#include "shared/crypto/crypto.h"
#include "shared/net/standard_webhook.h"
#include "shared/text/shape.h"

#define ENDPOINTS_MAX 20

struct endpoint_in {
    str url;
    const struct json_value *events;
    str store, contact_email, payload, api_version;
    int64_t max_in_flight;
};

static const struct param endpoint_params[] = {
    P_STR(struct endpoint_in, url, .need = REQUIRED, .set = URI, .min = 8, .max = 500),
    P_VALUE(struct endpoint_in, events, .need = OPTIONAL, .type = "string[]"),
    P_STR(struct endpoint_in, store, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
    P_STR(struct endpoint_in, contact_email, .need = OPTIONAL, .set = EMAIL, .min = 3, .max = 254),
    P_STR(struct endpoint_in, payload, .need = OPTIONAL, .set = ID, .min = 1, .max = 10, .words = "full thin"),
    P_STR(struct endpoint_in, api_version, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 10),
    P_I64(struct endpoint_in, max_in_flight, .need = OPTIONAL, .low = 1, .high = WEBHOOK_AT_ONCE_MAX,
          .fallback = WEBHOOK_AT_ONCE_MAX),
};

struct creation {
    partner_id partner;
    struct webhook_endpoint_find_row row;
    str secret_text;
};

/* Asked where one is added: of two at one moment one counts the other. */
static err room_check(struct task *t, partner_id partner)
{
    const struct webhook_endpoint_find_row *rows;
    size_t n;
    TRY(webhook_endpoint_list(t, partner, STR_NONE, &rows, &n));
    return n < ENDPOINTS_MAX ? OK
                             : FAIL_PARAM(t, INVALID_PARAMETER, STR("url"), STR("a partner has at most 20 endpoints"));
}

static err create_effect(struct task *t, void *context, struct answer *ret)
{
    const struct creation *creation = context;
    const struct webhook_endpoint_find_row *row = &creation->row;
    bytes sealed = webhook_secret_seal(t, row->webhook_endpoint_id.v, creation->secret_text);
    int64_t n;
    const struct webhook_endpoint_insert_args args = { .partner = creation->partner,
                                                       .endpoint = row->webhook_endpoint_id,
                                                       .url = row->url,
                                                       .events = row->events,
                                                       .secret = sealed,
                                                       .store = row->store_id,
                                                       .contact_email = row->contact_email,
                                                       .payload = row->payload,
                                                       .api_version = row->api_version,
                                                       .max_in_flight = row->max_in_flight };
    TRY(room_check(t, creation->partner));
    TRY(webhook_endpoint_insert(t, &args, &n));
    /* A replayed answer must not hold the secret: what is stored for the key leaves it out. */
    *ret = (struct answer){ .status = 201, .body = webhook_endpoint_document(t, row) };
    return OK;
}

/* Only what happens in one store of this partner. */
static err store_check(struct task *t, partner_id partner, str store)
{
    const struct store_find_row *row;
    if (!str_given(store))
        return OK;
    TRY(store_find(t, partner, (store_id){ store }, STR_NONE, &row));
    return row ? OK : FAIL_PARAM(t, INVALID_PARAMETER, STR("store"), STR("there is no such store"));
}

static err may_create(struct task *t, const struct request *rq, const struct endpoint_in *in)
{
    partner_id id = caller_of(rq)->partner;
    const struct partner_find_row *partner;
    TRY(partner_itself(t, rq));
    TRY(partner_find(t, id, &partner));
    if (!partner)
        return FAIL(t, NO_PARTNER, "the token's partner is not set up here");
    TRY(store_check(t, id, in->store));
    TRY(webhook_form_check(t, in->payload, in->api_version));
    return webhook_url_check(t, in->url);
}

static err endpoint_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct endpoint_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    struct once once;
    struct answer answer;
    bool is_answered;
    TRY(once_answered(t, rq, rs, &once, &is_answered));
    if (is_answered)
        return OK;
    TRY(may_create(t, rq, in));
    struct creation creation = {
        .partner = c->partner,
        .row = { .webhook_endpoint_id = { random_id(t->arena, "we_") },
                 .url = in->url,
                 .store_id = in->store,
                 .contact_email = in->contact_email,
                 .payload = str_given(in->payload) ? in->payload : STR("full"),
                 .api_version = in->api_version,
                 .max_in_flight = (int32_t)in->max_in_flight,
                 .created_at = t->now },
        .secret_text = webhook_secret_new(t->arena),
    };
    TRY(webhook_events_read(t, in->events, &creation.row.events));
    TRY(once_run(t, c->partner, &once, creation.row.webhook_endpoint_id.v, create_effect, &creation, &answer));
    if (answer.is_replayed)
        answer_send(rs, &answer);
    else
        webhook_endpoint_write(reply_json(rs, 201), &creation.row, creation.secret_text);
    return OK;
}

const struct route webhook_endpoint_create_route = {
    .method = POST,
    .path = "/v1/webhook_endpoints",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct endpoint_in, endpoint_params),
    .handle = endpoint_create,
    .answer = "WebhookEndpoint",
    .done = "201",
    .summary = "Add a webhook endpoint; the secret is shown once",
};

/* ---- read, list, delete ---- */

static err endpoint_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct webhook_endpoint_find_row *row;
    TRY(webhook_endpoint_load(t, rq, &row));
    webhook_endpoint_write(reply_json(rs, 200), row, STR_NONE);
    return OK;
}

const struct route webhook_endpoint_read_route = {
    .method = GET,
    .path = "/v1/webhook_endpoints/{endpoint}",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = endpoint_read,
    .answer = "WebhookEndpoint",
    .summary = "Read a webhook endpoint",
};

struct endpoints_in {
    str store;
};

static const struct param endpoints_params[] = {
    P_STR(struct endpoints_in, store, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
};

static err endpoint_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct endpoints_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct webhook_endpoint_find_row *rows;
    size_t n;
    TRY(partner_itself(t, rq));
    TRY(webhook_endpoint_list(t, c->partner, in->store, &rows, &n));
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        webhook_endpoint_write(j, &rows[i], STR_NONE);
        json_close(j);
    }
    page_end(t, j, "webhook_endpoints", c->partner, false, STR_NONE);
    return OK;
}

const struct route webhook_endpoint_page_route = {
    .method = GET,
    .path = "/v1/webhook_endpoints",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct endpoints_in, endpoints_params),
    .handle = endpoint_page,
    .answer = "Page<WebhookEndpoint>",
    .summary = "List the webhook endpoints",
};

static err endpoint_delete(struct task *t, const struct request *rq, struct response *rs)
{
    const struct webhook_endpoint_find_row *row;
    TRY(webhook_endpoint_load(t, rq, &row));
    int64_t deleted;
    TRY(webhook_endpoint_delete(t, caller_of(rq)->partner, row->webhook_endpoint_id, &deleted));
    reply_empty(rs, 204);
    return OK;
}

const struct route webhook_endpoint_delete_route = {
    .method = DELETE,
    .path = "/v1/webhook_endpoints/{endpoint}",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = endpoint_delete,
    .done = "204",
    .summary = "Remove a webhook endpoint and its queue",
};

/* ---- deliveries ---- */

struct deliveries_in {
    PAGE_FIELDS
};

static const struct param deliveries_params[] = { PAGE_PARAMS(struct deliveries_in) };

SHAPE(webhook_delivery, "WebhookDelivery",
      "object: 'webhook_delivery', event: string, type: string, status: 'pending' | 'delivered' | "
      "'failed', attempts: integer, response_status: integer | null, failure: string | null, response_excerpt: string "
      "| null, "
      "next_attempt_at?: time, created_at: time, finished_at?: time")

/* An endpoint that is switched off is sent nothing, whatever was due. */
static void delivery_write(struct json *j, const struct webhook_delivery_list_row *row, bool is_on)
{
    json_object(j, NULL);
    json_str(j, "object", STR("webhook_delivery"));
    json_str(j, "event", row->event_id.v);
    json_str(j, "type", row->type);
    json_str(j, "status", row->status);
    json_i64(j, "attempts", row->attempts);
    if (row->answered_given)
        json_i64(j, "response_status", row->answered);
    else
        json_null(j, "response_status");
    json_str_or_null(j, "failure", row->why);
    json_str_or_null(j, "response_excerpt", row->excerpt);
    if (is_on && str_eq(row->status, STR("pending")))
        json_time(j, "next_attempt_at", row->due_at);
    json_time(j, "created_at", row->created_at);
    if (row->finished_at_given)
        json_time(j, "finished_at", row->finished_at);
    json_close(j);
}

static err delivery_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct deliveries_in *in = rq->in;
    const struct webhook_endpoint_find_row *endpoint;
    TRY(webhook_endpoint_load(t, rq, &endpoint));
    partner_id partner = caller_of(rq)->partner;
    str before;
    TRY(cursor_read(t, "deliveries", partner, in->cursor, &before));
    size_t limit = page_limit(in->limit), n;
    const struct webhook_delivery_list_row *rows;
    TRY(webhook_delivery_list(t, endpoint->webhook_endpoint_id, before, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++)
        delivery_write(j, &rows[i], !endpoint->disabled_at_given);
    page_end(t, j, "deliveries", partner, n > limit, shown ? rows[shown - 1].event_id.v : STR_NONE);
    return OK;
}

const struct route webhook_delivery_page_route = {
    .method = GET,
    .path = "/v1/webhook_endpoints/{endpoint}/deliveries",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct deliveries_in, deliveries_params),
    .handle = delivery_page,
    .answer = "Page<WebhookDelivery>",
    .summary = "What was delivered to a webhook endpoint, newest first",
};
