/* Client authentication at the token, introspection and revocation endpoints (RFC 6749 section 2.3). */
#pragma once

#include "authsrv/domain/client.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* What the request carried; absent slices: it did not. */
struct client_credentials {
    str authorization; /* the whole Authorization header */
    str client_id, client_secret, client_assertion;
};

/* One method per request, and the registered one. Unknown client and wrong secret are one answer. */
MUST_USE err client_authenticate(struct task *t, const struct client_credentials *c, const struct client **ret);
