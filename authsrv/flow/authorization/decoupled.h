/*
 * Authorizations that are asked for on one device and given on another: pending -> approved -> done (tokens were
 * given), or pending -> denied. The person's part is an ordinary flow of the browser that has nowhere to return to.
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/store/flow.rows.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct decoupled_ask {
    const struct client *client;
    str scope, audience;
    struct terms terms;
    str asked_from; /* the address that the client called from */
};

struct device_asked {
    str device_code, user_code;
};
MUST_USE err device_begin(struct task *t, const struct decoupled_ask *ask, struct device_asked *ret);

/* Client-initiated backchannel authentication: the client names the person. */
struct ciba_ask {
    struct decoupled_ask ask;
    user_id user;
    str binding_message;    /* absent: none */
    str notification_token; /* absent: the client polls */
    int64_t life_s;
};
MUST_USE err ciba_begin(struct task *t, const struct ciba_ask *ask, str *auth_req_id);
/* The operator decides in the person's place; to deny, the id that lists show will do. *known false: none waits. */
MUST_USE err ciba_decide(struct task *t, str actor, str auth_req_id, bool allow, bool *known);

/* The flow's answer goes to no address: it is picked up by the waiting client. */
bool flow_is_decoupled(const struct flow_find_row *flow);

enum decoupled_end { DECOUPLED_APPROVED = 1, DECOUPLED_DENIED, DECOUPLED_LEFT /* nothing decided */, DECOUPLED_GONE };
/* Ends an approved or refused flow, once, and decides the request; the same again says what was decided. */
MUST_USE err decoupled_finish(struct task *t, const struct flow_find_row *flow, const struct client *client,
                              digest browser, enum decoupled_end *ret);

/* One poll with the secret that the client got. Tokens, or AUTHORIZATION_PENDING, SLOW_DOWN, ACCESS_DENIED,
 * EXPIRED_TOKEN, INVALID_GRANT. */
MUST_USE err decoupled_redeem_code(struct task *t, const struct client *client, str kind, str code,
                                   struct token_answer *ret);
/* The same for the client that is told by itself: the ID token says which request it answers. */
MUST_USE err decoupled_redeem_push(struct task *t, const struct client *client, str auth_req_id,
                                   struct token_answer *ret);

/* What a client that does not poll wants to hear, sealed: its request's id and its own token. */
struct notify_words {
    str auth_req_id, token;
};
bool notify_open(struct task *t, bytes sealed, struct notify_words *ret);
