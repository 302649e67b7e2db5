/*
 * Signatures that were verified already. Who asks about tokens asks about the same ones again and again, and verifying
 * costs more than all else together. What is kept is the digest of the whole token, the name of the key and the claims;
 * a key that is no longer among the verifiers verifies nothing, and everything else is judged anew each time.
 */
#pragma once

#include "shared/base/task.h"
#include "shared/jose/jose.h"

struct verified;

struct verified *verified_create(struct arena *process);
/* As jws_verify of an access token. */
bool verified_read(struct task *t, const struct jose_set *keys, str token, const struct json_value **claims);
