/* See credentials.h. */
#include "authsrv/flow/account/credentials.h"

#include "authsrv/faults.h"
#include "authsrv/store/credential.sql.h"

err credentials_change(struct task *t, user_id user, const struct session *by)
{
    const struct credentials_touch_row *row;
    TRY(credentials_touch(t, user, by ? &by->id_hash : NULL, &row));
    if (row)
        return OK;
    if (!by)
        return FAIL(t, NOT_FOUND, "no account %.*s", STR_ARG(user.v));
    struct failure *f = FAIL(t, NOT_LOGGED_IN, "the credentials changed at the same moment");
    f->location = STR("/account");
    return f;
}
