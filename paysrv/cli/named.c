/* See named.h. */
#include "paysrv/cli/named.h"

#include <stdio.h>

#include "paysrv/store/partner.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/ops/cli.h"

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

int partner_option(struct task *t, const char *slug)
{
    bool is_there = true;
    err e = slug ? partner_is_there(t, str_of(slug), &is_there) : OK;
    if (e)
        return cli_failed(e);
    if (!is_there)
        fprintf(stderr, "paysrv: no partner %s\n", slug);
    return is_there ? CLI_DONE : CLI_FAILED;
}
