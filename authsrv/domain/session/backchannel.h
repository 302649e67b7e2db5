/* The parameters of a backchannel authentication request that are judged without I/O (OpenID CIBA Core section 7.1). */
#pragma once

#include "authsrv/domain/client/client.h"

struct backchannel_in {
    str scope, resource, login_hint, id_token_hint, login_hint_token, binding_message, user_code, requested_expiry;
    str acr_values, client_notification_token, authorization_details, request;
};

#define BACKCHANNEL_VERDICTS(X)                                                                                        \
    X(BACKCHANNEL_GOOD, "", "")                                                                                        \
    X(BACKCHANNEL_UNSIGNED, "request", "is needed: this client is registered for signed requests")                     \
    X(BACKCHANNEL_REQUEST, "request", "needs backchannel_authentication_request_signing_alg, which is not registered") \
    X(BACKCHANNEL_BESIDE, "request",                                                                                   \
      "must hold every parameter: nothing but the client's authentication is beside it")                               \
    X(BACKCHANNEL_USER_CODE, "user_code", "user codes are not supported")                                              \
    X(BACKCHANNEL_HINTS, "login_hint", "exactly one of login_hint, id_token_hint and login_hint_token is needed")      \
    X(BACKCHANNEL_OPENID, "scope", "must have openid")                                                                 \
    X(BACKCHANNEL_EXPIRY, "requested_expiry", "must be a positive number of seconds")                                  \
    X(BACKCHANNEL_NO_TOKEN, "client_notification_token", "is needed in the modes ping and push")                       \
    X(BACKCHANNEL_TOKEN, "client_notification_token", "must be 22 to 1024 characters of a bearer token")               \
    X(BACKCHANNEL_MESSAGE, "binding_message", "1 to 64 characters, none of them invisible or changing direction")

enum backchannel_verdict {
    BACKCHANNEL_NONE = 0,
#define X(name, param, say) name,
    BACKCHANNEL_VERDICTS(X)
#undef X
};

/* How the client's requests come: signed if it is registered for that, and then alone; else never. */
enum backchannel_verdict backchannel_judge_way(const struct backchannel_in *in, const struct client *client);
/* What it asks for, once read. *life_s is what was asked for, at most longest_s. */
enum backchannel_verdict backchannel_judge(const struct backchannel_in *in, const struct client *client,
                                           int64_t longest_s, int64_t *life_s);
const char *backchannel_param(enum backchannel_verdict v);
const char *backchannel_say(enum backchannel_verdict v);
