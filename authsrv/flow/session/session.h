/* Log-in sessions: an opaque cookie value, of which the database keeps the typed digest. */
#pragma once

#include "authsrv/counters.h"
#include "authsrv/store/batch_code.rows.h"
#include "authsrv/store/newtypes.h"
#include "authsrv/store/session.rows.h"
#include "shared/base/bytes.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

#define CREDENTIALS_FIRST 0 /* of an account that is made */

/* Whom something has proven, and by what state of his credentials: once they change, it proves nothing. */
struct proven {
    user_id user;
    int64_t cred_version;
};

struct session {
    digest id_hash;
    const struct session_find_row *row;
};

/* What a session proves. */
static inline struct proven session_proof(const struct session *s)
{
    return (struct proven){ s->row->user_id, s->row->cred_version };
}

/* And once it made a change of the credentials, whose session goes on (flow/account/credentials.h). */
static inline struct proven session_proof_after_change(const struct session *s)
{
    return (struct proven){ s->row->user_id, s->row->cred_version + 1 };
}

/* A browser session that was last used before this is idle. */
instant session_seen_after(const struct task *t);
/* *ret is NULL when the cookie names no live session. */
MUST_USE err session_load(struct task *t, str cookie, const struct session **ret);

struct session_new {
    struct proven who;
    enum login_method method;           /* what this log-in is counted as; nothing said and a partner: that */
    str amr;                            /* RFC 8176 words of what really happened */
    instant auth_time;                  /* when it happened; 0: nobody knows, a session that goes on keeps its own */
    str partner;                        /* absent: our own password */
    str upstream_subject, upstream_sid; /* of the log-in at the partner; absent: of our own, or the same as before */
    bytes upstream_hint;                /* flow/upstream/upstream_end.h; likewise absent */
    str old_cookie;                     /* the session of this browser that it replaces; absent: none */
};
/*
 * Always a new id, since an id never survives a change of privilege; the same person's session keeps its sid, so that
 * his applications stay logged in. *cookie absent: the account was disabled, or its credentials changed
 * since the proof.
 */
MUST_USE err session_begin(struct task *t, const struct session_new *n, str *cookie, digest *id_hash);
