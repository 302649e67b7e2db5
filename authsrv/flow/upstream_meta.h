/* What a partner's provider publishes: its metadata, cached in this process, and its keys (flow/jwks_cache.h). */
#pragma once

#include "authsrv/store/partner.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/jose/jose.h"

struct upstream_meta {
    str authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri;
    bool basic;     /* client_secret_basic, else client_secret_post */
    bool sends_iss; /* authorization_response_iss_parameter_supported */
};

/* Copied into the task. Fetched when older than ten minutes; a failed refresh leaves the old one for a day. */
MUST_USE err upstream_meta_get(struct task *t, const struct partner_find_row *partner, struct upstream_meta *ret);
/* Verifies an ID token with the partner's keys. */
MUST_USE err upstream_verify(struct task *t, const struct partner_find_row *partner, const struct upstream_meta *meta,
                             str token, const struct json_value **claims);
