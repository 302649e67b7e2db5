/*
 * Redirect URIs: what may be registered and what matches (RFC 9700 section 2.1, RFC 8252 section 7.3).
 * Comparison is byte for byte; the one exception is the port of a registered loopback address.
 */
#pragma once

#include "shared/base/str.h"

#define REDIRECT_VERDICTS(X)                                                                                           \
    X(REDIRECT_GOOD, "good")                                                                                           \
    X(REDIRECT_MALFORMED, "it is no absolute URI of at most 2000 ASCII characters")                                    \
    X(REDIRECT_FRAGMENT, "it must not have a fragment")                                                                \
    X(REDIRECT_USERINFO, "it must not contain user information")                                                       \
    X(REDIRECT_SCHEME, "its scheme must be https, http on a loopback address, or a private-use scheme with a dot")     \
    X(REDIRECT_WILDCARD, "it must not contain wildcards")                                                              \
    X(REDIRECT_DOTS, "its path must not contain dot segments, plain or escaped")

enum redirect_verdict {
    REDIRECT_NONE = 0,
#define X(name, say) name,
    REDIRECT_VERDICTS(X)
#undef X
};

enum redirect_verdict redirect_judge(str uri);
const char *redirect_verdict_say(enum redirect_verdict v);
bool redirect_matches(str registered, str asked);
