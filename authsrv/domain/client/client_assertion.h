/* Claims of a client's assertion about itself (RFC 7523 section 3, OIDC Core section 9, FAPI 2.0 section 5.3.3). */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/instant.h"
#include "shared/text/json_in.h"

#define ASSERTION_VERDICTS(X)                                                                                          \
    X(ASSERTION_GOOD, "good")                                                                                          \
    X(ASSERTION_WRONG_SUBJECT, "iss and sub of the assertion must both be the client_id")                              \
    X(ASSERTION_WRONG_AUDIENCE, "aud of the assertion is not this server")                                             \
    X(ASSERTION_NO_EXPIRY, "exp of the assertion is missing or no number")                                             \
    X(ASSERTION_EXPIRED, "the assertion is expired")                                                                   \
    X(ASSERTION_TOO_LONG, "exp of the assertion is more than 10 minutes ahead")                                        \
    X(ASSERTION_NOT_YET, "iat or nbf of the assertion lies in the future, or is no number")                            \
    X(ASSERTION_NO_JTI, "jti of the assertion must be a string of 1 to 255 bytes")

enum assertion_verdict {
    ASSERTION_NONE = 0,
#define X(name, say) name,
    ASSERTION_VERDICTS(X)
#undef X
};

struct assertion_want {
    str client;
    str issuer;         /* always good as aud */
    const str *aliases; /* endpoints that are good as aud too, as a string or in an array */
    size_t n_aliases;
    bool issuer_only; /* aud must be the issuer, as one string (FAPI 2.0) */
};
struct assertion_facts {
    str jti;
    instant expires_at;
};
enum assertion_verdict assertion_judge(const struct json_value *claims, const struct assertion_want *want, instant now,
                                       struct assertion_facts *ret);
const char *assertion_verdict_say(enum assertion_verdict v);
