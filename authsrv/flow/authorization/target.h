/* Scope, resource and details of a request at a back channel, where mistakes are told to the client directly. */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* What the scope is for (domain/scope.h), or INVALID_TARGET. resource absent: not asked for by name. */
MUST_USE err target_choose(struct task *t, str scope, str resource, str *ret_scope, str *ret_audience);
/* Every word of want is in have, or INVALID_SCOPE names the first one that `is` this: "is more than was granted". */
MUST_USE err scope_within(struct task *t, str have, str want, const char *is);
/* As far as this client may ask: missing, or nothing of it allowed, is INVALID_SCOPE. */
MUST_USE err target_ask(struct task *t, const struct client *client, str scope, str resource, str *ret_scope,
                        str *ret_audience);
/* authorization_details of a request for this scope, judged and in canonical form; absent: *ret stays.
 * INVALID_AUTHORIZATION_DETAILS. */
MUST_USE err details_ask(struct task *t, const struct client *client, str scope, str parameter, str *ret);
