/* A session that lacks only a second factor for what an application wants is asked for that alone (RFC 9470). */
#pragma once

#include "authsrv/browser.h"

/* The session of this browser, with a code of its owner's authenticator, would serve the flow, and without would not.
 */
MUST_USE err step_up_suffices(struct task *t, const struct visit *v, bool *ret);
/*
 * The same of somebody who has no authenticator yet, gave the password within this very flow, and is there to be asked:
 * he may get one on the way. A log-in at a partner is not enough: whoever vouches for it could bring the second factor
 * that is meant to be independent of him.
 */
MUST_USE err step_up_enrols(struct task *t, const struct visit *v, bool *ret);
