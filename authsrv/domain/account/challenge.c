/* See challenge.h. */
#include "authsrv/domain/account/challenge.h"

#include "authsrv/domain/admin.h"
#include "authsrv/domain/authorization/acr.h"
#include "authsrv/domain/scope.h"

bool challenge_policy_parse(str text, enum challenge_policy *ret)
{
    static const struct {
        str text;
        enum challenge_policy policy;
    } all[] = {
        { STR("off"), CHALLENGE_OFF },
        { STR("sign_in"), CHALLENGE_SIGN_IN },
        { STR("register"), CHALLENGE_REGISTER },
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (str_eq(all[i].text, text)) {
            *ret = all[i].policy;
            return true;
        }
    return false;
}

enum challenge_policy challenge_policy_of(const struct client *c)
{
    enum challenge_policy policy;
    return c->auth_method != AUTH_NONE && challenge_policy_parse(c->challenge, &policy) ? policy : CHALLENGE_OFF;
}

const char *challenge_needs_page(const struct authorization *wanted, const struct terms_wish *wish, bool first_party)
{
    if (wish->details)
        return "authorization_details are shown and allowed on a page of this server";
    if (wanted->prompt.none || wanted->prompt.consent || wanted->prompt.select_account)
        return "this prompt needs a page of this server";
    if (str_given(wanted->id_token_hint) || str_given(wanted->idp_hint) || str_given(wish->subjects))
        return "a hint or claim names who shall log in, and where";
    if (wish->acr_essential && !acr_served(CHALLENGE_AMR, wish->acr))
        return "a stronger log-in than a mailed code is asked for";
    if (scope_goes_by_role(wanted->scope))
        return "scopes that go by role need a log-in on a page of this server";
    if (!first_party && !scope_covers(STR(STANDARD_SCOPES), wanted->scope))
        return "scopes of APIs are allowed on the consent page";
    return NULL;
}

enum challenge_entry challenge_entry_of(enum challenge_policy policy, const struct challenge_person_row *person)
{
    if (!person)
        return policy == CHALLENGE_REGISTER ? ENTRY_CREATE : ENTRY_NOBODY;
    if (person->is_disabled)
        return ENTRY_NOBODY;
    return person->has_second || !str_eq(person->role, STR("user")) ? ENTRY_PAGE : ENTRY_SIGN_IN;
}

int64_t challenge_wait_s(const struct challenge_room_row *room, instant now)
{
    const int64_t window_s = CHALLENGE_WINDOW.us / 1000000;
    if (room->is_disowned || room->mails >= CHALLENGE_MAILS)
        return window_s;
    if (!room->last_at_given)
        return 0;
    int64_t left_us = room->last_at.us + CHALLENGE_PAUSE.us - now.us;
    return left_us > 0 ? (left_us + 999999) / 1000000 : 0;
}
