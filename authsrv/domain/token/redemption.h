/* Verdicts over authorization codes and refresh tokens that came back (RFC 6749 sections 4.1.3 and 6, RFC 9700 4.14).
 */
#pragma once

#include "authsrv/store/batch_code.rows.h"
#include "authsrv/store/batch_token.rows.h"
#include "shared/base/instant.h"

#define CODE_VERDICTS(X)                                                                                               \
    X(CODE_GOOD, "good")                                                                                               \
    X(CODE_EXPIRED, "the code is expired")                                                                             \
    X(CODE_REVOKED, "grant, user or client of the code is no longer good")                                             \
    X(CODE_OTHER_REDIRECT, "another redirect_uri than that of the authorization request")                              \
    X(CODE_OTHER_KEY, "the code is bound to another DPoP key, or to one that was not proved")                          \
    X(CODE_BAD_VERIFIER, "the code verifier does not fit the challenge")

enum code_verdict {
    CODE_NONE = 0,
#define X(name, say) name,
    CODE_VERDICTS(X)
#undef X
};
/* Why a consumed code bought nothing; the row says whether it did. */
enum code_verdict code_judge(const struct code_redeem_row *code, str redirect_uri, str challenge);
const char *code_verdict_say(enum code_verdict v);

struct refresh_facts {
    client_id client; /* that authenticated */
    bool is_confidential;
    str key; /* that this request has proved, as a word (shared/jose/cnf.h); absent: none */
    duration grace;
    instant now;
};

enum refresh_verdict {
    REFRESH_CURRENT = 1, /* rotate */
    REFRESH_PREVIOUS,    /* inside the grace window, successor unused: the same successor again */
    REFRESH_REUSED,      /* revoke the family */
    REFRESH_OTHER_CLIENT,
    REFRESH_OTHER_KEY, /* the client did not prove the key that the token is bound to */
    REFRESH_KEPT,      /* bound to a key: the same token again, rotating would add nothing (RFC 9700 4.14.2) */
    REFRESH_DEAD,      /* expired or revoked */
};
enum refresh_verdict refresh_judge(const struct refresh_find_row *token, const struct refresh_facts *facts);
