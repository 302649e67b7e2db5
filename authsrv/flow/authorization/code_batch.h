/*
 * Authorizations whose person is there and has allowed them before, and what their codes buy, for all requests that
 * wait for that at the same time.
 */
#pragma once

#include "authsrv/store/batch_code.rows.h"
#include "authsrv/store/newtypes.h"
#include "shared/base/bytes.h"
#include "shared/base/err.h"
#include "shared/base/instant.h"
#include "shared/base/task.h"
#include "shared/db/batch.h"

/* *ret NULL: no live session. */
MUST_USE err session_row_load(struct task *t, digest id_hash, const struct session_find_row **ret);

struct consent_key {
    user_id user;
    client_id client;
    str redirect_uri;
    int64_t version; /* of the client */
};
/* *ret NULL: nothing was allowed, or another version of the client. */
MUST_USE err consent_load(struct task *t, const struct consent_key *key, const struct consent_find_row **ret);

struct issue {
    digest session_hash, code_hash;
    client_id client;
    str grant, redirect_uri, registered_uri, scope, audience, terms;
    str nonce, challenge; /* absent: none */
    instant expires_at;   /* of the grant */
};
/* *done false: session, user or client are not good any more. */
MUST_USE err code_grant(struct task *t, const struct issue *issue, bool *done);

struct redemption_key {
    digest code_hash;
    client_id client;
    str challenge, redirect_uri; /* absent: none */
    const digest *refresh_hash;  /* NULL: no refresh token */
    str jti;
    str jkt, bound_key; /* the key that was proved, and that the refresh token is bound to; absent: none */
    instant access_expires_at;
};
/* *ret NULL: no unused code. */
MUST_USE err code_take(struct task *t, const struct redemption_key *key, const struct code_redeem_row **ret);

MUST_USE err sessions_run(struct task *t, void *const *items, size_t n);
MUST_USE err consents_run(struct task *t, void *const *items, size_t n);
MUST_USE err issues_run(struct task *t, void *const *items, size_t n);
MUST_USE err redemptions_run(struct task *t, void *const *items, size_t n);
