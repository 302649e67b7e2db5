/* What a partner's provider publishes: its metadata and its keys, cached in this process. */
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
/*
 * Verifies with the keys at jwks_uri, which are cached under name; an unknown kid refetches them, at most once a
 * minute.
 */
enum jws_verdict upstream_keys_verify(struct task *t, str name, str jwks_uri, const char *typ, str token,
                                      const struct json_value **claims);
/* Verifies an ID token with the partner's keys, cached under its issuer. */
MUST_USE err upstream_verify(struct task *t, const struct partner_find_row *partner, const struct upstream_meta *meta,
                             str token, const struct json_value **claims);
