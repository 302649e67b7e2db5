/*
 * Idempotency keys (draft-ietf-httpapi-idempotency-key-header, SECURITY N): what a key is, what a request's
 * fingerprint is, and what a stored key means for a request that comes with it.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/str.h"

#define IDEMPOTENCY_KEY_MAX 255

/* The header's value, bare or as a quoted string: 1 to 255 printable ASCII characters. */
bool idempotency_key_parse(str header, str *ret);
/* SHA-256 of method, path and body: a document's canonical text, so that two spellings have one, or the bytes. */
digest idempotency_fingerprint(struct arena *a, str method, str path, str body);

enum idempotency_verdict {
    KEY_FRESH = 1,   /* nothing is stored: this request is the first */
    KEY_MISMATCH,    /* the key belongs to another request */
    KEY_ANSWERED,    /* the stored answer is the answer */
    KEY_IN_PROGRESS, /* the first request has no answer yet */
};
enum idempotency_verdict idempotency_judge(bool found, const digest *stored, bool answered, const digest *now);
