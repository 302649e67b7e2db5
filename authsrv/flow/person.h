/* The claims about a user that we can make, read from the account. */
#pragma once

#include "authsrv/domain/claims.h"
#include "authsrv/store/newtypes.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* NULL: the account is disabled. */
MUST_USE err person_load(struct task *t, user_id user, const struct person **ret);
