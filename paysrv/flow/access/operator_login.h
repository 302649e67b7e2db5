/*
 * Log-in of operators at the issuer: authorization code with PKCE, state, nonce and the issuer's name in the answer
 * (OpenID Connect Core 3.1, RFC 7636, RFC 9207). Whoever gets a token with pay.operator for this resource is one.
 */
#pragma once

#include "shared/base/task.h"

struct login_begun {
    str location; /* the issuer's authorization endpoint with everything */
    str browser;  /* for a cookie: binds the answer to this browser */
};

/* target: the page to go on with (domain/access/operator_target.h). NOT_FOUND when no operator client is configured,
 * UNAVAILABLE when the issuer cannot be asked. */
MUST_USE err operator_login_begin(struct task *t, str target, struct login_begun *ret);

struct login_answer {
    str code, state, iss, error;
    str browser; /* from the cookie */
};

struct login_finished {
    str session; /* value of the session's cookie */
    str target;
};

/* LOGIN_REFUSED for everything that does not fit. */
MUST_USE err operator_login_finish(struct task *t, const struct login_answer *answer, struct login_finished *ret);
MUST_USE err operator_logout(struct task *t, str session);
/* The job: expired log-ins and sessions. */
MUST_USE err operator_sweep(struct task *t);

#define OPERATOR_SESSION_S (8 * 3600)
