/*
 * A change of what somebody logs in with. It is one at a time for each account, ends the sessions that began before,
 * and is made by nobody whose own session another change has ended (decision 0103).
 */
#pragma once

#include "authsrv/flow/session/session.h"

/*
 * The first statement of a db_tx_in_turn, but for what holds the account already (user_settle). by: the session that
 * makes the change, which goes on; NULL: somebody who proved himself otherwise, as by a mailed code, or the operator,
 * also of an account that is disabled. NOT_LOGGED_IN: the session is over, or the account disabled, and a browser is
 * led to the log-in; NOT_FOUND.
 */
MUST_USE err credentials_change(struct task *t, user_id user, const struct session *by);
