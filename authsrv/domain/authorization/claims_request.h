/*
 * The claims parameter (OIDC Core section 5.5): which claims an application wants by name, and where. Claims that we do
 * not know are ignored; "essential" never makes a request fail, but for acr, for a sub with a value, and for
 * auth_time, which is then to be there (section 2).
 */
#pragma once

#include "authsrv/domain/authorization/terms.h"
#include "shared/base/arena.h"
#include "shared/text/json_in.h"

struct claims_request {
    const struct json_value *id_token, *userinfo; /* NULL: nothing is wanted there */
};

/* An absent text wants nothing. false: no JSON object, or members of other forms than section 5.5.1 gives. */
bool claims_request_read(struct arena *a, str text, struct claims_request *ret);

/* What the terms of an authorization want of the log-in and of the person. */
struct terms_wish {
    str acr; /* values, in the order of preference; absent: any */
    bool acr_essential;
    bool auth_time_essential; /* of the ID token */
    str subjects;             /* the person must be one of these; absent: anybody */
    str id_token;             /* names of claims; never absent */
    str userinfo;
    bool details; /* of rights that are allowed one by one (RFC 9396) */
};
/* false: a claims parameter that judging the request would not have let through. */
bool terms_wish_read(struct arena *a, const struct terms *terms, struct terms_wish *ret);
