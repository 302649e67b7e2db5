/* The audit log: what was done by whom to what. Rows are appended here and chained by a job. */
#pragma once

#include "authsrv/store/audit.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

MUST_USE err audit_write(struct task *t, str actor, str action, str object, str detail);
/* The job. */
MUST_USE err audit_chain(struct task *t);

/* Absent words: all. */
struct audit_filter {
    str actor, action, object;
    str tenant; /* absent: the operator reads */
    instant since, until;
    int64_t before; /* id; INT64_MAX: from the newest */
};
MUST_USE err audit_read(struct task *t, const struct audit_filter *f, int64_t limit, const struct audit_page_row **rows,
                        size_t *n);

struct audit_link {
    int64_t seq;
    str hash; /* hex */
};
struct audit_state {
    int64_t links, broken_seq; /* 0: whole */
    struct audit_link head;
};
/*
 * Walks the whole chain. anchor: a head that was written down before and must still be a link of it; NULL: none. Only
 * an anchor shows that the end of the log was cut off.
 */
MUST_USE err audit_verify(struct task *t, const struct audit_link *anchor, struct audit_state *ret);
