/* The JWT bearer grant (RFC 7523 section 2.1): tokens for a user for whom a trusted issuer vouches. */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/flow/token/tokens.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct assertion_in {
    str assertion, scope, resource; /* the last two may be absent */
};
/* Whom a trusted issuer's assertion speaks of, without spending it (a hint). *user absent: nobody of ours. */
MUST_USE err assertion_hint(struct task *t, const struct client *client, str token, user_id *user);
MUST_USE err assertion_run(struct task *t, const struct client *client, const struct assertion_in *in,
                           struct token_answer *ret);
