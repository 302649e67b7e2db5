/* See webhook_delivery.h; MONEY 5 and 6.D26, SECURITY M. */
#include "paysrv/flow/message/webhook_delivery.h"

#include "paysrv/app.h"
#include "paysrv/domain/api_version.h"
#include "paysrv/domain/message/webhook.h"
#include "paysrv/domain/message/webhook_excerpt.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/batch_webhook.sql.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/webhook.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/batch.h"
#include "shared/net/fetch.h"
#include "shared/net/retry_after.h"
#include "shared/net/standard_webhook.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"
#include "shared/text/shape.h"
#include "web/operator/pages.h"

#define ATTEMPT_LIMIT_S 15
#define ENVELOPE_MAX_BYTES 1024
#define MESSAGE_MAX_BYTES 20000 /* as Standard Webhooks asks for */

bytes webhook_secret_seal(struct task *t, str endpoint, str secret_text)
{
    const struct app *app = t->app;
    return seal(t->arena, &app->sealing_key, bytes_of(secret_text), endpoint);
}

SHAPE(webhook_message, "WebhookMessage",
      "type: string, timestamp: time, sequence?: integer, account?: string | null, store?: string, livemode?: boolean, "
      "data: EventData")

SHAPE(event_object, "EventObject", "id: string, object: string, user?: string, erased?: boolean")

/* What a thin message says of its object: which one it is, as `about` of the list names it where it has no id of its
 * own. */
static void thin_write(struct task *t, struct json *j, const struct webhook_delivery_due_row *d)
{
    const struct json_value *v;
    str id = d->object_id, object = STR_NONE;
    if (json_parse_own(t->arena, d->data, &v)) {
        json_get_str(v, "id", &id);
        json_get_str(v, "object", &object);
    }
    json_object(j, "data");
    json_str(j, "id", id);
    json_str_or_null(j, "object", object);
    json_close(j);
}

static str message_of(struct task *t, const struct webhook_endpoints_claim_row *endpoint,
                      const struct webhook_delivery_due_row *d, bool is_thin)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, d->data.n + ENVELOPE_MAX_BYTES); /* whatever an object has grown to */
    json_begin(&j, &out);
    json_str(&j, "type", d->type);
    json_time(&j, "timestamp", d->created_at);
    if (d->sequence > 0)
        json_i64(&j, "sequence", d->sequence);
    json_str_or_null(&j, "account", d->account);
    json_str(&j, "store", d->store);
    json_bool(&j, "livemode", endpoint->is_live);
    if (is_thin)
        thin_write(t, &j, d);
    else
        json_raw(&j, "data", d->data);
    json_end(&j);
    int version = API_VERSION_NEWEST;
    (void)api_version_parse(endpoint->api_version, &version);
    return api_version_render(t->arena, version, STR("webhook_message"), buf_str(&out));
}

/* Who gets receipts is a cash register, which may have no token to read them with. */
static bool is_told_whole(const struct webhook_delivery_due_row *d)
{
    return str_starts(d->type, STR("receipt."));
}

/* What receivers may have to take in at most: of what is larger they get the name, and read it. */
static str body_of(struct task *t, const struct webhook_endpoints_claim_row *endpoint,
                   const struct webhook_delivery_due_row *d)
{
    str body = message_of(t, endpoint, d, endpoint->is_thin);
    return body.n <= MESSAGE_MAX_BYTES || is_told_whole(d) ? body : message_of(t, endpoint, d, true);
}

static str secret_open(struct task *t, const struct webhook_endpoints_claim_row *endpoint, bytes sealed)
{
    const struct app *app = t->app;
    bytes plain = { 0 };
    if (!sealed.p || !unseal(t->arena, &app->sealing_key, sealed, endpoint->webhook_endpoint_id.v, &plain))
        return STR("");
    return (str){ (const char *)plain.p, plain.n };
}

void webhook_secrets_open(struct task *t, const struct webhook_endpoints_claim_row *endpoint,
                          struct webhook_secrets *ret)
{
    ret->now = secret_open(t, endpoint, endpoint->secret);
    ret->before = secret_open(t, endpoint, endpoint->previous_secret);
}

/* One signature for each secret, separated by a blank. false: the secret is unusable. */
static bool sign(struct task *t, const struct webhook_secrets *secrets, str id, int64_t timestamp_s, str body, str *ret)
{
    str before;
    if (!webhook_sign(t->arena, secrets->now, id, timestamp_s, body, ret))
        return false;
    if (secrets->before.n > 0 && webhook_sign(t->arena, secrets->before, id, timestamp_s, body, &before))
        *ret = arena_printf(t->arena, "%.*s %.*s", STR_ARG(*ret), STR_ARG(before));
    return true;
}

/* One POST. The timestamp is of this attempt, the id is the event's. */
static void attempt(struct task *t, const struct webhook_endpoints_claim_row *endpoint,
                    const struct webhook_secrets *secrets, const struct webhook_delivery_due_row *d,
                    struct fetch_answer *ret)
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
                                      .limit = SECONDS(ATTEMPT_LIMIT_S) };
    fetch(t, &rq, ret);
}

struct switching_off {
    const struct webhook_endpoints_claim_row *endpoint;
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
    TRY(webhook_endpoint_disable(t, x->why, x->endpoint->webhook_endpoint_id, x->endpoint->url, WEBHOOK_COUNT_MOST,
                                 &row));
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
                                             .waiting = webhook_counted(t->arena, row->waiting) };
    struct mail_draft draft = mail_draft_make(t, row->contact_email, LANGUAGE_EN, letter_of(t, &m));
    return mail_insert(t, draft.id, STR("webhook_disabled"), draft.recipient, draft.content, &n);
}

/* ---- what came of it ---- */

struct recording {
    struct webhook_deliveries_record_item item;
    bool recorded; /* out: it was not asked for again meanwhile */
};

static err outcomes_run(struct task *t, void *const *items, size_t n)
{
    struct webhook_deliveries_record_item *made = arena_array(t->arena, struct webhook_deliveries_record_item, n);
    const struct webhook_deliveries_record_row *rows;
    size_t n_rows;
    for (size_t i = 0; i < n; i++) {
        struct recording *o = items[i];
        made[i] = o->item;
        o->recorded = false;
    }
    TRY(webhook_deliveries_record(t, made, n, &rows, &n_rows));
    for (size_t i = 0; i < n_rows; i++)
        ((struct recording *)items[rows[i].n - 1])->recorded = true;
    return OK;
}

struct db_batch *webhook_outcomes_open(struct arena *process, const struct db_config *config, size_t max)
{
    return db_batch_create(process, config, max, outcomes_run);
}

/* An endpoint that is gone says so of whatever is under way: that waits as the rest does until it is enabled again. */
static const char *state_of(enum webhook_outcome outcome)
{
    static const char *const states[] = { [WEBHOOK_DELIVERED] = "delivered",
                                          [WEBHOOK_TRY_AGAIN] = "pending",
                                          [WEBHOOK_GIVEN_UP] = "failed",
                                          [WEBHOOK_GONE] = "pending" };
    return states[outcome];
}

/* When it is due again. A pause counts from the end of the attempt, which may take longer than the pause. What was
 * answered by one that is gone keeps its place before later events of its object. */
static instant due_after(struct task *t, const struct webhook_delivery_due_row *d, const struct webhook_result *result)
{
    instant ended = instant_add(t->now, result->took);
    unsigned char luck;
    random_bytes(&luck, 1);
    if (result->outcome == WEBHOOK_GONE)
        return d->due_at;
    return instant_add(ended, webhook_pause(d->attempts + 1, luck, result->retry_after_s));
}

/* Why there was no answer, for its partner. What is wrong here is for the log. */
static str silence_of(struct task *t, enum fetch_cause cause)
{
    static const char *const causes[] = {
        [FETCH_CAUSE_OTHER] = "no answer",
        [FETCH_CAUSE_ADDRESS] = "the address is not allowed",
        [FETCH_CAUSE_NAME] = "the name was not found",
        [FETCH_CAUSE_CONNECTION] = "no connection could be made",
        [FETCH_CAUSE_EXPIRED] = "the certificate has expired",
        [FETCH_CAUSE_CERTIFICATE] = "the certificate is not trusted, or is another name's",
        [FETCH_CAUSE_TLS] = "TLS failed",
        [FETCH_CAUSE_BROKEN] = "the connection was broken off",
        [FETCH_CAUSE_TOO_LARGE] = "the answer is too large",
    };
    return cause == FETCH_CAUSE_TIME ? arena_printf(t->arena, "no answer in %d s", ATTEMPT_LIMIT_S)
                                     : str_of(causes[cause]);
}

/* What is kept of an attempt that failed. */
struct complaint {
    str why, excerpt;
};

static struct complaint complaint_of(struct task *t, const struct webhook_result *result,
                                     const struct fetch_answer *answer)
{
    if (result->outcome == WEBHOOK_DELIVERED)
        return (struct complaint){ STR_NONE, STR_NONE };
    if (!result->status)
        return (struct complaint){ silence_of(t, answer->cause), STR_NONE };
    return (struct complaint){ arena_printf(t->arena, "the endpoint answered %d", result->status),
                               webhook_excerpt(t->arena, answer->content_type, answer->body) };
}

static err outcome_record(struct task *t, const struct webhook_endpoints_claim_row *endpoint,
                          const struct webhook_delivery_due_row *d, const struct webhook_result *result,
                          const struct complaint *complaint)
{
    const struct app *app = t->app;
    struct recording o = { .item = { .endpoint = endpoint->webhook_endpoint_id.v,
                                     .event = d->event_id.v,
                                     .was_due_us = d->due_at.us,
                                     .status = str_of(state_of(result->outcome)),
                                     .due_us = due_after(t, d, result).us,
                                     .answered = result->status,
                                     .why = complaint->why,
                                     .excerpt = complaint->excerpt } };
    CRASH_POINT("webhook.before_record");
    TRY(db_batch_join(t, app->webhook_outcomes, outcomes_run, &o));
    if (!o.recorded || (result->outcome != WEBHOOK_GONE && result->outcome != WEBHOOK_GIVEN_UP))
        return OK;
    struct switching_off x = { endpoint, complaint->why };
    TRY(db_tx(t, switch_off, &x));
    mail_wake(t);
    return OK;
}

err webhook_deliver(struct task *t, const struct webhook_endpoints_claim_row *endpoint,
                    const struct webhook_secrets *secrets, const struct webhook_delivery_due_row *d,
                    struct webhook_result *ret)
{
    struct fetch_answer answer = { 0 };
    int64_t began_us = monotonic_us();
    attempt(t, endpoint, secrets, d, &answer);
    const duration took = { monotonic_us() - began_us };
    int status = answer.outcome == FETCH_ANSWERED ? answer.status : 0;
    *ret =
        (struct webhook_result){ .outcome = webhook_judge(status, d->attempts + 1),
                                 .status = status,
                                 .took = took,
                                 .retry_after_s = retry_after_seconds(answer.retry_after, instant_add(t->now, took)) };
    const struct complaint complaint = complaint_of(t, ret, &answer);
    pay_metrics_webhook(t, ret->outcome);
    log_info(t, "webhook.attempted", L_STR("endpoint", endpoint->webhook_endpoint_id.v), L_STR("event", d->event_id.v),
             L_I64("status", status), L_STR("why", answer.why));
    return outcome_record(t, endpoint, d, ret, &complaint);
}
