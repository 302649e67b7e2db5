/*
 * A change of what somebody logs in with. It is one at a time for each account, ends the sessions that began before,
 * and is made by nobody whose own session another change has ended (decision 0103).
 */
#pragma once

#include "authsrv/flow/session/session.h"

/*
 * The first statement of a db_tx_in_turn. by: the session that makes the change, which goes on; NULL: somebody who
 * proved himself otherwise, as by a mailed code, or the operator. ACCOUNT_DISABLED; NOT_LOGGED_IN: the session is over,
 * and a browser is led to the log-in.
 */
MUST_USE err credentials_change(struct task *t, user_id user, const struct session *by);
