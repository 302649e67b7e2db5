/* A session that lacks only a second factor for what an application wants is asked for that alone (RFC 9470). */
#pragma once

#include "authsrv/browser.h"

/* The session of this browser, with a code of its owner's authenticator, would serve the flow, and without would not.
 */
MUST_USE err step_up_suffices(struct task *t, const struct visit *v, bool *ret);
