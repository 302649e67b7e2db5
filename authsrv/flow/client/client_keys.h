/* The keys that a client registered: by value (jwks) or under a URL (jwks_uri), never both (RFC 7591 section 2). */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/task.h"
#include "shared/jose/jose.h"

/* Held until the task ends. NULL: the client has none, or they cannot be had. anew: as jwks_get. */
const struct jose_set *client_keys(struct task *t, const struct client *client, bool anew);
/* Verifies with the client's keys; an unknown kid is looked for anew. */
enum jws_verdict client_verify(struct task *t, const struct client *client, const struct jws_want *want, str token,
                               struct jws_read *ret);
