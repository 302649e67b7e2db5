/* Merged partners, and partners that name their people anew: subjects of one issuer become subjects of another. */
#include "authsrv/domain/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/linking.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/identity.sql.h"
#include "shared/db/db.h"

struct moving {
    const struct identity_mover *who;
    const struct upstream *from, *to;
    str *old_subjects, *new_subjects;
    size_t n;
};

/* All that are named, or none: half a move would leave people with two accounts. */
static err move_in_tx(struct task *t, void *context)
{
    const struct moving *m = context;
    const struct identity_move_row *rows;
    size_t n;
    TRY(identity_move(t, m->to->row->issuer, m->to->row->slug, (str_array){ m->old_subjects, m->n },
                      (str_array){ m->new_subjects, m->n }, m->from->row->issuer, &rows, &n));
    if (n != m->n)
        return FAIL_PARAM(t, CONFLICT, STR("subjects"),
                          arena_printf(t->arena,
                                       "only %zu of the %zu old subjects are known at %.*s: nothing was moved", n, m->n,
                                       STR_ARG(m->from->row->slug)));
    for (size_t i = 0; i < n; i++) {
        if (str_given(m->who->scope) && !admin_may_touch(m->who->scope, rows[i].role))
            return FAIL(t, FORBIDDEN_ROLE, "%.*s may do more than the caller", STR_ARG(rows[i].user_id.v));
        TRY(audit_write(
            t, m->who->actor, STR("identity.moved"), rows[i].user_id.v,
            arena_printf(t->arena, "%.*s to %.*s", STR_ARG(m->from->row->slug), STR_ARG(m->to->row->slug))));
    }
    return OK;
}

static err partner_of(struct task *t, const char *param, str slug, const struct upstream **ret)
{
    TRY(upstream_load(t, slug, ret));
    return *ret ? OK : (err)FAIL_PARAM(t, NOT_FOUND, str_of(param), STR("no such partner"));
}

err identities_move(struct task *t, const struct identity_mover *who, str from, str to, const struct json_value *map,
                    size_t *n)
{
    struct moving m = { .who = who };
    str explain;
    if (!subject_map_read(t->arena, map, &m.old_subjects, &m.new_subjects, &m.n, &explain))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("subjects"), explain);
    TRY(partner_of(t, "partner", from, &m.from));
    TRY(partner_of(t, "to", to, &m.to));
    err e = db_tx(t, move_in_tx, &m);
    if (err_is(e, &FAULT_ALREADY_EXISTS))
        return FAIL_PARAM(t, CONFLICT, STR("subjects"),
                          STR("a new subject is somebody's already, or stands for two: nothing was moved"));
    *n = m.n;
    return e;
}
