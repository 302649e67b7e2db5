/*
 * Whether a bound token may be used by whoever sent it: DPoP (RFC 9449 section 7) and client certificates (RFC 8705
 * section 3), for every server that takes tokens.
 */
#pragma once

#include "shared/http/endpoint.h"
#include "shared/jose/cnf.h"
#include "shared/jose/dpop.h"

/* How a server judges proofs. */
struct proof_rules {
    str base, alias;           /* URLs under which it is known; alias absent: one */
    struct dpop_nonces nonces; /* absent: none are given */
    bool nonce_required;
    str challenge_more; /* further parameters of WWW-Authenticate, with their comma; absent: none */
    /* Remembers a digest; *n is 1 for whoever was first. A generated statement. */
    err (*remember)(struct task *t, digest once, instant until, int64_t *n);
};

/* The header DPoP of a request, which was judged good and now is used up. refused: why not, for its sender. */
struct proof_verdict {
    enum dpop_verdict verdict;
    bool used_before;
    struct dpop_proof proof;
};
MUST_USE err proof_spend(struct task *t, const struct request *rq, const struct proof_rules *rules, str access_token,
                         struct proof_verdict *ret);
const char *proof_verdict_say(const struct proof_verdict *v);

/* The key of the client's certificate, which is in its validity now: a connection may outlive it. false: none. */
bool proof_certificate(struct task *t, const struct request *rq, struct cnf *ret);

/* An access token as it was presented. */
struct presented_token {
    str scheme, token; /* "Bearer" or "DPoP", however it was written */
};
/* Of the Authorization header; false: there is none, or of another scheme. */
bool presented_token_read(const struct request *rq, struct presented_token *ret);
/* Scheme and key have to be those of the token; a failure is a 401 with its challenge. */
MUST_USE err proof_check(struct task *t, const struct request *rq, const struct proof_rules *rules,
                         const struct presented_token *presented, const struct cnf *cnf);
