/*
 * One authorization from request to answer. Its state is a row bound to the browser; pages only move it on:
 * open -> approved -> done (the answer was given), or open -> refused -> done (an error was given).
 */
#pragma once

#include "authsrv/domain/authorization/interaction.h"
#include "authsrv/domain/client/client.h"
#include "authsrv/flow/authorization/answer.h"
#include "authsrv/flow/session/session.h"
#include "authsrv/store/flow.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

/* What this flow needs next, in this browser's session (NULL: none). */
MUST_USE err flow_judge(struct task *t, const struct flow_find_row *flow, const struct client *client,
                        const struct session *session, enum interaction *ret);

/* Whether this session's log-in happened within this very flow, or was shown to be fresh when it began. NULL: none. */
bool flow_proves(const struct flow_find_row *flow, const struct session *session);

/* Remembers that this account was chosen. */
MUST_USE err flow_choose(struct task *t, flow_id id, digest browser, const struct session *session);
/* Approves the flow in the name of the session. */
MUST_USE err flow_allow(struct task *t, flow_id id, digest browser, const digest *session_hash);
/* As flow_allow, and remembers the consent. */
MUST_USE err flow_consent(struct task *t, const struct flow_find_row *flow, const struct client *client, digest browser,
                          const struct session *session);
MUST_USE err flow_deny(struct task *t, flow_id id, digest browser, str error);

/* What ends an approved or refused flow, once. *ret NULL: it was done already, or is not ready. */
MUST_USE err flow_finish(struct task *t, const struct flow_find_row *flow, const struct client *client, digest browser,
                         const struct answer **ret);

/* Fills and closes the answer to what was granted; g says which parts are wanted. */
struct user_grant;
MUST_USE err flow_answer(struct task *t, const struct flow_find_row *flow, const struct flow_grant_row *row,
                         struct user_grant *g, struct answer *answer);

/* Single claims that the flow asks for beyond its scope, for which consent is asked as well. */
MUST_USE err flow_claims(struct task *t, const struct flow_find_row *flow, str *ret);
/* Whether the ID token is to say when the log-in was: as the client is registered, or by the claims parameter. */
MUST_USE err flow_wants_auth_time(struct task *t, const struct flow_find_row *flow, const struct client *client,
                                  bool *ret);
