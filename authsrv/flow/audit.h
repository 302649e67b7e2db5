/* The audit log: what was done by whom to what. Rows are appended here and chained by a job (shared/db/audit.h). */
#pragma once

#include "authsrv/store/audit.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

MUST_USE err audit_write(struct task *t, str actor, str action, str object, str detail);

/* Absent words: all. */
struct audit_filter {
    str actor, action, object;
    str tenant; /* absent: the operator reads */
    instant since, until;
    int64_t before; /* id; INT64_MAX: from the newest */
};
MUST_USE err audit_read(struct task *t, const struct audit_filter *f, int64_t limit, const struct audit_page_row **rows,
                        size_t *n);
