/* Reading the settings of a partner: every member is known, and of its type. */
#include "authsrv/domain/upstream/upstream_settings.h"

#include "authsrv/domain/upstream/upstream_person.h"
#include "authsrv/domain/upstream/upstream_profiles.h"
#include "shared/jose/jose_alg.h"
#include "shared/jose/jwe.h"
#include "shared/text/url.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

static const struct {
    str name;
    const char *settings;
} profiles[] = {
#define X(name, settings) { STR(name), settings },
    UPSTREAM_PROFILES(X)
#undef X
};

struct word {
    const char *name;
    int value;
};
static const struct word kinds[] = { { "oidc", UPSTREAM_OIDC },
                                     { "oauth2", UPSTREAM_OAUTH },
                                     { "assertion", UPSTREAM_ASSERTION },
                                     { "none", UPSTREAM_NONE } };
static const struct word auths[] = { { "published", UPSTREAM_AUTH_PUBLISHED },
                                     { "client_secret_basic", UPSTREAM_AUTH_BASIC },
                                     { "client_secret_post", UPSTREAM_AUTH_POST },
                                     { "private_key_jwt", UPSTREAM_AUTH_PRIVATE_KEY } };
static const struct word creates[] = { { "anyone", UPSTREAM_CREATE_ANYONE },
                                       { "domains", UPSTREAM_CREATE_DOMAINS },
                                       { "invited", UPSTREAM_CREATE_INVITED } };
static const struct word bearers[] = { { "bearer", UPSTREAM_BEARER },
                                       { "oauth", UPSTREAM_BEARER_OAUTH },
                                       { "form", UPSTREAM_BEARER_FORM } };

static const struct word ends[] = { { "offer", UPSTREAM_END_OFFER },
                                    { "always", UPSTREAM_END_ALWAYS },
                                    { "never", UPSTREAM_END_NEVER } };

static const char *const members[] = {
    "profile",
    "kind",
    "scope",
    "token_auth",
    "userinfo_auth",
    "create",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "emails_endpoint",
    "acr_values",
    "callback_parameter",
    "trust_amr",
    "own_domains_only",
    "id_token_encryption",
    "home",
    "logout",
    "keep_tokens",
    "assertion_alg",
    "claims",
    "assertion_jwks",
    "assertion_jwks_uri",
};

/* The document over the profile that it names. */
struct reading {
    const struct json_value *doc, *base;
    str param, explain;
};

static bool wrong(struct reading *r, const char *param, const char *explain)
{
    if (!str_given(r->param)) {
        r->param = str_of(param);
        r->explain = str_of(explain);
    }
    return false;
}

static const struct json_value *member(const struct reading *r, const char *key)
{
    const struct json_value *v = json_get(r->doc, key);
    return v ? v : json_get(r->base, key);
}

static bool members_known(struct reading *r)
{
    if (!json_stranger(r->doc, members, N(members), &r->param))
        return true;
    r->explain = STR("is no setting of a partner");
    return false;
}

static bool profile_take(struct arena *a, struct reading *r)
{
    const struct json_value *v = json_get(r->doc, "profile");
    str name;
    r->base = NULL;
    if (!v)
        return true;
    if (json_is_str(v, &name))
        for (size_t i = 0; i < N(profiles); i++)
            if (str_eq(profiles[i].name, name))
                return json_parse(a, str_of(profiles[i].settings), &r->base);
    return wrong(r, "profile", "google, github, vk or yandex");
}

static void text_take(struct reading *r, const char *key, str *ret)
{
    const struct json_value *v = member(r, key);
    *ret = STR_NONE;
    if (v && !json_is_str(v, ret))
        wrong(r, key, "a text");
}

static void bool_take(struct reading *r, const char *key, bool *ret)
{
    const struct json_value *v = member(r, key);
    *ret = false;
    if (v && !json_is_bool(v, ret))
        wrong(r, key, "true or false");
}

static int word_take(struct reading *r, const char *key, const struct word *words, size_t n, const char *explain)
{
    const struct json_value *v = member(r, key);
    str text;
    if (!v)
        return words[0].value;
    for (size_t i = 0; json_is_str(v, &text) && i < n; i++)
        if (str_eq(str_of(words[i].name), text))
            return words[i].value;
    wrong(r, key, explain);
    return words[0].value;
}

static void endpoint_take(struct reading *r, const char *key, str *ret)
{
    struct url u;
    text_take(r, key, ret);
    if (!str_given(*ret))
        return;
    bool good = url_parse(*ret, &u) && !u.has_userinfo && !str_given(u.fragment) &&
                (str_eq(u.scheme, STR("https")) || (str_eq(u.scheme, STR("http")) && url_host_is_loopback(u.host)));
    if (!good)
        wrong(r, key, "an https URL (http for loopback only) without a fragment");
}

static void assertion_take(struct arena *a, struct reading *r, struct upstream_settings *s)
{
    const struct json_value *jwks = member(r, "assertion_jwks");
    enum jose_alg alg;
    text_take(r, "assertion_alg", &s->assertion_alg);
    endpoint_take(r, "assertion_jwks_uri", &s->assertion_jwks_uri);
    s->assertion_jwks = jwks ? json_canonical(a, jwks) : STR_NONE;
    bool has_keys = jwks != NULL || str_given(s->assertion_jwks_uri);
    if (jwks && json_kind(jwks) != JSON_OBJECT)
        wrong(r, "assertion_jwks", "a JWK set of public keys");
    if (jwks && str_given(s->assertion_jwks_uri))
        wrong(r, "assertion_jwks", "or assertion_jwks_uri, not both");
    if (str_given(s->assertion_alg) && (!jose_alg_parse(s->assertion_alg, &alg) || alg == ALG_HS256))
        wrong(r, "assertion_alg", "ES256, RS256, PS256 or EdDSA");
    if (str_given(s->assertion_alg) != has_keys)
        wrong(r, "assertion_alg", "goes with assertion_jwks or assertion_jwks_uri");
    if (s->kind == UPSTREAM_ASSERTION && !has_keys)
        wrong(r, "assertion_alg", "is needed, with assertion_jwks or assertion_jwks_uri");
}

static void fields_take(struct arena *a, struct reading *r, struct upstream_settings *s)
{
    enum jwe_alg alg;
    text_take(r, "scope", &s->scope);
    text_take(r, "acr_values", &s->acr_values);
    text_take(r, "callback_parameter", &s->callback_parameter);
    text_take(r, "id_token_encryption", &s->id_token_encryption);
    bool_take(r, "trust_amr", &s->trust_amr);
    bool_take(r, "own_domains_only", &s->own_domains_only);
    bool_take(r, "home", &s->home);
    bool_take(r, "keep_tokens", &s->keep_tokens);
    endpoint_take(r, "authorization_endpoint", &s->authorization_endpoint);
    endpoint_take(r, "token_endpoint", &s->token_endpoint);
    endpoint_take(r, "userinfo_endpoint", &s->userinfo_endpoint);
    endpoint_take(r, "emails_endpoint", &s->emails_endpoint);
    if (str_given(s->id_token_encryption) && !jwe_alg_parse(s->id_token_encryption, &alg))
        wrong(r, "id_token_encryption", "RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW or ECDH-ES+A256KW");
    s->claims = member(r, "claims");
    if (s->claims && !upstream_claims_valid(a, s->claims))
        wrong(r, "claims",
              "sub, name, email, email_verified: JSON pointers, or lists of them; email_verified also true or false");
}

/* What each kind must have and may not have. */
static void kind_check(struct reading *r, const struct upstream_settings *s)
{
    bool is_oauth = s->kind == UPSTREAM_OAUTH;
    if (is_oauth &&
        !(str_given(s->authorization_endpoint) && str_given(s->token_endpoint) && str_given(s->userinfo_endpoint)))
        wrong(r, "authorization_endpoint",
              "is needed with token_endpoint and userinfo_endpoint: nothing publishes them");
    if (!is_oauth && (str_given(s->authorization_endpoint) || str_given(s->token_endpoint) ||
                      str_given(s->userinfo_endpoint) || str_given(s->emails_endpoint)))
        wrong(r, "authorization_endpoint", "only of kind oauth2: the issuer's metadata names the endpoints");
    if (is_oauth && !json_get(s->claims, "sub"))
        wrong(r, "claims", "must say where sub is");
    if (!upstream_has_login(s->kind) && s->keep_tokens)
        wrong(r, "keep_tokens", "where nobody logs in there are no tokens");
    if (s->kind != UPSTREAM_OIDC && s->end == UPSTREAM_END_ALWAYS)
        wrong(r, "logout", "always is for kind oidc: nothing else has a log-out of its own");
    if (!is_oauth && json_get(s->claims, "sub"))
        wrong(r, "claims", "sub is sub");
    if (is_oauth && (str_given(s->acr_values) || str_given(s->id_token_encryption) || s->trust_amr))
        wrong(r, "acr_values", "OAuth 2.0 has no ID token that could say acr, amr, or be encrypted");
}

bool upstream_settings_read(struct arena *a, str document, struct upstream_settings *ret, str *param, str *explain)
{
    struct reading r = { 0 };
    struct upstream_settings s = { 0 };
    /* The database puts blanks into what was not too long. */
    bool is_object = json_parse(a, document, &r.doc) && json_kind(r.doc) == JSON_OBJECT &&
                     json_canonical(a, r.doc).n <= UPSTREAM_SETTINGS_MAX_BYTES;
    if (!is_object)
        wrong(&r, "settings", "a JSON object");
    if (is_object && members_known(&r) && profile_take(a, &r)) {
        s.kind = (enum upstream_kind)word_take(&r, "kind", kinds, N(kinds), "oidc, oauth2 or assertion");
        s.auth = (enum upstream_auth)word_take(&r, "token_auth", auths, N(auths),
                                               "published, client_secret_basic, client_secret_post or private_key_jwt");
        s.create = (enum upstream_create)word_take(&r, "create", creates, N(creates), "anyone, domains or invited");
        s.bearer = (enum upstream_bearer)word_take(&r, "userinfo_auth", bearers, N(bearers), "bearer, oauth or form");
        s.end = (enum upstream_end)word_take(&r, "logout", ends, N(ends), "offer, always or never");
        fields_take(a, &r, &s);
        assertion_take(a, &r, &s);
        kind_check(&r, &s);
    }
    if (!str_given(s.scope))
        s.scope = s.kind == UPSTREAM_OIDC ? STR("openid profile email") : STR_NONE;
    *param = r.param;
    *explain = r.explain;
    if (str_given(r.param))
        return false;
    *ret = s;
    return true;
}
