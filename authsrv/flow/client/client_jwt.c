/* See client_jwt.h. */
#include "authsrv/flow/client/client_jwt.h"

#include "authsrv/faults.h"
#include "authsrv/flow/client/client_keys.h"
#include "shared/jose/jwe.h"

str client_jwt_sign(struct task *t, const struct snapshot *s, str alg, const char *typ, str claims)
{
    enum jose_alg parsed = ALG_RS256;
    if (str_eq(alg, STR("none")))
        return jws_unsecured(t->arena, typ, claims);
    if (str_given(alg) && !jose_alg_parse(alg, &parsed))
        parsed = ALG_RS256;
    return jws_sign(t->arena, snapshot_signer(s, parsed), typ, claims);
}

static const struct jose_key *receiver(struct task *t, const struct client *client, enum jwe_alg alg)
{
    const struct jose_set *set = client_keys(t, client, false);
    const struct jose_key *key = set ? jose_set_find_enc(set, alg) : NULL;
    if (key)
        return key;
    set = client_keys(t, client, true);
    return set ? jose_set_find_enc(set, alg) : NULL;
}

err client_jwt_encrypt(struct task *t, const struct client *client, str alg, str enc, str *token)
{
    enum jwe_alg how;
    enum jwe_enc what = JWE_A128CBC_HS256;
    if (!str_given(alg))
        return OK;
    if (!jwe_alg_parse(alg, &how) || (str_given(enc) && !jwe_enc_parse(enc, &what)))
        return FAIL(t, INTERNAL, "a registered algorithm of encryption is not known");
    const struct jose_key *key = receiver(t, client, how);
    if (!key)
        return FAIL(t, INVALID_REQUEST, "the client has no key for %.*s", STR_ARG(alg));
    *token = jwe_encrypt(t->arena, key, how, what, "JWT", *token);
    return OK;
}
