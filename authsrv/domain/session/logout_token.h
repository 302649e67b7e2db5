/* What a partner says when a log-in ends there (OIDC Back-Channel Logout 1.0 section 2.6). The signature was verified.
 */
#pragma once

#include "shared/base/instant.h"
#include "shared/jose/jose.h"

struct logout_token {
    str subject, sid; /* at least one is given */
    str jti;
    instant expires_at; /* until when the jti has to be remembered */
};

#define LOGOUT_TOKEN_VERDICTS(X)                                                                                       \
    X(LOGOUT_TOKEN_GOOD, "")                                                                                           \
    X(LOGOUT_TOKEN_CLAIMS, "iss, aud, exp or iat is wrong")                                                            \
    X(LOGOUT_TOKEN_OLD, "is older than ten minutes, or says no iat")                                                   \
    X(LOGOUT_TOKEN_NONCE, "has a nonce: it is an ID token")                                                            \
    X(LOGOUT_TOKEN_EVENTS, "events has no back-channel logout")                                                        \
    X(LOGOUT_TOKEN_JTI, "jti must be 1 to 255 bytes")                                                                  \
    X(LOGOUT_TOKEN_NOBODY, "needs sub or sid, 1 to 255 bytes each")

enum logout_token_verdict {
    LOGOUT_TOKEN_NONE = 0,
#define X(name, say) name,
    LOGOUT_TOKEN_VERDICTS(X)
#undef X
};
enum logout_token_verdict logout_token_judge(const struct json_value *claims, const struct claims_want *want,
                                             instant now, struct logout_token *ret);
const char *logout_token_say(enum logout_token_verdict v);
