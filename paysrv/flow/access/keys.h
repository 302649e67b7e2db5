/*
 * The issuer's public keys: found by discovery, kept in memory, replaced whole. A token with an unknown kid may cause
 * one refetch per minute (per second, while a key that the issuer took back is being replaced), so that forged tokens
 * cannot be turned into load on the issuer.
 */
#pragma once

#include "shared/base/task.h"
#include "shared/jose/jose.h"

struct keys;

struct keys *keys_create(struct arena *process, str issuer);
/* The job: fetches while there are no keys, later every five minutes. */
MUST_USE err keys_refresh(struct task *t, struct keys *k);
bool keys_usable(struct keys *k);
/*
 * The issuer took one back: fetched again at the next round of the job, or for a token that somebody signed since; and
 * again for as long as the answer is of a node of the issuer's that has not heard of it, or there is none.
 */
void keys_expire(struct keys *k, str kid);

/* What a token of the issuer's is found to be; all but the verdict only when that is JWS_GOOD. */
struct issuer_token {
    enum jws_verdict verdict;
    const struct json_value *claims;
    str kid; /* of the key that signed it; absent: it has no name */
};
/*
 * Verifies the signature of a token (of access: typ at+jwt). Fails only when it cannot judge: NEED_WORKER where
 * fetching is not possible, UNAVAILABLE while the issuer cannot be reached and no keys are known.
 */
MUST_USE err keys_verify(struct task *t, struct keys *k, const char *typ, str token, struct issuer_token *ret);
