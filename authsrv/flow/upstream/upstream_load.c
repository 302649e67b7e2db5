/* See upstream_load.h. */
#include "authsrv/flow/upstream/upstream_load.h"

#include "authsrv/faults.h"
#include "authsrv/store/partner.sql.h"

static err read(struct task *t, const struct partner_find_row *row, const struct upstream **ret)
{
    struct upstream *up = arena_new(t->arena, struct upstream);
    str param, explain;
    *ret = NULL;
    if (!row)
        return OK;
    up->row = row;
    if (!upstream_settings_read(t->arena, row->settings, &up->set, &param, &explain))
        return FAIL(t, INTERNAL, "settings of partner %.*s: %.*s: %.*s", STR_ARG(row->slug), STR_ARG(param),
                    STR_ARG(explain));
    *ret = up;
    return OK;
}

err upstream_load(struct task *t, str slug, const struct upstream **ret)
{
    const struct partner_find_row *row;
    TRY(partner_find(t, slug, &row));
    return read(t, row, ret);
}

err upstream_of_issuer(struct task *t, str issuer, const struct upstream **ret)
{
    const struct partner_find_row *row;
    TRY(partner_of_issuer(t, issuer, &row));
    return read(t, row, ret);
}
