/* Judging the claims of an assertion whose signature is good. */
#include "authsrv/domain/token/user_assertion.h"

#include "shared/jose/jose.h"

#define LEEWAY SECONDS(60)
#define SUBJECT_MAX_BYTES 255
#define JTI_MAX_BYTES 128

/* The one audience; an assertion that is good elsewhere too could be used there by us, and here by them. */
static bool audience_of(const struct json_value *claims, str *ret)
{
    const struct json_value *aud = json_get(claims, "aud");
    if (!aud)
        return false;
    if (json_is_str(aud, ret))
        return true;
    return json_kind(aud) == JSON_ARRAY && json_size(aud) == 1 && json_is_str(json_item(aud, 0), ret);
}

static bool members_read(const struct json_value *claims, struct user_assertion *ret)
{
    if (!json_get_str(claims, "sub", &ret->subject) || !json_get_str(claims, "jti", &ret->jti) ||
        !json_get_i64(claims, "exp", &ret->expires_s))
        return false;
    if (!json_get_str(claims, "scope", &ret->scope))
        ret->scope = STR_NONE;
    if (!json_get_str(claims, "resource", &ret->resource))
        ret->resource = STR_NONE;
    if (!json_get_i64(claims, "auth_time", &ret->auth_time_s))
        ret->auth_time_s = 0;
    return ret->subject.n >= 1 && ret->subject.n <= SUBJECT_MAX_BYTES && ret->jti.n >= 1 && ret->jti.n <= JTI_MAX_BYTES;
}

static bool client_fits(const struct json_value *claims, const struct user_assertion_want *want)
{
    str client;
    return json_get_str(claims, "client_id", &client) ? str_eq(client, want->client) : !want->needs_client;
}

static enum user_assertion_verdict of_claims(enum claims_verdict v)
{
    switch (v) {
    case CLAIMS_GOOD:
        return USER_ASSERTION_GOOD;
    case CLAIMS_MALFORMED:
        return USER_ASSERTION_MALFORMED;
    case CLAIMS_WRONG_ISSUER:
        return USER_ASSERTION_ISSUER;
    case CLAIMS_WRONG_AUDIENCE:
        return USER_ASSERTION_AUDIENCE;
    case CLAIMS_EXPIRED:
    case CLAIMS_NOT_YET:
        return USER_ASSERTION_EXPIRED;
    }
    return USER_ASSERTION_MALFORMED;
}

enum user_assertion_verdict user_assertion_judge(const struct json_value *claims,
                                                 const struct user_assertion_want *want, instant now,
                                                 struct user_assertion *ret)
{
    str audience;
    if (!members_read(claims, ret))
        return USER_ASSERTION_MALFORMED;
    if (!audience_of(claims, &audience) ||
        (!str_eq(audience, want->our_issuer) && !str_eq(audience, want->token_endpoint)))
        return USER_ASSERTION_AUDIENCE;
    const struct claims_want usual = { want->issuer, audience, LEEWAY };
    enum user_assertion_verdict v = of_claims(claims_judge(claims, &usual, now));
    if (v != USER_ASSERTION_GOOD)
        return v;
    if (ret->expires_s > instant_seconds(instant_add(instant_add(now, USER_ASSERTION_LIFE_MAX), LEEWAY)))
        return USER_ASSERTION_TOO_LONG;
    if (ret->auth_time_s <= 0 || ret->auth_time_s > instant_seconds(now))
        ret->auth_time_s = instant_seconds(now);
    return client_fits(claims, want) ? USER_ASSERTION_GOOD : USER_ASSERTION_CLIENT;
}

const char *user_assertion_say(enum user_assertion_verdict v)
{
    switch (v) {
    case USER_ASSERTION_NONE:
        break;
#define X(name, say)                                                                                                   \
    case name:                                                                                                         \
        return say;
        USER_ASSERTION_VERDICTS(X)
#undef X
    }
    return "was not judged";
}
