/*
 * Who calls, as the access token says (RFC 9068): made by the guards, read by everybody below them.
 * The token is the only source of the tenant: no header, path or body names a partner.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/instant.h"
#include "shared/base/str.h"
#include "shared/jose/cnf.h"

struct caller {
    partner_id partner; /* absent only in an operator's token */
    str subject;        /* the user at the issuer; absent: a partner's own token */
    str client_id;
    str acting; /* who acts in the subject's name: the outermost of `act` (RFC 8693 4.1); absent: nobody else */
    str scopes;
    str email;         /* verified by the issuer; absent: not in the token */
    str name;          /* absent: not in the token */
    str details;       /* authorization_details (RFC 9396) as JSON; absent: none */
    str grant;         /* names the consent that they are of; absent: nobody knows */
    str places;        /* where each of them stands in that consent, as JSON; absent: as they stand here */
    str acr;           /* how strong the log-in was; absent: not in the token */
    instant logged_in; /* 1970: not in the token */
    instant issued, expires;
    str jti;
    str kid;        /* of the key that signed it; absent: the key has no name */
    int version;    /* of the API, in which this request is answered (domain/api_version.h); set by the guard */
    struct cnf cnf; /* the key that the sender has to prove */
};

/* Who acts, as it is kept with what was done: a person, or the client that nobody stands behind. */
static inline str caller_actor(const struct caller *c)
{
    return str_given(c->subject) ? c->subject : c->client_id;
}

/* Somebody else acts than the subject, or the client that exchanged his token. */
static inline bool caller_is_stood_in_for(const struct caller *c)
{
    return str_given(c->acting) && !str_eq(c->acting, c->client_id);
}

/* The same for people who read it: by name, where the token has one. */
static inline str caller_shown(const struct caller *c)
{
    return str_given(c->name) ? c->name : caller_actor(c);
}
