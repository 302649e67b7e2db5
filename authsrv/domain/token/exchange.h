/*
 * Token exchange (RFC 8693): which client may exchange which token, and who acts for whom in the new one.
 */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/arena.h"
#include "shared/text/json_in.h"

#define TYPE_ACCESS_TOKEN STR("urn:ietf:params:oauth:token-type:access_token")
#define TYPE_ID_TOKEN STR("urn:ietf:params:oauth:token-type:id_token")
#define ACT_MAX_DEPTH 4

struct exchange_facts {
    const struct client *client; /* who asks */
    str source_client;           /* of the subject token */
    str audience;                /* of the subject token */
    bool has_rule;               /* of the operator, for this pair */
    str rule_scope, rule_audience;
};

enum exchange_right {
    EXCHANGE_NONE = 1, /* none of its business */
    EXCHANGE_OWN,      /* its own token, to be narrowed */
    EXCHANGE_AUDIENCE, /* the token was sent to it as a resource server */
    EXCHANGE_RULE,     /* the operator said so */
};
enum exchange_right exchange_right_of(const struct exchange_facts *f);
/* The most that the new token may have of the subject's scope. Without a word of the operator nobody else gets money.
 */
str exchange_scope_cap(struct arena *a, const struct exchange_facts *f, enum exchange_right right, str subject_scope);
bool exchange_audience_allowed(const struct exchange_facts *f, enum exchange_right right, str audience);

/* may_act of the subject's claims names this party; true when there is no such claim. */
bool may_act_allows(const struct json_value *claims, str actor);
/*
 * The act claim of the new token: the actor, and inside it whoever acted before. actor absent: what the subject token
 * says. *ret absent: nobody acts. false: more than ACT_MAX_DEPTH.
 */
bool act_chain(struct arena *a, const struct json_value *claims, str actor, str *ret);
