/* Writing clients: made by an operator or registered by themselves, replaced, ended (RFC 7591, RFC 7592). */
#pragma once

#include "authsrv/domain/client/client.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct client_new {
    client_id id; /* absent: a random one */
    const struct client_metadata *meta;
    str secret; /* absent: a random one, if the method has a secret */
    str partner, resource_server;
    bool first_party, verified;
    bool manageable;             /* gets a registration access token */
    str statement;               /* what vouched for it (flow/client/software_statement.h); absent: nothing */
    str actor;                   /* for the audit log */
    const digest *initial_token; /* of which it takes one use; NULL: none */
};
/* Shown once and kept as digests only. */
struct client_issued {
    client_id id; /* absent: a client of that id exists */
    str secret, registration_token;
};
/* Of the secrets that are made here: whoever finds one in a repository or a log knows what it is. */
#define CLIENT_SECRET_PREFIX "stoa_cs_"
/* Its method of authentication has a secret that we give. */
bool client_wants_secret(const struct client_metadata *m);
/* INVALID_TOKEN: somebody else had the last use of the initial token. */
MUST_USE err client_register(struct task *t, const struct client_new *n, struct client_issued *ret);

/* A digest is enough to compare with; a MAC needs the secret itself (client_secret_jwt), which is then kept sealed. */
bool client_secret_is_key(const struct client_metadata *m);
bytes client_secret_seal(struct task *t, bool as_key, str secret_text); /* absent: nothing to keep */
/* The secret of a client for which it is a key (client_secret_jwt). false: it has none. */
bool client_secret_unseal(struct task *t, const struct client *client, str *ret);

/* The client that a registration access token belongs to. */
struct managed {
    const struct client *client;
    str token;
    str statement; /* absent: it registered without */
    instant created_at;
};
/* NOT good: INVALID_TOKEN. */
MUST_USE err client_manage(struct task *t, client_id id, str token, struct managed *ret);
/* The whole document anew: the token is exchanged, a secret is made when the new method needs the first one. */
MUST_USE err client_change(struct task *t, const struct managed *m, const struct client_metadata *meta, str statement,
                           struct client_issued *ret);
/* Ends the client and all that it holds. *ended false: there is none. */
MUST_USE err client_end(struct task *t, client_id id, str actor, bool *ended);

/* Who registers by himself gets identity scopes, and those of APIs that the operator opened for such clients. */
MUST_USE err client_scope_granted(struct task *t, str *scope);
