/*
 * Request objects whose signature is known to be good (RFC 9101, OIDC Core section 6, FAPI 2.0 Message Signing 5.3.1;
 * for backchannel authentication OpenID CIBA Core section 7.1.1): their claims judged, and read as parameters.
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/arena.h"
#include "shared/base/instant.h"
#include "shared/text/form.h"
#include "shared/text/json_in.h"

#define OBJECT_VERDICTS(X)                                                                                             \
    X(OBJECT_GOOD, "good")                                                                                             \
    X(OBJECT_OTHER_CLIENT, "client_id and iss must be this client")                                                    \
    X(OBJECT_WRONG_AUDIENCE, "aud must be the issuer of this server")                                                  \
    X(OBJECT_NESTED, "it must contain neither request nor request_uri")                                                \
    X(OBJECT_SUBJECT, "sub must not be the client: that is a client assertion")                                        \
    X(OBJECT_EXPIRED, "it is expired, or exp is no number")                                                            \
    X(OBJECT_NOT_YET, "nbf or iat lies in the future, or is no number")                                                \
    X(OBJECT_TOO_OLD, "it must have nbf and exp, nbf at most 60 minutes ago and exp at most 60 minutes after it")      \
    X(OBJECT_NO_REDIRECT, "redirect_uri must be inside")                                                               \
    X(OBJECT_NO_ISSUE_TIME, "iat must be inside")                                                                      \
    X(OBJECT_NO_JTI, "jti must be inside, a string of 1 to 255 bytes")                                                 \
    X(OBJECT_BAD_VALUE, "a parameter has a type that it cannot have")

enum object_verdict {
    OBJECT_NONE = 0,
#define X(name, say) name,
    OBJECT_VERDICTS(X)
#undef X
};
const char *object_verdict_say(enum object_verdict v);

enum object_verdict request_object_judge(const struct json_value *claims, const struct client *client, str issuer,
                                         instant now);
/* By what a request can be told from a copy of it. */
struct object_facts {
    str jti;
    instant expires_at;
};
/* Of a backchannel authentication request: everything about the object must be said, whatever the client's profile. */
enum object_verdict backchannel_object_judge(const struct json_value *claims, const struct client *client, str issuer,
                                             instant now, struct object_facts *ret);
/*
 * The claims as parameters. beside: what stood outside and counts where the object is silent (OIDC Core section 6.1);
 * NULL: the object alone counts (RFC 9101 section 5).
 */
enum object_verdict request_object_read(struct arena *a, const struct json_value *claims, const struct form *beside,
                                        struct form *ret);
