/*
 * Joining identities at partners to accounts that exist, taking them away, moving them (decision 0027). Every change is
 * written to the audit log, told by mail, and ends the account's other sessions.
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/domain/upstream/linking.h"
#include "authsrv/flow/session/session.h"
#include "authsrv/flow/upstream/upstream_load.h"
#include "authsrv/store/flow.rows.h"
#include "authsrv/store/identity.rows.h"

/* Whether somebody unknown is to be told that an account with the same address exists. */
MUST_USE err link_offer_due(struct task *t, const struct upstream *up, const struct partner_person *person, bool *due);
/* Keeps with the flow what a partner proved. linking: the account is known already, nothing has to be asked. */
MUST_USE err link_keep(struct task *t, flow_id flow, const struct upstream *up, const struct partner_person *person,
                       bool linking);
/* *ret NULL: nothing waits. */
MUST_USE err link_pending(struct task *t, flow_id flow, const struct pending_find_row **ret);
MUST_USE err link_forget(struct task *t, flow_id flow);
/* As the partner's answer was. */
struct partner_person link_person(const struct pending_find_row *p);

/* Whether what waits may be joined to the account of this session, which is NULL when the flow proves none. */
MUST_USE err link_examine(struct task *t, const struct session *proven, const struct pending_find_row *p,
                          enum link_verdict *ret);
/* Joins it, on the way to this application. The session is one of now; LINK_TAKEN: somebody was quicker. */
MUST_USE err link_make(struct task *t, flow_id flow, const struct client *client, const struct session *proven,
                       const struct pending_find_row *p, enum link_verdict *ret);

/* Takes one away. by: the owner's session, the only one that goes on; NULL: the mail's link, or the operator.
 * NOT_FOUND: the account has none of this id; CONFLICT: it is the last way in. */
MUST_USE err link_remove(struct task *t, str actor, user_id user, const struct session *by, str id);
/* What the mail brought. *ret NULL: used, too old, or never valid. */
MUST_USE err link_of_undo(struct task *t, str token, const struct identity_of_undo_row **ret);

/*
 * An operator's work: identities of one partner become those of another, as the map says, all or none. scope: what the
 * caller may do, whose accounts may do no more; absent: the operator at the machine.
 */
struct identity_mover {
    str actor, scope;
};
MUST_USE err identities_move(struct task *t, const struct identity_mover *who, str from, str to,
                             const struct json_value *map, size_t *n);
