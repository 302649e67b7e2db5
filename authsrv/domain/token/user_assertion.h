/* What an assertion about a user must say before it is believed (RFC 7523 section 3; ID-JAG for its own type). */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/instant.h"
#include "shared/text/json_in.h"

#define USER_ASSERTION_LIFE_MAX MINUTES(10)

#define USER_ASSERTION_VERDICTS(X)                                                                                     \
    X(USER_ASSERTION_GOOD, "is good")                                                                                  \
    X(USER_ASSERTION_MALFORMED, "needs iss, sub of 1 to 255 bytes, aud, exp, and jti of 1 to 128 bytes")               \
    X(USER_ASSERTION_ISSUER, "is of another issuer")                                                                   \
    X(USER_ASSERTION_AUDIENCE, "must have the issuer or token endpoint of this server as its one aud")                 \
    X(USER_ASSERTION_EXPIRED, "is expired, or not valid yet")                                                          \
    X(USER_ASSERTION_TOO_LONG, "may live ten minutes at most")                                                         \
    X(USER_ASSERTION_CLIENT, "was given to another client, or to none")

enum user_assertion_verdict {
    USER_ASSERTION_NONE = 0,
#define X(name, say) name,
    USER_ASSERTION_VERDICTS(X)
#undef X
};

struct user_assertion_want {
    str issuer, our_issuer, token_endpoint, client;
    bool needs_client; /* the type of the assertion demands client_id */
};

struct user_assertion {
    str subject, jti;
    str scope, resource; /* absent: not said */
    int64_t expires_s, auth_time_s;
};

enum user_assertion_verdict user_assertion_judge(const struct json_value *claims,
                                                 const struct user_assertion_want *want, instant now,
                                                 struct user_assertion *ret);
const char *user_assertion_say(enum user_assertion_verdict v);
