/*
 * What a person holds, for the operator and for the person: sessions, grants, consents. Ending is audited. tenant: only
 * what is this partner's; absent: anybody's.
 */
#pragma once

#include "authsrv/store/newtypes.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* With the session end its grants, but those for offline use. NOT_FOUND: no such live session. */
MUST_USE err session_kill(struct task *t, str actor, str tenant, str sid);
/* All of a user's sessions; *n: how many there were. */
MUST_USE err sessions_kill(struct task *t, str actor, user_id user, int64_t *n);
/* The grant and all its tokens. */
MUST_USE err grant_end(struct task *t, str actor, str tenant, str id);
/* What the user allowed to the client, with all grants from it. NOT_FOUND: nothing was allowed, nothing is held. */
MUST_USE err consent_end(struct task *t, str actor, user_id user, client_id client);
