/*
 * The chain over an audit log: a schema that has the tables audit (id, ...) and audit_chain (seq, audit_id, prev, hash)
 * and the function audit_digest(prev, audit) has its rows chained by a job, so that who writes one waits for no
 * neighbour.
 */
#pragma once

#include "shared/base/str.h"
#include "shared/db/db.h"

/* The job: links what is new. */
MUST_USE err audit_chain(struct task *t);

struct audit_link {
    int64_t seq;
    str hash; /* hex */
};
/* SEQ:HASH as an earlier verify printed it. */
bool audit_link_parse(str text, struct audit_link *ret);

struct audit_state {
    int64_t links, broken_seq; /* 0: whole */
    int64_t unchained;         /* entries that no link is of yet: nothing shows that one of them was taken away */
    struct audit_link head;
};
/*
 * Walks the whole chain. anchor: a head that was written down before and must still be a link of it; NULL: none. Only
 * an anchor shows that the end of the log was cut off.
 */
MUST_USE err audit_verify(struct task *t, const struct audit_link *anchor, struct audit_state *ret);
