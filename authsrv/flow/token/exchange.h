/* One token exchange (RFC 8693): from the presented tokens to the new one, which stays under the same grant. */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/flow/token/tokens.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct exchange_in {
    str subject_token, subject_token_type, actor_token, actor_token_type, requested_token_type;
    str scope, resource, audience; /* absent: not asked for */
};

MUST_USE err exchange_run(struct task *t, const struct client *client, const struct exchange_in *in,
                          struct token_answer *ret);
