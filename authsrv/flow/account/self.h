/* What persons do with their own account beyond signing in: look, end, take along, leave. */
#pragma once

#include "authsrv/store/newtypes.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* Ends one of one's own sessions; NOT_FOUND: there is none, or it is somebody else's. */
MUST_USE err self_session_end(struct task *t, user_id user, str sid);
/* Everything that is kept about a person, as members of an open JSON object. */
MUST_USE err self_export(struct task *t, user_id user, struct json *j);
/* For good: what the account holds ends, and what is known about the person is erased. */
MUST_USE err self_delete(struct task *t, user_id user);
