/* See id_token.h. */
#include "authsrv/domain/token/id_token.h"

bool id_token_hints(const struct json_value *claims, str issuer, struct id_token_facts *ret)
{
    struct id_token_facts f;
    str by;
    if (!json_get_str(claims, "iss", &by) || !str_eq(by, issuer) || !json_get_str(claims, "sub", &f.subject) ||
        !json_get_str(claims, "aud", &f.client))
        return false;
    if (!json_get_str(claims, "sid", &f.sid))
        f.sid = STR_NONE;
    *ret = f;
    return true;
}

bool id_token_lives(const struct json_value *claims, instant now, int64_t *issued_s, int64_t *expires_s)
{
    return json_get_i64(claims, "exp", expires_s) && json_get_i64(claims, "iat", issued_s) &&
           instant_seconds(now) < *expires_s;
}
