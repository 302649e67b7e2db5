/* Turning accounts into claims. */
#include "authsrv/flow/person.h"

#include "authsrv/flow/token_batch.h"

err person_load(struct task *t, user_id user, const struct person **ret)
{
    const struct persons_find_row *row;
    *ret = NULL;
    TRY(person_find(t, user, &row));
    if (!row)
        return OK;
    struct person *p = arena_new(t->arena, struct person);
    *p = (struct person){ row->name, row->email, row->email_verified, row->updated_at, NULL };
    if (!json_parse(t->arena, row->profile, &p->profile))
        p->profile = NULL;
    *ret = p;
    return OK;
}
