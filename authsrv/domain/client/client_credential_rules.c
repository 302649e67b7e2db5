/* Rules of registration for what a client proves itself with (RFC 7591, RFC 8705, OIDC Core section 9, FAPI 2.0). */
#include "authsrv/domain/client/client_rules.h"

#include "authsrv/domain/client/client.h"
#include "shared/crypto/cert.h"
#include "shared/jose/jose.h"

#define JWKS_MAX_BYTES 65536

static bool jwks_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    if (str_given(m->jwks) && str_given(m->jwks_uri))
        return rule_broken(p, "jwks", STR("and jwks_uri exclude each other"));
    if (!str_given(m->jwks))
        return true;
    if (m->jwks_changes)
        return rule_broken(p, "jwks", STR(JSON_UNSTORABLE));
    struct jose_set *set = jose_set_parse(m->jwks, JWKS_MAX_BYTES);
    if (!set)
        return rule_broken(p, "jwks", STR("must be a JWK set of at most 100 public keys with distinct kids"));
    jose_set_free(set);
    return true;
}

static bool has_keys(const struct client_metadata *m)
{
    return str_given(m->jwks) || str_given(m->jwks_uri);
}

static bool subject_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    const str names[] = { m->tls_client_auth_subject_dn, m->tls_client_auth_san_dns, m->tls_client_auth_san_uri,
                          m->tls_client_auth_san_ip, m->tls_client_auth_san_email };
    size_t n = 0, wanted = str_eq(m->token_endpoint_auth_method, STR("tls_client_auth")) ? 1 : 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        n += str_given(names[i]) ? 1 : 0;
    if (n != wanted)
        return rule_broken(p, "tls_client_auth_subject_dn",
                           STR("or one of tls_client_auth_san_*: exactly one, and only for tls_client_auth"));
    if (str_given(m->tls_client_auth_subject_dn) && !cert_subject_valid(m->tls_client_auth_subject_dn))
        return rule_broken(p, "tls_client_auth_subject_dn", STR("must be a name as RFC 4514 writes it"));
    return true;
}

static bool assertion_alg_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    str method = m->token_endpoint_auth_method, alg = m->token_endpoint_auth_signing_alg;
    if (!str_given(alg))
        return true;
    bool symmetric = str_eq(alg, STR("HS256"));
    if (str_eq(method, STR("private_key_jwt")) && !symmetric)
        return true;
    if (str_eq(method, STR("client_secret_jwt")) && symmetric)
        return true;
    return rule_broken(p, "token_endpoint_auth_signing_alg",
                       STR("is for private_key_jwt, and HS256 alone for client_secret_jwt"));
}

#define FAPI_ALGS STR("PS256 ES256 EdDSA Ed25519")

/* FAPI-CIBA: requests are signed, and tokens are fetched, never brought. */
static bool fapi_backchannel_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    if (!str_has_word(m->grant_types, GRANT_CIBA))
        return true;
    if (!str_has_word(FAPI_ALGS, m->backchannel_authentication_request_signing_alg))
        return rule_broken(p, "backchannel_authentication_request_signing_alg",
                           STR("must be PS256, ES256 or EdDSA in FAPI"));
    return !str_eq(m->backchannel_token_delivery_mode, STR("push")) ||
           rule_broken(p, "backchannel_token_delivery_mode", STR("must be poll or ping in FAPI"));
}

/* Of all that is signed, by either side; what is absent is not used, or has a default that is one of these. */
static bool fapi_algs_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    const struct {
        const char *name;
        str alg;
    } algs[] = {
        { "token_endpoint_auth_signing_alg", m->token_endpoint_auth_signing_alg },
        { "request_object_signing_alg", m->request_object_signing_alg },
        { "id_token_signed_response_alg", m->id_token_signed_response_alg },
        { "userinfo_signed_response_alg", m->userinfo_signed_response_alg },
        { "authorization_signed_response_alg", m->authorization_signed_response_alg },
        { "introspection_signed_response_alg", m->introspection_signed_response_alg },
    };
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++)
        if (str_given(algs[i].alg) && !str_has_word(FAPI_ALGS, algs[i].alg))
            return rule_broken(p, algs[i].name, STR("must be PS256, ES256 or EdDSA in FAPI"));
    return true;
}

/* Codes only: nothing that is worth anything comes through the browser (FAPI 2.0 section 5.3.2.2). */
static bool fapi_types_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    for (size_t i = 0; i < m->response_types.n; i++)
        if (!str_eq(m->response_types.items[i], STR("code")))
            return rule_broken(p, "response_types", STR("may hold code only in FAPI"));
    return true;
}

/* What FAPI wants of every client, beyond what its requests are judged by. */
static bool fapi_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    if (str_eq(m->fapi_profile, STR("none")))
        return true;
    if (!str_has_word(STR("private_key_jwt tls_client_auth self_signed_tls_client_auth"),
                      m->token_endpoint_auth_method))
        return rule_broken(p, "token_endpoint_auth_method",
                           STR("must be private_key_jwt or one with a certificate in this FAPI profile"));
    if (!m->require_pkce)
        return rule_broken(p, "require_pkce", STR("must be true in FAPI"));
    return fapi_algs_judge(m, p) && fapi_types_judge(m, p) && fapi_backchannel_judge(m, p);
}

bool credentials_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    bool needs_keys = str_has_word(STR("private_key_jwt self_signed_tls_client_auth"), m->token_endpoint_auth_method);
    if (needs_keys && !has_keys(m))
        return rule_broken(p, "jwks", STR("or jwks_uri is needed for this token_endpoint_auth_method"));
    if (str_given(m->backchannel_authentication_request_signing_alg) && !has_keys(m))
        return rule_broken(p, "jwks", STR("or jwks_uri is needed for backchannel_authentication_request_signing_alg"));
    return jwks_judge(m, p) && subject_judge(m, p) && assertion_alg_judge(m, p) && fapi_judge(m, p);
}
