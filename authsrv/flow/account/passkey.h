/* Passkeys of accounts: challenges, registration, log-in. */
#pragma once

#include "authsrv/flow/session/session.h"
#include "authsrv/store/credential.rows.h"

/* The site that passkeys are for (the issuer's host); absent: browsers have none for it. */
str passkey_rp(const struct task *t);
/*
 * A challenge for five minutes and for one use. It carries its own proof and what it is bound to, so that a page that
 * is only looked at leaves nothing behind.
 */
str passkey_challenge(struct task *t, str bound_to);

/* As the browser posts it, base64url; signature and user_handle of a log-in only. */
struct passkey_answer {
    str client_data, authenticator_data, id, signature, user_handle;
};
enum passkey_verdict { PASSKEY_GOOD = 1, PASSKEY_REFUSED, PASSKEY_TAKEN, PASSKEY_FULL /* no room for another */ };

MUST_USE err passkey_register(struct task *t, const struct session *by, str bound_to, const struct passkey_answer *a,
                              str name, enum passkey_verdict *verdict);
struct passkey_login {
    struct proven who;
    bool is_synced;
};
/* Refuses, and writes down, a counter that did not go up: the key may have been copied. */
MUST_USE err passkey_prove(struct task *t, str bound_to, const struct passkey_answer *a, enum passkey_verdict *verdict,
                           struct passkey_login *ret);
/* Whether this person has a passkey of this id (base64url). */
MUST_USE err passkey_is_there(struct task *t, user_id user, str id, bool *ret);
/* CONFLICT: it is the last way in. NOT_FOUND: it is not there, or not any more. */
MUST_USE err passkey_discard(struct task *t, const struct session *by, str id);
