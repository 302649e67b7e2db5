/* Turning accounts into claims. */
#include "authsrv/flow/token/person.h"

#include "authsrv/store/user.sql.h"

const struct person *person_of(struct task *t, const struct account_words *account)
{
    struct person *p = arena_new(t->arena, struct person);
    *p = (struct person){ account->name, account->email, account->email_verified, account->updated_at, NULL };
    if (!json_parse(t->arena, account->profile, &p->profile))
        p->profile = NULL;
    return p;
}

err person_load(struct task *t, user_id user, const struct person **ret)
{
    const struct user_find_row *row;
    TRY(user_find(t, user, &row));
    *ret = row ? person_of(t, &(struct account_words){ row->name, row->email, row->profile, row->email_verified,
                                                       row->updated_at })
               : NULL;
    return OK;
}
