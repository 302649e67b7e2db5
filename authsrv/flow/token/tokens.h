/* What we sign: access tokens (RFC 9068) and ID tokens (OIDC Core section 2), and the token response. */
#pragma once

#include "authsrv/domain/authorization/authorization_details.h"
#include "authsrv/domain/authorization/response.h"
#include "authsrv/domain/authorization/terms.h"
#include "authsrv/domain/client/client.h"
#include "authsrv/domain/token/claims.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/flow/token/person.h"
#include "shared/base/err.h"
#include "shared/base/task.h"

struct access_claims {
    const struct client *client;
    str subject, scope, audience, jti;
    /* of a user's token; absent for a client's own */
    str sid, amr, acr;
    instant auth_time;
    str email; /* with the scope email */
    bool email_verified;
    str act, may_act;              /* RFC 8693 section 4: who acts, as JSON, and which client may; absent: none */
    int64_t expires_s;             /* 0: after the usual life */
    struct details_choice details; /* those of the audience */
    grant_id grant;                /* names what was consented to, with them; absent: none does */
};
/* The same in each token of one consent, so that what is allowed once is done once, whichever of them is shown; and no
 * name that our own end points know. */
str grant_name(struct arena *a, grant_id grant);
str access_token_sign(struct task *t, const struct snapshot *s, const struct access_claims *c);

struct id_claims {
    const struct client *client;
    str subject, nonce, sid, amr, acr;
    instant auth_time;
    str access_token, code, state; /* that it vouches for, absent: none */
    const struct person *person;   /* NULL: no claims about the person */
    str scope, names;              /* which (domain/claims.h) */
    str auth_req_id, refresh;      /* of a push (CIBA section 10.3.1); absent: none */
};

/* How long tokens of this client live: as its operator said, else as the configuration says. */
duration access_life(const struct task *t, const struct client *c);
/* When a grant that is made now ends, with its refresh tokens. */
instant grant_ends_at(const struct task *t, const struct client *c);
int64_t access_life_s(const struct task *t, const struct client *c);
/* When a code that is given out now ends; of a FAPI client after a minute at the latest (FAPI 2.0 section 5.3.2.1). */
instant code_ends_at(const struct task *t, const struct client *c);

struct token_answer {
    str access, refresh, id, scope, authorization_details;
    str issued_type; /* of a token exchange; absent: not said */
    struct cnf cnf;  /* of the access token */
    int64_t life_s;  /* likewise; 0: as the configuration says, -1: nobody knows */
};
/* What a user granted to a client, as the rows of codes and refresh tokens say. */
struct user_grant {
    const struct client *client;
    user_id user;
    str scope, sid, amr, jti;
    str audience; /* all that were granted, space-separated */
    str resource; /* the one that the request names; absent: none */
    str details;  /* what authorization_details are narrowed to (RFC 9396 section 6); absent: all */
    str nonce;    /* of the authorization request; absent: none */
    str refresh;  /* absent: none */
    instant auth_time;
    struct terms terms;
    const struct account_words *account; /* NULL: not read yet */
    unsigned parts;    /* what the authorization endpoint gives (domain/response.h); 0: this is the token endpoint */
    str code, state;   /* that go with the ID token from the authorization endpoint */
    str act;           /* absent: nobody acts for the user */
    str auth_req_id;   /* absent: not pushed */
    int64_t expires_s; /* 0: after the usual life */
    grant_id grant;    /* absent: not known here */
};
/* The access token alone. INVALID_AUTHORIZATION_DETAILS: it cannot be narrowed so. */
MUST_USE err user_access_sign(struct task *t, const struct user_grant *g, struct token_answer *ret);
/* The access token, and with openid the ID token bound to it; from the authorization endpoint only what is in parts. */
MUST_USE err user_tokens_sign(struct task *t, const struct user_grant *g, struct token_answer *ret);
void token_answer_write(struct task *t, struct json *j, const struct token_answer *a);

/* New ids and secrets of tokens. */
str refresh_token_new(struct task *t);
/* One that replaces another: it names its grant, under a MAC, so that it is known without a row of its own (decision
 * 0029). */
str refresh_token_next(struct task *t, grant_id grant);
/* false: none of ours that names its grant. It says nothing about whether the token still counts. */
bool refresh_token_names(struct task *t, str token, grant_id *ret);
bool is_refresh_token(str token); /* by its look */
digest refresh_token_digest(str token);
digest code_digest(str code);

/* A token of ours, verified with active and retiring keys; expired ones are refused. */
struct token_facts {
    str jti, subject, client, scope, audience;
    int64_t expires_s, issued_s;
    const struct json_value *claims;
    struct cnf cnf;
    bool of_user;
    /* Of a user's token, once it was found alive; the subject is another name where it is pairwise. */
    user_id user;
    str terms; /* of its grant */
    struct account_words account;
};
bool access_token_read(struct task *t, const struct snapshot *s, str token, struct token_facts *ret);
/* An ID token of ours, expired or not (logout and hints). */
bool id_token_read(struct task *t, const struct snapshot *s, str token, str *subject, str *client, str *sid);
/* One that is not expired, as facts without jti, scope and audience, and its sid. */
bool id_token_read_live(struct task *t, const struct snapshot *s, str token, struct token_facts *ret, str *sid);
/* Whether a verified token still counts: token, grant, user and client. */
MUST_USE err access_token_live(struct task *t, struct token_facts *f, bool *ret);
