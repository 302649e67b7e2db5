/* The claims that decide whether a token is for us and alive (RFC 7519 section 4.1). */
#include "shared/jose/jose.h"

#define SKEW_S 60

/* An integer in [0, 2^53): JSON integers only, so 1.0 and "1" are refused. */
static bool moment_read(const struct json_value *claims, const char *name, int64_t *seconds)
{
    return json_get_i64(claims, name, seconds) && *seconds >= 0;
}

static enum claims_verdict audience_judge(const struct json_value *aud, str wanted)
{
    str each;
    bool found = false;
    if (!aud)
        return CLAIMS_MALFORMED;
    if (json_is_str(aud, &each))
        return str_eq(each, wanted) ? CLAIMS_GOOD : CLAIMS_WRONG_AUDIENCE;
    if (json_kind(aud) != JSON_ARRAY)
        return CLAIMS_MALFORMED;
    for (size_t i = 0; i < json_size(aud); i++) {
        if (!json_is_str(json_item(aud, i), &each))
            return CLAIMS_MALFORMED;
        found = found || str_eq(each, wanted);
    }
    return found ? CLAIMS_GOOD : CLAIMS_WRONG_AUDIENCE;
}

static enum claims_verdict time_judge(const struct json_value *claims, int64_t leeway_s, int64_t now_s)
{
    int64_t exp, nbf = 0, iat = 0;
    if (!moment_read(claims, "exp", &exp) || (json_get(claims, "nbf") && !moment_read(claims, "nbf", &nbf)) ||
        (json_get(claims, "iat") && !moment_read(claims, "iat", &iat)))
        return CLAIMS_MALFORMED;
    if (now_s >= exp + leeway_s)
        return CLAIMS_EXPIRED;
    return nbf > now_s + leeway_s || iat > now_s + leeway_s ? CLAIMS_NOT_YET : CLAIMS_GOOD;
}

enum claims_verdict claims_judge(const struct json_value *claims, const struct claims_want *want, instant now)
{
    str issuer;
    if (!json_get_str(claims, "iss", &issuer))
        return CLAIMS_MALFORMED;
    if (!str_eq(issuer, want->issuer))
        return CLAIMS_WRONG_ISSUER;
    enum claims_verdict v = audience_judge(json_get(claims, "aud"), want->audience);
    if (v != CLAIMS_GOOD)
        return v;
    return time_judge(claims, want->leeway.us / 1000000, instant_seconds(now));
}

bool claim_holds(const struct json_value *claim, str text)
{
    str one;
    if (!claim)
        return false;
    if (json_is_str(claim, &one))
        return str_eq(one, text);
    for (size_t i = 0; json_kind(claim) == JSON_ARRAY && i < json_size(claim); i++)
        if (json_is_str(json_item(claim, i), &one) && str_eq(one, text))
            return true;
    return false;
}

bool claim_has_begun(const struct json_value *claims, const char *name, instant now)
{
    int64_t at;
    return !json_get(claims, name) || (json_get_i64(claims, name, &at) && at <= instant_seconds(now) + SKEW_S);
}

const char *claims_verdict_name(enum claims_verdict v)
{
    switch (v) {
    case CLAIMS_GOOD:
        return "good";
    case CLAIMS_MALFORMED:
        return "malformed";
    case CLAIMS_WRONG_ISSUER:
        return "wrong issuer";
    case CLAIMS_WRONG_AUDIENCE:
        return "wrong audience";
    case CLAIMS_EXPIRED:
        return "expired";
    case CLAIMS_NOT_YET:
        return "not yet valid";
    }
    return "no verdict";
}
