/* Judging codes and refresh tokens: pure comparisons over the rows that the store returned. */
#include "authsrv/domain/redemption.h"

static bool same(str a, str b)
{
    return str_given(a) == str_given(b) && str_eq(a, b);
}

enum code_verdict code_judge(const struct code_redeem_row *code, str redirect_uri, str challenge)
{
    if (code->issued)
        return CODE_GOOD;
    if (code->expired)
        return CODE_EXPIRED;
    if (code->revoked)
        return CODE_REVOKED;
    if (str_given(redirect_uri) && !str_eq(code->redirect_uri, redirect_uri))
        return CODE_OTHER_REDIRECT;
    return same(code->challenge, challenge) ? CODE_REVOKED : CODE_BAD_VERIFIER;
}

const char *code_verdict_say(enum code_verdict v)
{
    switch (v) {
    case CODE_NONE:
        break;
#define X(name, say)                                                                                                   \
    case name:                                                                                                         \
        return say;
        CODE_VERDICTS(X)
#undef X
    }
    return "unjudged";
}

enum refresh_verdict refresh_judge(const struct refresh_find_row *token, client_id client, duration grace, instant now)
{
    if (!str_eq(token->client_id.v, client.v))
        return REFRESH_OTHER_CLIENT;
    if (token->revoked || !instant_before(now, token->expires_at))
        return REFRESH_DEAD;
    if (!token->used_at_given)
        return REFRESH_CURRENT;
    bool in_grace = grace.us > 0 && instant_before(now, instant_add(token->used_at, grace));
    return in_grace && !token->successor_used ? REFRESH_PREVIOUS : REFRESH_REUSED;
}
