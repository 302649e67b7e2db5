/* Rules of registration for the form of what a client gets: subjects, signatures, encryption (OIDC Registration 2). */
#include "authsrv/domain/client/client_rules.h"

#include "shared/text/url.h"

static bool encryption_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    const struct {
        str alg, enc;
        const char *alg_name, *enc_name;
    } pairs[] = {
        { m->id_token_encrypted_response_alg, m->id_token_encrypted_response_enc, "id_token_encrypted_response_alg",
          "id_token_encrypted_response_enc" },
        { m->userinfo_encrypted_response_alg, m->userinfo_encrypted_response_enc, "userinfo_encrypted_response_alg",
          "userinfo_encrypted_response_enc" },
        { m->introspection_encrypted_response_alg, m->introspection_encrypted_response_enc,
          "introspection_encrypted_response_alg", "introspection_encrypted_response_enc" },
        { m->authorization_encrypted_response_alg, m->authorization_encrypted_response_enc,
          "authorization_encrypted_response_alg", "authorization_encrypted_response_enc" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (str_given(pairs[i].enc) && !str_given(pairs[i].alg))
            return rule_broken(p, pairs[i].enc_name, STR("says nothing without the algorithm for the key"));
        if (str_given(pairs[i].alg) && !str_given(m->jwks) && !str_given(m->jwks_uri))
            return rule_broken(p, pairs[i].alg_name, STR("needs jwks or jwks_uri with a key to encrypt to"));
    }
    if (str_given(m->request_object_encryption_enc) && !str_given(m->request_object_encryption_alg))
        return rule_broken(p, "request_object_encryption_enc", STR("says nothing without the algorithm for the key"));
    return true;
}

/* An unsigned token is only as good as the way that it comes: from the token endpoint, over TLS (OIDC Core 2). */
static bool unsigned_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    if (!str_eq(m->id_token_signed_response_alg, STR("none")))
        return true;
    for (size_t i = 0; i < m->response_types.n; i++)
        if (str_has_word(m->response_types.items[i], STR("id_token")))
            return rule_broken(p, "id_token_signed_response_alg",
                               STR("must not be none with ID tokens from the authorization endpoint"));
    return true;
}

/* The hosts of the redirect URIs are one sector only when they are one host. */
static bool sector_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    struct url first, other;
    if (!str_eq(m->subject_type, STR("pairwise")) || str_given(m->sector_identifier_uri))
        return true;
    if (m->redirect_uris.n == 0 || !url_parse(m->redirect_uris.items[0], &first) || first.host.n == 0)
        return rule_broken(p, "subject_type",
                           STR("pairwise needs a redirect URI with a host, or sector_identifier_uri"));
    for (size_t i = 1; i < m->redirect_uris.n; i++)
        if (!url_parse(m->redirect_uris.items[i], &other) || !str_eq_nocase(first.host, other.host))
            return rule_broken(p, "sector_identifier_uri",
                               STR("is required for pairwise subjects with redirect URIs on several hosts"));
    return true;
}

/* Shorter or longer than the configuration has it, by the operator's word. */
static bool lives_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    if (m->access_token_ttl >= 0 && (m->access_token_ttl < 60 || m->access_token_ttl > 86400))
        return rule_broken(p, "access_token_ttl", STR("must be 60 to 86400 seconds"));
    if (m->refresh_token_ttl >= 0 && (m->refresh_token_ttl < 3600 || m->refresh_token_ttl > 31536000))
        return rule_broken(p, "refresh_token_ttl", STR("must be 3600 to 31536000 seconds"));
    return true;
}

bool formats_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    return encryption_judge(m, p) && unsigned_judge(m, p) && sector_judge(m, p) && lives_judge(m, p);
}
