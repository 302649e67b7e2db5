/* See cli_named.h. */
#include "paysrv/cli_named.h"

#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"

err partner_is_there(struct task *t, str name, bool *ret)
{
    const struct partner_find_row *row;
    TRY(partner_find(t, (partner_id){ name }, &row));
    *ret = row != NULL;
    return OK;
}

err store_is_there(struct task *t, str name, bool *ret)
{
    const struct store_any_row *row;
    TRY(store_any(t, (store_id){ name }, &row));
    *ret = row != NULL;
    return OK;
}
