/*
 * What an authorization asks for beyond its scope, as one document that travels from the request to the flow, to the
 * grant, and to every token that the grant gives. A member is one word here; all are texts, absent when not asked for.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

#define TERMS(X)                                                                                                       \
    X(acr_values)            /* OIDC Core 3.1.2.1: space-separated, in the order of preference */                      \
    X(claims)                /* OIDC Core 5.5: canonical JSON */                                                       \
    X(authorization_details) /* RFC 9396: canonical JSON */                                                            \
    X(dpop_jkt)              /* RFC 9449 section 10: the key that must redeem the code */

struct terms {
#define X(name) str name;
    TERMS(X)
#undef X
};

str terms_document(struct arena *a, const struct terms *terms);
/* false: no document of ours. */
bool terms_read(struct arena *a, str document, struct terms *ret);
