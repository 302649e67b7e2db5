/* Reading tokens back, for all requests that wait for that at the same time. */
#pragma once

#include "authsrv/store/batch_token.rows.h"
#include "shared/base/bytes.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/db/batch.h"

/* *ret NULL: the token does not count any more. */
MUST_USE err token_load(struct task *t, str jti, const struct tokens_find_row **ret);
MUST_USE err client_token_good(struct task *t, str jti, client_id client, bool *ret);
/* *ret NULL: no such refresh token. That it was used long ago the row says (decision 0041). */
MUST_USE err refresh_load(struct task *t, str token, const struct refresh_find_row **ret);

struct rotation {
    grant_id grant;
    digest token_hash, successor_hash;
    bytes successor_sealed;
    str jti, scope;
    str bound_key; /* absent: none */
    instant access_expires_at;
};
/* Replaces a current refresh token. *done false: somebody else was first, or the grant is gone. */
MUST_USE err refresh_replace(struct task *t, const struct rotation *r, bool *done);

MUST_USE err tokens_run(struct task *t, void *const *items, size_t n);
MUST_USE err client_tokens_run(struct task *t, void *const *items, size_t n);
MUST_USE err refreshes_run(struct task *t, void *const *items, size_t n);
MUST_USE err rotations_run(struct task *t, void *const *items, size_t n);
