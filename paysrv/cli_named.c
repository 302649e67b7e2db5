/* See cli_named.h. */
#include "paysrv/cli_named.h"

#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/user.sql.h"

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

err user_is_there(struct task *t, str name, bool *ret)
{
    const struct user_any_row *row;
    TRY(user_any(t, (user_id){ name }, &row));
    *ret = row != NULL;
    return OK;
}

err payment_is_there(struct task *t, str name, bool *ret)
{
    const struct payment_find_row *row;
    TRY(payment_any(t, (payment_id){ name }, &row));
    *ret = row != NULL;
    return OK;
}
