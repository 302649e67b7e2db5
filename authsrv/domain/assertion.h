/* What an assertion about a user must say before it is believed (RFC 7523 section 3; ID-JAG for its own type). */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/instant.h"
#include "shared/text/json_in.h"

#define ASSERTION_LIFE_MAX MINUTES(10)

#define ASSERTION_VERDICTS(X)                                                                                          \
    X(ASSERTION_GOOD, "is good")                                                                                       \
    X(ASSERTION_MALFORMED, "needs iss, sub of 1 to 255 bytes, aud, exp, and jti of 1 to 128 bytes")                    \
    X(ASSERTION_ISSUER, "is of another issuer")                                                                        \
    X(ASSERTION_AUDIENCE, "must have the issuer or token endpoint of this server as its one aud")                      \
    X(ASSERTION_EXPIRED, "is expired, or not valid yet")                                                               \
    X(ASSERTION_TOO_LONG, "may live ten minutes at most")                                                              \
    X(ASSERTION_CLIENT, "was given to another client, or to none")

enum assertion_verdict {
    ASSERTION_NONE = 0,
#define X(name, say) name,
    ASSERTION_VERDICTS(X)
#undef X
};

struct assertion_want {
    str issuer, our_issuer, token_endpoint, client;
    bool needs_client; /* the type of the assertion demands client_id */
};

struct assertion {
    str subject, jti;
    str scope, resource; /* absent: not said */
    int64_t expires_s, auth_time_s;
};

enum assertion_verdict assertion_judge(const struct json_value *claims, const struct assertion_want *want, instant now,
                                       struct assertion *ret);
const char *assertion_verdict_say(enum assertion_verdict v);
