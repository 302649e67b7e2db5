/*
 * Where a partner's service is and what it can: its metadata, cached in this process, with its keys
 * (flow/client/jwks_cache.h); for plain OAuth 2.0 what the operator said.
 */
#pragma once

#include "authsrv/flow/upstream/upstream_load.h"
#include "shared/jose/jose.h"

struct upstream_meta {
    str authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri;
    str end_session_endpoint;    /* absent: none, or not one where a browser may be sent */
    enum upstream_auth auth;     /* client_secret_basic where nothing is published */
    enum jose_alg assertion_alg; /* of private_key_jwt: the first of ours that it takes */
    bool sends_iss;              /* authorization_response_iss_parameter_supported */
};

/* Copied into the task. Fetched when older than ten minutes; a failed refresh leaves the old one for a day. One that
 * names another issuer or sends codes elsewhere than before is refused: PARTNER_FAILED until that is over. */
MUST_USE err upstream_meta_get(struct task *t, const struct upstream *up, struct upstream_meta *ret);
/* Whether this address of the partner's service is one that an operator registered: the issuer's own origin, and all of
 * plain OAuth 2.0. What its metadata name elsewhere is not. */
bool upstream_is_own(struct task *t, const struct upstream *up, str url);
