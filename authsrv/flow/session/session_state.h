/*
 * Session Management 1.0: what a browser may know of its log-in state. The cookie, readable by the script of
 * check_session_iframe, is derived from the session's sid and is good for nothing else.
 */
#pragma once

#include "authsrv/store/newtypes.h"
#include "shared/base/str.h"
#include "shared/base/task.h"

#define BROWSER_STATE_COOKIE "__Host-stoa_state"

/* The value of the cookie in a session. */
str browser_state_of(struct task *t, str sid);
/* session_state of an authorization response (section 3); absent where the redirect URI has no origin. */
str session_state_of(struct task *t, str sid, client_id client, str redirect_uri);
