/* See party.h; SECURITY K. */
#include "paysrv/flow/party/party.h"

#include "paysrv/faults.h"
#include "paysrv/store/user.sql.h"

static err own_user(struct task *t, const struct caller *c, const struct user_find_row **ret)
{
    TRY(user_of_subject(t, c->partner, c->subject, ret));
    if (!*ret)
        return FAIL_PARAM(t, NOT_FOUND, STR("user"),
                          STR("the token's user has no payment account here yet; POST /v1/users makes it"));
    return OK;
}

err party_user(struct task *t, const struct caller *c, str named, const struct user_find_row **ret)
{
    bool is_me = str_eq(named, STR("me"));
    if (str_given(c->subject)) {
        TRY(own_user(t, c, ret));
        if (str_given(named) && !is_me && !str_eq(named, (*ret)->user_id.v))
            return FAIL(t, NOT_FOUND, "another user than the token's");
        return OK;
    }
    if (!str_given(named))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("user"), STR("a partner's token has to name the user"));
    if (!is_me)
        TRY(user_find(t, c->partner, (user_id){ named }, ret));
    if (is_me || !*ret)
        return FAIL(t, NOT_FOUND, "no such user of this partner");
    return OK;
}

err party_owner(struct task *t, const struct caller *c, str *ret)
{
    *ret = STR_NONE;
    if (!str_given(c->subject))
        return OK;
    const struct user_find_row *user;
    TRY(own_user(t, c, &user));
    *ret = user->user_id.v;
    return OK;
}

err party_listed(struct task *t, const struct caller *c, str named, str *ret)
{
    const struct user_find_row *user;
    if (!str_given(named))
        return party_owner(t, c, ret);
    TRY(party_user(t, c, named, &user));
    *ret = user->user_id.v;
    return OK;
}

str party_status(const struct user_find_row *user)
{
    if (user->closed_at_given)
        return STR("closed");
    return user->needs_code && !user->confirmed_at_given ? STR("pending") : STR("active");
}

err party_is_active(struct task *t, const struct user_find_row *user)
{
    if (user->closed_at_given)
        return FAIL_PARAM(t, USER_STATE, STR("user"), STR("closed"));
    if (user->needs_code && !user->confirmed_at_given)
        return FAIL_PARAM(t, USER_STATE, STR("user"), STR("pending: has to be confirmed with the code first"));
    return OK;
}
