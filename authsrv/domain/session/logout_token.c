/* See logout_token.h. */
#include "authsrv/domain/session/logout_token.h"

#define EVENT "http://schemas.openid.net/event/backchannel-logout"
#define LIFE_S 600
#define TEXT_MAX_BYTES 255

const char *logout_token_say(enum logout_token_verdict v)
{
    static const char *const says[] = { "",
#define X(name, say) say,
                                        LOGOUT_TOKEN_VERDICTS(X)
#undef X
    };
    return says[v];
}

static bool short_text(const struct json_value *claims, const char *name, str *ret)
{
    return json_get_str(claims, name, ret) && ret->n > 0 && ret->n <= TEXT_MAX_BYTES;
}

/* Absent is allowed; there and of another kind is not. */
static bool optional_text(const struct json_value *claims, const char *name, str *ret)
{
    *ret = STR_NONE;
    return !json_get(claims, name) || short_text(claims, name, ret);
}

static bool has_event(const struct json_value *claims)
{
    const struct json_value *events = json_get(claims, "events");
    const struct json_value *event = events ? json_get(events, EVENT) : NULL;
    return event && json_kind(event) == JSON_OBJECT;
}

enum logout_token_verdict logout_token_judge(const struct json_value *claims, const struct claims_want *want,
                                             instant now, struct logout_token *ret)
{
    struct logout_token token;
    int64_t issued_s, now_s = instant_seconds(now);
    if (claims_judge(claims, want, now) != CLAIMS_GOOD)
        return LOGOUT_TOKEN_CLAIMS;
    if (!json_get_i64(claims, "iat", &issued_s) || issued_s < now_s - LIFE_S)
        return LOGOUT_TOKEN_OLD;
    if (json_get(claims, "nonce"))
        return LOGOUT_TOKEN_NONCE;
    if (!has_event(claims))
        return LOGOUT_TOKEN_EVENTS;
    if (!short_text(claims, "jti", &token.jti))
        return LOGOUT_TOKEN_JTI;
    if (!optional_text(claims, "sub", &token.subject) || !optional_text(claims, "sid", &token.sid) ||
        (!str_given(token.subject) && !str_given(token.sid)))
        return LOGOUT_TOKEN_NOBODY;
    /* From then on it is refused for its age. */
    token.expires_at = instant_of_seconds((issued_s > now_s ? issued_s : now_s) + 2 * LIFE_S);
    *ret = token;
    return LOGOUT_TOKEN_GOOD;
}
