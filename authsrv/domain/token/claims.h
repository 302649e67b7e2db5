/* Which claims a scope opens (OIDC Core section 5.4) or a request names, written from a user's profile. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/instant.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

struct person {
    str name, email; /* email absent: none */
    bool email_verified;
    instant updated_at;
    const struct json_value *profile; /* further standard claims, as an object; NULL: none */
};

/* No nulls, no empty strings, nothing but what the scope opens or the space-separated names say. */
void claims_write(struct arena *a, struct json *j, const struct person *p, str scope, str names);
/* The scope that opens a claim about people; absent: no such claim. */
str claim_scope(str name);
/* Of these names those that the scope does not open, each once. */
str claims_beyond(struct arena *a, str names, str scope);
/* Every claim of ours: those of the protocol, those about people. */
void claims_supported_write(struct json *j, const char *key);
