/* What we ask the issuer for as a client of it: its metadata, an endpoint, and how we authenticate there. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/json_in.h"

MUST_USE err issuer_metadata(struct task *t, const struct json_value **ret);
MUST_USE err issuer_endpoint(struct task *t, const struct json_value *metadata, const char *name, str *ret);
/* The Authorization header of our client, operator_client_id. */
str issuer_basic(struct task *t);
