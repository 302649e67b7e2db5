/*
 * Who may call. GUARD_CLIENT authenticates the client application: rq->caller is its struct client.
 * GUARD_FORM stands before forms of our own pages: only our own origin may post them. GUARD_REGISTRATION wants an
 * initial access token (RFC 7591 section 3). GUARD_VISIT stands before addresses at which a browser's arrival does
 * something: a prefetch or a HEAD must not do it. GUARD_WEB_IDENTITY lets in what the browser itself asks (FedCM),
 * which no script can imitate.
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/http/endpoint.h"

extern const struct guard GUARD_CLIENT;
extern const struct guard GUARD_FORM;
extern const struct guard GUARD_VISIT;
extern const struct guard GUARD_REGISTRATION;
extern const struct guard GUARD_WEB_IDENTITY;

/* The token of an Authorization header; false: none, or another scheme. */
bool bearer_read(const struct request *rq, str *token);

static inline const struct client *client_of(const struct request *rq)
{
    return rq->caller;
}
