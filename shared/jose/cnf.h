/*
 * The key that a token is bound to (RFC 7800): one for DPoP proofs (RFC 9449 section 6) or that of a TLS client
 * certificate (RFC 8705 section 3.1). Without one, whoever has the token may use it.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

enum cnf_kind { CNF_NONE = 0, CNF_DPOP, CNF_CERTIFICATE };

struct cnf {
    enum cnf_kind kind;
    str thumbprint; /* SHA-256 in base64url, as "jkt" and "x5t#S256" have it */
};

/* The member cnf; nothing for CNF_NONE. */
void cnf_write(struct json *j, const struct cnf *cnf);
/* The member cnf of claims, if there is one. false: there is one that is not understood, so nobody may use the token.
 */
bool cnf_read(const struct json_value *claims, struct cnf *ret);
bool cnf_eq(const struct cnf *a, const struct cnf *b);
/* "DPoP" or "Bearer": how the token is presented, and token_type. */
str cnf_scheme(const struct cnf *cnf);
/* One word for storage; absent for CNF_NONE. */
str cnf_word(struct arena *a, const struct cnf *cnf);
