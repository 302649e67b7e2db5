/* What the endpoints of webhooks share: whose endpoint it is, which events it wants, and how it is shown. */
#pragma once

#include "paysrv/store/webhook.rows.h"
#include "shared/http/endpoint.h"
#include "shared/text/json_out.h"

struct json_value;

/* That of the path, or NOT_FOUND. */
MUST_USE err webhook_endpoint_load(struct task *t, const struct request *rq,
                                   const struct webhook_endpoint_find_row **ret);
/* The address may be called, and leads to nothing inside; INVALID_PARAMETER naming url. */
/* payload: full or thin; version: one that there is. Absent is good. INVALID_PARAMETER names them. */
MUST_USE err webhook_form_check(struct task *t, str payload, str version);
MUST_USE err webhook_url_check(struct task *t, str url);
/* Absent or empty: all of them. INVALID_PARAMETER naming events. */
MUST_USE err webhook_events_read(struct task *t, const struct json_value *v, str_array *ret);
/* The fields of the object; secret_text absent: not shown. */
void webhook_endpoint_write(struct json *j, const struct webhook_endpoint_find_row *row, str secret_text);
/* The same as a text. */
str webhook_endpoint_document(struct task *t, const struct webhook_endpoint_find_row *row);
