/* The key that a client proves when it asks for tokens (RFC 9449 section 5, RFC 8705 section 3): they are bound to it.
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/server/proof.h"

/* For the guard: *client becomes a copy that knows the key. Refused: a bad proof, or none where the client must. */
MUST_USE err proof_take(struct task *t, const struct request *rq, const struct client **client);
/* What a refusal tells besides: the nonce to come back with. */
void proof_nonce_offer(struct task *t, const struct request *rq, struct response *rs);
/* For endpoints that take tokens; with nonces when a proof was sent. */
struct proof_rules proof_rules_here(struct task *t, const struct request *rq);
