/* What a verified ID token of ours is worth when it comes back (OIDC Core 3.1.2.1, RP-Initiated Logout 1.0, RFC 8693).
 */
#pragma once

#include "shared/base/instant.h"
#include "shared/text/json_in.h"

struct id_token_facts {
    str subject, client, sid; /* sid absent: none */
};
/* As a hint, however old it is: it says who was meant. false: not of this issuer, or it names nobody. */
bool id_token_hints(const struct json_value *claims, str issuer, struct id_token_facts *ret);
/* As proof, while it lives. */
bool id_token_lives(const struct json_value *claims, instant now, int64_t *issued_s, int64_t *expires_s);
