/* See webhook_delivery.h; MONEY 5 and 6.D26, SECURITY M. */
#include "paysrv/flow/message/webhook_delivery.h"

#include "paysrv/app.h"
#include "paysrv/domain/api_version.h"
#include "paysrv/domain/message/webhook.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/receipt.sql.h"
#include "paysrv/store/webhook.sql.h"
#include "shared/base/num.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/net/fetch.h"
#include "shared/net/standard_webhook.h"
#include "shared/ops/log.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"
#include "shared/text/shape.h"
#include "web/operator/pages.h"

#define ROUNDS 20
#define LEASE SECONDS(180)
#define ATTEMPT_LIMIT SECONDS(15)
#define PAUSE_AFTER_OURS SECONDS(5)
#define ENVELOPE_MAX_BYTES 1024

bytes webhook_secret_seal(struct task *t, str endpoint, str secret_text)
{
    const struct app *app = t->app;
    return seal(t->arena, &app->sealing_key, bytes_of(secret_text), endpoint);
}

SHAPE(webhook_message, "WebhookMessage", "type: string, timestamp: time, sequence?: integer, data: EventData")

SHAPE(event_object, "EventObject", "id: string, object: string, erased?: boolean")

/* What a thin message says of its object: which one it is. */
static void thin_write(struct task *t, struct json *j, str data)
{
    const struct json_value *v;
    str id = STR_NONE, object = STR_NONE;
    if (json_parse_own(t->arena, data, &v)) {
        json_get_str(v, "id", &id);
        json_get_str(v, "object", &object);
    }
    json_object(j, "data");
    json_str_or_null(j, "id", id);
    json_str_or_null(j, "object", object);
    json_close(j);
}

static str body_of(struct task *t, const struct webhook_endpoint_claim_row *endpoint,
                   const struct webhook_delivery_due_row *d)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, d->data.n + ENVELOPE_MAX_BYTES); /* whatever an object has grown to */
    json_begin(&j, &out);
    json_str(&j, "type", d->type);
    json_time(&j, "timestamp", d->created_at);
    if (d->sequence > 0)
        json_i64(&j, "sequence", d->sequence);
    if (endpoint->is_thin)
        thin_write(t, &j, d->data);
    else
        json_raw(&j, "data", d->data);
    json_end(&j);
    int version = API_VERSION_NEWEST;
    (void)api_version_parse(endpoint->api_version, &version);
    return api_version_render(t->arena, version, STR("webhook_message"), buf_str(&out));
}

struct secrets {
    str now, before; /* before: of a rotation, while receivers change over; empty: none */
};

static str secret_open(struct task *t, const struct webhook_endpoint_claim_row *endpoint, bytes sealed)
{
    const struct app *app = t->app;
    bytes plain = { 0 };
    if (!sealed.p || !unseal(t->arena, &app->sealing_key, sealed, endpoint->webhook_endpoint_id.v, &plain))
        return STR("");
    return (str){ (const char *)plain.p, plain.n };
}

/* One signature for each secret, separated by a blank. false: the secret is unusable. */
static bool sign(struct task *t, const struct secrets *secrets, str id, int64_t timestamp_s, str body, str *ret)
{
    str before;
    if (!webhook_sign(t->arena, secrets->now, id, timestamp_s, body, ret))
        return false;
    if (secrets->before.n > 0 && webhook_sign(t->arena, secrets->before, id, timestamp_s, body, &before))
        *ret = arena_printf(t->arena, "%.*s %.*s", STR_ARG(*ret), STR_ARG(before));
    return true;
}

/* One POST. The timestamp is of this attempt, the id is the event's. */
static void attempt(struct task *t, const struct webhook_endpoint_claim_row *endpoint, const struct secrets *secrets,
                    const struct webhook_delivery_due_row *d, struct fetch_answer *ret)
{
    str body = body_of(t, endpoint, d), signature;
    int64_t timestamp_s = instant_seconds(t->now);
    if (!sign(t, secrets, d->event_id.v, timestamp_s, body, &signature)) {
        *ret = (struct fetch_answer){ .outcome = FETCH_REFUSED, .why = STR("the endpoint's secret is unusable") };
        return;
    }
    const struct fetch_header headers[] = {
        { "content-type", STR("application/json") },
        { "user-agent", STR("Stoa-Webhooks/1") },
        { "webhook-id", d->event_id.v },
        { "webhook-timestamp", arena_printf(t->arena, "%lld", (long long)timestamp_s) },
        { "webhook-signature", signature },
    };
    const struct fetch_request rq = { .method = "POST",
                                      .url = endpoint->url,
                                      .headers = headers,
                                      .n_headers = sizeof headers / sizeof headers[0],
                                      .body = body,
                                      .limit = ATTEMPT_LIMIT };
    fetch(t, &rq, ret);
}

struct switching_off {
    const struct webhook_endpoint_claim_row *endpoint;
    str why;
};

static struct letter letter_of(struct task *t, const struct mail_webhook_disabled *m)
{
    struct buf subject, text;
    buf_init(&subject, t->arena, LETTER_MAX_BYTES);
    buf_init(&text, t->arena, LETTER_MAX_BYTES);
    mail_webhook_disabled_subject(&subject, m);
    mail_webhook_disabled_text(&text, m);
    return (struct letter){ .subject = buf_str(&subject), .text = buf_str(&text) };
}

/* Whoever is named with the endpoint is told in the same transaction: it would be silent for good. */
static err switch_off(struct task *t, void *context)
{
    const struct switching_off *x = context;
    const struct webhook_endpoint_disable_row *row;
    int64_t n;
    TRY(webhook_endpoint_disable(t, x->why, x->endpoint->webhook_endpoint_id, x->endpoint->url, &row));
    if (!row)
        return OK;
    log_warn(t, "webhook.endpoint_disabled", L_STR("endpoint", x->endpoint->webhook_endpoint_id.v),
             L_STR("why", x->why));
    if (!str_given(row->contact_email))
        return OK;
    const struct mail_webhook_disabled m = { .url = x->endpoint->url,
                                             .endpoint = x->endpoint->webhook_endpoint_id.v,
                                             .partner_name = row->partner_name,
                                             .why = x->why,
                                             .time = moment_by(t, LANGUAGE_EN, t->now, row->zone),
                                             .waiting = row->waiting };
    struct mail_draft draft = mail_draft_make(t, row->contact_email, LANGUAGE_EN, letter_of(t, &m));
    return mail_insert(t, draft.id, STR("webhook_disabled"), draft.recipient, draft.content, &n);
}

static err outcome_record(struct task *t, const struct webhook_endpoint_claim_row *endpoint,
                          const struct webhook_delivery_due_row *d, const struct fetch_answer *answer, bool *delivered)
{
    int status = answer->outcome == FETCH_ANSWERED ? answer->status : 0;
    enum webhook_outcome outcome = webhook_judge(status, d->attempts + 1);
    unsigned char luck;
    random_bytes(&luck, 1);
    int64_t retry_after_s = 0, changed;
    if (str_given(answer->retry_after))
        num_parse(answer->retry_after, &retry_after_s);
    duration pause = webhook_pause(d->attempts + 1, luck, retry_after_s);
    const int32_t answered = status;
    str why = STR_NONE;
    if (outcome != WEBHOOK_DELIVERED)
        why = status ? arena_printf(t->arena, "the endpoint answered %d", status) : STR("no answer");
    const char *state = outcome == WEBHOOK_DELIVERED   ? "delivered"
                        : outcome == WEBHOOK_TRY_AGAIN ? "pending"
                                                       : "failed";
    *delivered = outcome == WEBHOOK_DELIVERED;
    pay_metrics_webhook(t, outcome);
    log_info(t, "webhook.attempted", L_STR("endpoint", endpoint->webhook_endpoint_id.v), L_STR("event", d->event_id.v),
             L_I64("status", status), L_STR("why", answer->why));
    TRY(webhook_delivery_record(t,
                                &(struct webhook_delivery_record_args){ .status = str_of(state),
                                                                        .due = instant_add(t->now, pause),
                                                                        .answered = status ? &answered : NULL,
                                                                        .why = why,
                                                                        .endpoint = endpoint->webhook_endpoint_id,
                                                                        .event = d->event_id,
                                                                        .was_due = d->due_at },
                                &changed));
    if (!changed || (outcome != WEBHOOK_GONE && outcome != WEBHOOK_GIVEN_UP))
        return OK;
    struct switching_off x = { endpoint, why };
    TRY(db_tx(t, switch_off, &x));
    mail_wake(t);
    return OK;
}

/* In order, until one is not delivered. */
static err queue_walk(struct task *t, const struct webhook_endpoint_claim_row *endpoint, bool *delivered)
{
    const struct secrets secrets = { secret_open(t, endpoint, endpoint->secret),
                                     secret_open(t, endpoint, endpoint->previous_secret) };
    const struct webhook_delivery_due_row *due;
    size_t n;
    TRY(webhook_delivery_due(t, endpoint->webhook_endpoint_id, &due, &n));
    *delivered = true;
    for (size_t i = 0; i < n && *delivered; i++) {
        struct fetch_answer answer = { 0 };
        attempt(t, endpoint, &secrets, &due[i], &answer);
        TRY(outcome_record(t, endpoint, &due[i], &answer, delivered));
    }
    return OK;
}

/*
 * What failed here says nothing of the endpoint: it is given back soon, or it would get nothing until the lease ends.
 * Not at once, as what keeps failing would be sent again and again.
 */
static err queue_deliver(struct task *t, const struct webhook_endpoint_claim_row *endpoint)
{
    bool delivered;
    int64_t changed;
    err e = queue_walk(t, endpoint, &delivered);
    int32_t failures = e ? endpoint->failures : delivered ? 0 : endpoint->failures + 1;
    duration rest = e ? PAUSE_AFTER_OURS : webhook_endpoint_rest(failures);
    err released =
        webhook_endpoint_release(t, failures, instant_add(t->now, rest), endpoint->webhook_endpoint_id, &changed);
    if (e && released)
        log_failure(t, released);
    return e ? e : released;
}

static err endpoints_serve(struct task *t, bool any)
{
    for (int round = 0; round < ROUNDS; round++) {
        const struct webhook_endpoint_claim_row *endpoint;
        t->now = wall_clock_now(); /* each round is a task of its own: leases and signatures need the time of now */
        TRY(webhook_endpoint_claim(t, instant_add(t->now, LEASE), any, &endpoint));
        if (!endpoint)
            return OK;
        TRY(queue_deliver(t, endpoint));
    }
    return OK;
}

err webhooks_deliver_healthy(struct task *t)
{
    const struct receipts_look_row *looked;
    TRY(receipts_look(t, &looked));
    for (int round = 0; round < ROUNDS; round++) {
        const struct webhook_fan_out_row *row;
        TRY(webhook_fan_out(t, &row));
        if (row->n == 0)
            break;
    }
    return endpoints_serve(t, false);
}

err webhooks_deliver_all(struct task *t)
{
    return endpoints_serve(t, true);
}
