/* See webhook_request.h. */
#include "paysrv/webhook_request.h"

#include "paysrv/domain/api_version.h"
#include "paysrv/domain/message/event_type.h"
#include "paysrv/faults.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/store/webhook.sql.h"
#include "shared/net/fetch.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 32768
#define EVENTS_MAX 200 /* more than there are types */

err webhook_endpoint_load(struct task *t, const struct request *rq, const struct webhook_endpoint_find_row **ret)
{
    webhook_endpoint_id id = { request_path_param(rq, "endpoint") };
    TRY(partner_itself(t, rq));
    TRY(webhook_endpoint_find(t, caller_of(rq)->partner, id, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such endpoint of this partner");
}

err webhook_url_check(struct task *t, str url)
{
    str why;
    return fetch_url_is_allowed(t->fetcher, url, &why) ? OK : FAIL_PARAM(t, INVALID_PARAMETER, STR("url"), why);
}

err webhook_form_check(struct task *t, str payload, str version)
{
    int index;
    if (str_given(payload) && !str_eq(payload, STR("full")) && !str_eq(payload, STR("thin")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("payload"), STR("must be full or thin"));
    if (str_given(version) && !api_version_parse(version, &index))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("api_version"),
                          arena_printf(t->arena, "must be one of %.*s", STR_ARG(api_version_list(t->arena))));
    return OK;
}

err webhook_events_read(struct task *t, const struct json_value *v, str_array *ret)
{
    size_t n = v ? json_size(v) : 0;
    str *items = arena_array(t->arena, str, n ? n : 1);
    if (v && (json_kind(v) != JSON_ARRAY || n > EVENTS_MAX))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("events"), STR("a list of event types; empty or absent: all"));
    for (size_t i = 0; i < n; i++)
        if (!json_is_str(json_item(v, i), &items[i]) || !event_type_exists(items[i]))
            return FAIL_PARAM(t, INVALID_PARAMETER, arena_printf(t->arena, "events[%zu]", i),
                              STR("is no event type, such as payment.succeeded"));
    *ret = (str_array){ items, n };
    return OK;
}

SHAPE(
    webhook_endpoint, "WebhookEndpoint",
    "id: string, object: 'webhook_endpoint', url: string, events: string[], status: 'enabled' | "
    "'disabled', disabled_reason: string | null, store: string | null, contact_email: string | null, payload: 'full' | "
    "'thin', api_version: string | null, max_in_flight: integer, secret?: "
    "string, previous_secret_expires_at?: "
    "time, created_at: time")

void webhook_endpoint_write(struct json *j, const struct webhook_endpoint_find_row *row, str secret_text)
{
    json_str(j, "id", row->webhook_endpoint_id.v);
    json_str(j, "object", STR("webhook_endpoint"));
    json_str(j, "url", row->url);
    json_array(j, "events");
    for (size_t i = 0; i < row->events.n; i++)
        json_str(j, NULL, row->events.items[i]);
    json_close(j);
    json_str(j, "status", row->disabled_at_given ? STR("disabled") : STR("enabled"));
    json_str_or_null(j, "disabled_reason", row->disabled_why);
    json_str_or_null(j, "store", row->store_id);
    json_str_or_null(j, "contact_email", row->contact_email);
    json_str(j, "payload", row->payload);
    json_str_or_null(j, "api_version", row->api_version);
    json_i64(j, "max_in_flight", row->max_in_flight);
    json_str(j, "secret", secret_text);
    if (row->previous_until_given)
        json_time(j, "previous_secret_expires_at", row->previous_until);
    json_time(j, "created_at", row->created_at);
}

str webhook_endpoint_document(struct task *t, const struct webhook_endpoint_find_row *row)
{
    struct buf out;
    struct json j;
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    webhook_endpoint_write(&j, row, STR_NONE);
    json_end(&j);
    return buf_str(&out);
}
