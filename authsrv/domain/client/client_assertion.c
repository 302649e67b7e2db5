/* The checks of a client assertion whose signature is already known to be good. */
#include "authsrv/domain/client/client_assertion.h"

#include "shared/jose/jose.h"

#define LIFE_MAX_S 600
#define SKEW_S 60
#define JTI_MAX_BYTES 255

static bool audience_good(const struct json_value *claims, const struct assertion_want *want)
{
    const struct json_value *aud = json_get(claims, "aud");
    str text;
    if (want->issuer_only)
        return aud && json_is_str(aud, &text) && str_eq(text, want->issuer);
    bool good = claim_holds(aud, want->issuer);
    for (size_t i = 0; i < want->n_aliases && !good; i++)
        good = claim_holds(aud, want->aliases[i]);
    return good;
}

enum assertion_verdict assertion_judge(const struct json_value *claims, const struct assertion_want *want, instant now,
                                       struct assertion_facts *ret)
{
    str iss, sub;
    int64_t exp, now_s = instant_seconds(now);
    if (!json_get_str(claims, "iss", &iss) || !json_get_str(claims, "sub", &sub) || !str_eq(iss, want->client) ||
        !str_eq(sub, want->client))
        return ASSERTION_WRONG_SUBJECT;
    if (!audience_good(claims, want))
        return ASSERTION_WRONG_AUDIENCE;
    if (!json_get_i64(claims, "exp", &exp))
        return ASSERTION_NO_EXPIRY;
    if (exp <= now_s)
        return ASSERTION_EXPIRED;
    if (exp > now_s + LIFE_MAX_S + SKEW_S)
        return ASSERTION_TOO_LONG;
    if (!claim_has_begun(claims, "iat", now) || !claim_has_begun(claims, "nbf", now))
        return ASSERTION_NOT_YET;
    if (!json_get_str(claims, "jti", &ret->jti) || ret->jti.n == 0 || ret->jti.n > JTI_MAX_BYTES)
        return ASSERTION_NO_JTI;
    ret->expires_at = instant_of_seconds(exp);
    return ASSERTION_GOOD;
}

const char *assertion_verdict_say(enum assertion_verdict v)
{
    switch (v) {
    case ASSERTION_NONE:
        break;
#define X(name, say)                                                                                                   \
    case name:                                                                                                         \
        return say;
        ASSERTION_VERDICTS(X)
#undef X
    }
    return "unjudged";
}
