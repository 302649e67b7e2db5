/* Appending to the audit log and reading it. */
#include "authsrv/flow/audit.h"

#include "authsrv/store/audit.sql.h"

err audit_write(struct task *t, str actor, str action, str object, str detail)
{
    int64_t n;
    return audit_add(t, actor, action, object, detail, &n);
}

err audit_read(struct task *t, const struct audit_filter *f, int64_t limit, const struct audit_page_row **rows,
               size_t *n)
{
    return audit_page(t,
                      &(struct audit_page_args){ .before = f->before,
                                                 .since = f->since,
                                                 .until = f->until,
                                                 .actor = f->actor,
                                                 .action = f->action,
                                                 .object = f->object,
                                                 .tenant = f->tenant,
                                                 .limit = limit },
                      rows, n);
}
