/* Client authentication at the endpoints that clients call themselves (RFC 6749 section 2.3, RFC 7523, RFC 8705). */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* What the request carried; absent slices: it did not. */
struct client_credentials {
    str authorization; /* the whole Authorization header */
    str client_id, client_secret, client_assertion, client_assertion_type;
    str path;                 /* of the endpoint: its URL is good as aud of an assertion */
    bytes certificate;        /* DER, whose key the client has proved to hold */
    bool certificate_trusted; /* it chains to the configured CA */
};

/*
 * One method per request, and the registered one. Unknown client and wrong credential are one answer. Assertions are
 * used once, which the database remembers: NEED_WORKER without it.
 */
MUST_USE err client_authenticate(struct task *t, const struct client_credentials *c, const struct client **ret);
