/* Judging codes and refresh tokens: pure comparisons over the rows that the store returned. */
#include "authsrv/domain/token/redemption.h"

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
    if (code->other_key)
        return CODE_OTHER_KEY;
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

/* A public client has nothing but the key to tell it from a thief; a confidential one has authenticated. */
static bool is_constrained(const struct refresh_find_row *token, const struct refresh_facts *f)
{
    return str_given(token->bound_key) || (f->is_confidential && str_given(f->key));
}

static bool is_reused(const struct refresh_find_row *token, const struct refresh_facts *f)
{
    bool in_grace = f->grace.us > 0 && instant_before(f->now, instant_add(token->used_at, f->grace));
    return token->used_at_given && (!in_grace || token->successor_used);
}

enum refresh_verdict refresh_judge(const struct refresh_find_row *token, const struct refresh_facts *f)
{
    if (!str_eq(token->client_id.v, f->client.v))
        return REFRESH_OTHER_CLIENT;
    if (token->revoked || !instant_before(f->now, token->expires_at))
        return REFRESH_DEAD;
    /* Before the key: it is that of the family's current token, and who stole an older one may have bound it to his. */
    if (is_reused(token, f))
        return REFRESH_REUSED;
    if (str_given(token->bound_key) && !str_eq(token->bound_key, f->key))
        return REFRESH_OTHER_KEY;
    if (token->used_at_given)
        return REFRESH_PREVIOUS;
    return is_constrained(token, f) ? REFRESH_KEPT : REFRESH_CURRENT;
}
