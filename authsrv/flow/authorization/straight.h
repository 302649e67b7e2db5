/*
 * The straight way of an authorization: who asks is logged in and has allowed it before, so there is nothing to show
 * and nothing to come back to. The same rules as for every flow (flow_judge), without a flow that is kept.
 */
#pragma once

#include "authsrv/flow/authorization/answer.h"
#include "authsrv/flow/authorization/authz_request.h"
#include "authsrv/flow/session/session.h"

/* *ret NULL: it is not that simple, and takes the way of flow/authorization/authorize.h. */
MUST_USE err straight_answer(struct task *t, const struct authz_request *a, const struct session *session,
                             const struct answer **ret);
