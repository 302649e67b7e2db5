/*
 * What a client gets as a JWT in the form that it registered: signed by us, or by nobody where it asked for `none`, and
 * then encrypted to a key of its own (OIDC Core section 10, nested as RFC 7519 appendix A.2).
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/flow/snapshot.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* alg: the registered name; absent: RS256. */
str client_jwt_sign(struct task *t, const struct snapshot *s, str alg, const char *typ, str claims);
/* alg and enc as registered; alg absent: *token stays as it is. */
MUST_USE err client_jwt_encrypt(struct task *t, const struct client *client, str alg, str enc, str *token);
