/*
 * What a partner's developer does with a webhook endpoint: change it, change its secret while receivers change over,
 * try it, and have events delivered again (docs/protocol/pay/events.md).
 */
#include "paysrv/domain/message/event_type.h"
#include "paysrv/domain/message/webhook.h"
#include "paysrv/faults.h"
#include "paysrv/flow/message/webhook_delivery.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/webhook.sql.h"
#include "paysrv/webhook_request.h"
#include "shared/crypto/crypto.h"
#include "shared/http/charset.h"
#include "shared/net/standard_webhook.h"
#include "shared/ops/log.h"

#define DAY_S 86400
#define OLD_SECRET_MAX_S (7 * DAY_S)
#define REPLAY_MAX 1000
#define HASTEN_MAX 1000
#define HASTEN_ROUNDS 100
#define ANSWER_MAX_BYTES 1024

/* ---- POST /v1/webhook_endpoints/{endpoint} ---- */

struct change_in {
    str url, status, payload;
    const struct json_value *events, *contact_email, *api_version;
    int64_t max_in_flight;
};

static const struct param change_params[] = {
    P_STR(struct change_in, url, .need = OPTIONAL, .set = URI, .min = 8, .max = 500),
    P_STR(struct change_in, status, .need = OPTIONAL, .set = ID, .min = 1, .max = 20, .words = "enabled disabled"),
    P_VALUE(struct change_in, events, .need = OPTIONAL, .type = "string[]"),
    P_VALUE(struct change_in, contact_email, .need = OPTIONAL, .type = "string"),
    P_STR(struct change_in, payload, .need = OPTIONAL, .set = ID, .min = 1, .max = 10, .words = "full thin"),
    P_VALUE(struct change_in, api_version, .need = OPTIONAL, .type = "string"),
    P_I64(struct change_in, max_in_flight, .need = OPTIONAL, .low = 1, .high = WEBHOOK_AT_ONCE_MAX),
};

/* NULL: nothing was said of it. */
static err status_read(struct task *t, str status, const bool **is_enabled)
{
    static const bool yes = true, no = false;
    *is_enabled = !str_given(status) ? NULL : str_eq(status, STR("enabled")) ? &yes : &no;
    if (*is_enabled == &no && !str_eq(status, STR("disabled")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("must be enabled or disabled"));
    return OK;
}

/* Empty: nobody is told any more. */
static err contact_read(struct task *t, const struct json_value *v, str *ret)
{
    *ret = STR_NONE;
    if (!v || (json_is_str(v, ret) && ret->n == 0))
        return OK;
    bool fits = json_is_str(v, ret) && ret->n >= 3 && ret->n <= 254 && charset_holds(EMAIL, *ret);
    return fits ? OK
                : FAIL_PARAM(t, INVALID_PARAMETER, STR("contact_email"), STR("must be an e-mail address, or empty"));
}

/* Empty: the partner's, whichever that is. */
static err form_read(struct task *t, const struct change_in *in, str *version)
{
    *version = STR_NONE;
    if (in->api_version && !json_is_str(in->api_version, version))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("api_version"), STR("must be a version, or empty"));
    *version = version->n ? *version : STR_NONE;
    return webhook_form_check(t, in->payload, *version);
}

/* What waits for hours is due as soon as its endpoint is on: before it is, or what came later would go first. */
static err waiting_hasten(struct task *t, webhook_endpoint_id endpoint)
{
    int64_t n = HASTEN_MAX;
    for (int round = 0; round < HASTEN_ROUNDS && n == HASTEN_MAX; round++)
        TRY(webhook_waiting_hasten(t, endpoint, HASTEN_MAX, &n));
    return OK;
}

static err change_effect(struct task *t, void *context, struct answer *ret)
{
    const struct webhook_endpoint_change_args *args = context;
    const struct webhook_endpoint_find_row *after;
    int64_t n;
    TRY(webhook_endpoint_change(t, args, &n));
    TRY(webhook_endpoint_find(t, args->partner, args->endpoint, &after));
    if (!after)
        return FAIL(t, NOT_FOUND, "the endpoint is gone");
    *ret = (struct answer){ .status = 200, .body = webhook_endpoint_document(t, after) };
    return OK;
}

static err change_judged(struct task *t, const struct request *rq, const struct once *once, struct answer *answer)
{
    const struct change_in *in = rq->in;
    const struct webhook_endpoint_find_row *row;
    str_array events;
    str contact, version;
    TRY(webhook_endpoint_load(t, rq, &row));
    const bool *is_enabled;
    TRY(status_read(t, in->status, &is_enabled));
    TRY(webhook_events_read(t, in->events, &events));
    TRY(contact_read(t, in->contact_email, &contact));
    TRY(form_read(t, in, &version));
    if (str_given(in->url))
        TRY(webhook_url_check(t, in->url));
    const int32_t in_flight = (int32_t)in->max_in_flight; /* 0: nothing was said of it */
    struct webhook_endpoint_change_args args = { .url = in->url,
                                                 .has_contact = in->contact_email != NULL,
                                                 .contact_email = contact.n ? contact : STR_NONE,
                                                 .has_events = in->events != NULL,
                                                 .payload = in->payload,
                                                 .max_in_flight = in_flight ? &in_flight : NULL,
                                                 .has_version = in->api_version != NULL,
                                                 .api_version = version,
                                                 .events = events,
                                                 .enabled = is_enabled,
                                                 .partner = caller_of(rq)->partner,
                                                 .endpoint = row->webhook_endpoint_id };
    if (is_enabled && *is_enabled)
        TRY(waiting_hasten(t, row->webhook_endpoint_id));
    TRY(once_run(t, args.partner, once, random_id(t->arena, "whc_"), change_effect, &args, answer));
    log_info(t, "webhook.endpoint_changed", L_STR("endpoint", row->webhook_endpoint_id.v));
    return OK;
}

/* A change that comes again after another one undoes that one, so that its answer is kept as well. */
static err change(struct task *t, const struct request *rq, struct response *rs)
{
    return once_handle(t, rq, rs, change_judged);
}

const struct route webhook_endpoint_change_route = {
    .method = POST,
    .path = "/v1/webhook_endpoints/{endpoint}",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct change_in, change_params),
    .handle = change,
    .answer = "WebhookEndpoint",
    .summary = "Change a webhook endpoint's address or events, disable it, or enable it again",
};

/* ---- POST /v1/webhook_endpoints/{endpoint}/rotate_secret ---- */

struct rotate_in {
    int64_t expire_old_in;
};

static const struct param rotate_params[] = {
    P_I64(struct rotate_in, expire_old_in, .need = OPTIONAL, .low = 0, .high = OLD_SECRET_MAX_S, .fallback = DAY_S),
};

struct rotation {
    partner_id partner;
    struct webhook_endpoint_find_row row;
    str secret_text;
};

static err rotate_effect(struct task *t, void *context, struct answer *ret)
{
    const struct rotation *r = context;
    webhook_endpoint_id id = r->row.webhook_endpoint_id;
    int64_t n;
    TRY(webhook_secret_rotate(t, r->row.previous_until, webhook_secret_seal(t, id.v, r->secret_text), r->partner, id,
                              &n));
    *ret = (struct answer){ .status = 200, .body = webhook_endpoint_document(t, &r->row) };
    return OK;
}

static err rotate_secret(struct task *t, const struct request *rq, struct response *rs)
{
    const struct rotate_in *in = rq->in;
    const struct webhook_endpoint_find_row *row;
    struct once once;
    struct answer answer;
    TRY(webhook_endpoint_load(t, rq, &row));
    struct rotation rotation = { caller_of(rq)->partner, *row, webhook_secret_new(t->arena) };
    rotation.row.previous_until = instant_add(task_wall(t), SECONDS(in->expire_old_in));
    rotation.row.previous_until_given = in->expire_old_in > 0;
    TRY(once_of(t, rq, false, &once));
    TRY(once_run(t, rotation.partner, &once, random_id(t->arena, "whs_"), rotate_effect, &rotation, &answer));
    log_info(t, "webhook.secret_rotated", L_STR("endpoint", row->webhook_endpoint_id.v));
    if (answer.is_replayed)
        answer_send(rs, &answer);
    else
        webhook_endpoint_write(reply_json(rs, 200), &rotation.row, rotation.secret_text);
    return OK;
}

const struct route webhook_secret_rotate_route = {
    .method = POST,
    .path = "/v1/webhook_endpoints/{endpoint}/rotate_secret",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct rotate_in, rotate_params),
    .handle = rotate_secret,
    .answer = "WebhookEndpoint",
    .summary = "Give a webhook endpoint a new secret, shown once; the old one signs beside it for a while",
};

/* ---- POST /v1/webhook_endpoints/{endpoint}/ping ---- */

struct ping {
    partner_id partner;
    const struct webhook_endpoint_find_row *row;
    event_id event;
};

static err ping_effect(struct task *t, void *context, struct answer *ret)
{
    const struct ping *p = context;
    str told = webhook_endpoint_document(t, p->row);
    int64_t n;
    TRY(webhook_ping(t, p->event, p->partner, WEBHOOK_PING, p->row->webhook_endpoint_id, told, &n));
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, ANSWER_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "object", STR("webhook_ping"));
    json_str(&j, "event", p->event.v);
    json_end(&j);
    *ret = (struct answer){ .status = 202, .body = buf_str(&out) };
    return OK;
}

static err ping_judged(struct task *t, const struct request *rq, const struct once *once, struct answer *answer)
{
    struct ping p = { .partner = caller_of(rq)->partner, .event = { random_id(t->arena, "evt_") } };
    TRY(webhook_endpoint_load(t, rq, &p.row));
    if (p.row->disabled_at_given)
        return FAIL(t, WEBHOOK_DISABLED, "enable it first");
    TRY(once_run(t, p.partner, once, p.event.v, ping_effect, &p, answer));
    return OK;
}

static err ping(struct task *t, const struct request *rq, struct response *rs)
{
    return once_handle(t, rq, rs, ping_judged);
}

const struct route webhook_ping_route = {
    .method = POST,
    .path = "/v1/webhook_endpoints/{endpoint}/ping",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = ping,
    .answer = "{ object: 'webhook_ping', event: string }",
    .done = "202",
    .summary = "Send a webhook endpoint an event that says nothing, to try it",
};

/* ---- POST /v1/webhook_endpoints/{endpoint}/replay ---- */

struct replay_in {
    str event, from, to;
};

#define EVENT_PARAM(field) P_STR(struct replay_in, field, .need = OPTIONAL, .set = ID, .min = 5, .max = 40)

static const struct param replay_params[] = { EVENT_PARAM(event), EVENT_PARAM(from), EVENT_PARAM(to) };

static err range_read(struct task *t, const struct replay_in *in, str *from, str *to)
{
    bool is_range = str_given(in->from) || str_given(in->to);
    if (str_given(in->event) == is_range)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("event"), STR("either one event, or a range beginning with from"));
    if (is_range && !str_given(in->from))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("from"), STR("the first event of the range"));
    *from = is_range ? in->from : in->event;
    *to = !is_range ? in->event : str_given(in->to) ? in->to : STR("evt_~"); /* behind every id */
    return OK;
}

struct replaying {
    partner_id partner;
    webhook_endpoint_id endpoint;
    str from, to;
    str named; /* the field that says from where */
    int64_t queued;
};

static str replay_document(struct task *t, const struct webhook_replay_range_row *queued, str to)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, ANSWER_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "object", STR("webhook_replay"));
    json_i64(&j, "queued", queued->n);
    json_str(&j, "last_event", queued->last_event);
    json_bool(&j, "has_more", queued->has_more && !str_eq(queued->last_event, to));
    json_end(&j);
    return buf_str(&out);
}

static err replay_effect(struct task *t, void *context, struct answer *ret)
{
    struct replaying *r = context;
    const struct webhook_replay_range_row *queued;
    TRY(webhook_replay_range(t, r->partner, r->endpoint, r->from, r->to, WEBHOOK_PING, REPLAY_MAX, &queued));
    if (queued->n == 0 && (!str_given(queued->last_event) || str_eq(r->from, r->to)))
        return FAIL_PARAM(t, INVALID_PARAMETER, r->named, STR("no event of yours that this endpoint wants"));
    r->queued = queued->n;
    *ret = (struct answer){ .status = 202, .body = replay_document(t, queued, r->to) };
    return OK;
}

static err replay_judged(struct task *t, const struct request *rq, const struct once *once, struct answer *answer)
{
    const struct webhook_endpoint_find_row *row;
    const struct replay_in *in = rq->in;
    struct replaying replaying = { .partner = caller_of(rq)->partner,
                                   .named = str_given(in->event) ? STR("event") : STR("from") };
    TRY(webhook_endpoint_load(t, rq, &row));
    TRY(range_read(t, in, &replaying.from, &replaying.to));
    if (row->disabled_at_given)
        return FAIL(t, WEBHOOK_DISABLED, "enable it first");
    replaying.endpoint = row->webhook_endpoint_id;
    TRY(once_run(t, replaying.partner, once, random_id(t->arena, "whr_"), replay_effect, &replaying, answer));
    log_info(t, "webhook.replayed", L_STR("endpoint", row->webhook_endpoint_id.v), L_I64("events", replaying.queued));
    return OK;
}

static err replay(struct task *t, const struct request *rq, struct response *rs)
{
    return once_handle(t, rq, rs, replay_judged);
}

const struct route webhook_replay_range_route = {
    .method = POST,
    .path = "/v1/webhook_endpoints/{endpoint}/replay",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct replay_in, replay_params),
    .handle = replay,
    .answer = "{ object: 'webhook_replay', queued: integer, last_event: string, has_more: boolean }",
    .done = "202",
    .summary = "Deliver one event or a range of them again",
};
