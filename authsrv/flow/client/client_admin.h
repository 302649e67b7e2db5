/* The operator's work on clients beyond what they can do by themselves (client_store.h). Audited, with the actor. */
#pragma once

#include "authsrv/flow/client/client_store.h"

/* Replaces all of a client: n->id names it. VERSION_DIFFERS when it is not as the caller saw it. */
MUST_USE err client_update(struct task *t, const struct client_new *n, int64_t version, struct client_issued *ret);
/* What an operator says of a client without touching its document; NULL, false: stays as it is. VERSION_DIFFERS as
 * above. */
struct client_marks {
    const bool *verified;
    bool enable;
    str challenge; /* domain/challenge.h; absent: stays. CONFLICT: the client has no credential */
};
MUST_USE err client_marks_set(struct task *t, str actor, client_id id, int64_t version, const struct client_marks *m);
/* A fresh secret, shown once; the old one counts for so many seconds more. CONFLICT: its method has no secret, or one
 * that is a key, of which there are no two. */
#define CLIENT_SECRET_OVERLAP_MAX_S 604800
MUST_USE err client_secret_rotate(struct task *t, str actor, client_id id, int64_t expire_old_in_s, str *secret_text);
/* The partner of a client must be there. */
MUST_USE err client_partner_check(struct task *t, str slug);
/* Letters, digits, '-', '_' and '.'; not what a user's id looks like. */
bool client_id_valid(str id);
