/* Appending to the audit log and chaining it. */
#include "authsrv/flow/audit.h"

#include "authsrv/store/audit.sql.h"
#include "shared/db/db.h"

err audit_write(struct task *t, str actor, str action, str object, str detail)
{
    int64_t n;
    return audit_add(t, actor, action, object, detail, &n);
}

/* Serializable: two processes that chain the same rows do not both commit. */
static err chain_in_tx(struct task *t, void *context)
{
    int64_t *n = context;
    return audit_chain_extend(t, n);
}

err audit_chain(struct task *t)
{
    int64_t n;
    do
        TRY(db_tx(t, chain_in_tx, &n));
    while (n == 200);
    return OK;
}
