/* Scope and resource of a request at a back channel, where mistakes are told to the client directly. */
#pragma once

#include "authsrv/domain/client.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* What the scope is for (domain/scope.h), or INVALID_TARGET. resource absent: not asked for by name. */
MUST_USE err target_choose(struct task *t, str scope, str resource, str *ret_scope, str *ret_audience);
/* As far as this client may ask: missing, or nothing of it allowed, is INVALID_SCOPE. */
MUST_USE err target_ask(struct task *t, const struct client *client, str scope, str resource, str *ret_scope,
                        str *ret_audience);
