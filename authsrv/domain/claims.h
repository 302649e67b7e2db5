/* Which claims a scope opens (OIDC Core section 5.4), written from a user's profile. */
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

/* No nulls, no empty strings, nothing that the scope does not open. */
void claims_write(struct arena *a, struct json *j, const struct person *p, str scope);
/* The names that claims_supported lists, space-separated. */
extern const str claims_supported;
