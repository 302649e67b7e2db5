/* Clients: names of authentication methods, and the judgement of a registration. */
#include "authsrv/domain/client.h"

#include "authsrv/domain/redirect.h"
#include "authsrv/domain/scope.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define CLIENT_MAX_URIS 20

static const struct {
    enum auth_method method;
    str name;
} methods[] = {
    { AUTH_NONE, STR("none") },
    { AUTH_BASIC, STR("client_secret_basic") },
    { AUTH_POST, STR("client_secret_post") },
};

bool auth_method_parse(str name, enum auth_method *ret)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (str_eq(methods[i].name, name)) {
            *ret = methods[i].method;
            return true;
        }
    }
    return false;
}

str auth_method_name(enum auth_method m)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (methods[i].method == m)
            return methods[i].name;
    return STR("none");
}

bool client_may(const struct client *c, str grant_type)
{
    return str_has_word(c->grants, grant_type);
}

/* U+200B..200F, 202A..202E, 2060..2069, FEFF: invisible or direction-changing, used to imitate other names. */
static bool deceptive_at(const unsigned char *p, size_t left)
{
    if (left < 3)
        return false;
    if (p[0] == 0xe2 && p[1] == 0x80)
        return (p[2] >= 0x8b && p[2] <= 0x8f) || (p[2] >= 0xa8 && p[2] <= 0xae);
    if (p[0] == 0xe2 && p[1] == 0x81)
        return p[2] >= 0xa0 && p[2] <= 0xa9;
    return p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf;
}

bool client_name_valid(str name)
{
    if (name.n == 0 || !utf8_valid(name))
        return false;
    size_t characters = 0;
    for (size_t i = 0; i < name.n; i++) {
        const unsigned char *p = (const unsigned char *)name.p + i;
        if (*p < 0x20 || *p == 0x7f || deceptive_at(p, name.n - i) || (*p == 0xc2 && i + 1 < name.n && p[1] < 0xa0))
            return false;
        if ((*p & 0xc0) != 0x80)
            characters++;
    }
    return characters <= 64;
}

static bool link_valid(str link)
{
    struct url u;
    return !str_given(link) || (url_parse(link, &u) && str_eq(u.scheme, STR("https")) && !u.has_userinfo);
}

static bool grants_known(str grants)
{
    str word;
    size_t n = 0;
    while (str_next_word(&grants, &word)) {
        n++;
        if (!str_eq(word, GRANT_CODE) && !str_eq(word, GRANT_REFRESH) && !str_eq(word, GRANT_CLIENT))
            return false;
    }
    return n > 0;
}

static bool uris_good(struct arena *a, const str *uris, size_t n, str *explain)
{
    for (size_t i = 0; i < n; i++) {
        enum redirect_verdict v = redirect_judge(uris[i]);
        if (v == REDIRECT_GOOD)
            continue;
        *explain = arena_printf(a, "URI number %zu: %s", i + 1, redirect_verdict_say(v));
        return false;
    }
    return true;
}

static enum draft_verdict draft_judge_uris(struct arena *a, const struct client_draft *d, str *explain)
{
    bool with_code = str_has_word(d->grants, GRANT_CODE);
    if (with_code && d->n_redirect_uris == 0) {
        *explain = STR("redirect_uris must hold at least one URI for the grant type authorization_code");
        return DRAFT_NO_REDIRECT;
    }
    if (d->n_redirect_uris > CLIENT_MAX_URIS || d->n_post_logout_uris > CLIENT_MAX_URIS) {
        *explain = STR("at most 20 URIs of each kind");
        return DRAFT_REDIRECT;
    }
    if (!uris_good(a, d->redirect_uris, d->n_redirect_uris, explain) ||
        !uris_good(a, d->post_logout_uris, d->n_post_logout_uris, explain))
        return DRAFT_REDIRECT;
    return DRAFT_GOOD;
}

static enum draft_verdict draft_judge_grants(const struct client_draft *d, str *explain)
{
    if (!grants_known(d->grants)) {
        *explain = STR("grant_types may hold authorization_code, refresh_token and client_credentials");
        return DRAFT_GRANT;
    }
    if (d->auth_method == AUTH_NONE && str_has_word(d->grants, GRANT_CLIENT)) {
        *explain = STR("client_credentials needs a client with a secret");
        return DRAFT_PUBLIC_CLIENT_CREDENTIALS;
    }
    if (str_has_word(d->grants, GRANT_REFRESH) && !str_has_word(d->grants, GRANT_CODE)) {
        *explain = STR("refresh_token needs authorization_code");
        return DRAFT_REFRESH_WITHOUT_CODE;
    }
    return DRAFT_GOOD;
}

enum draft_verdict draft_judge(struct arena *a, const struct client_draft *d, str *explain)
{
    if (!client_name_valid(d->name)) {
        *explain = STR("client_name must have 1 to 64 characters, none of them invisible or changing direction");
        return DRAFT_NAME;
    }
    enum draft_verdict v = draft_judge_grants(d, explain);
    if (v != DRAFT_GOOD)
        return v;
    enum jose_alg alg;
    if (!jose_alg_parse(d->id_token_alg, &alg) || (alg != ALG_RS256 && alg != ALG_ES256)) {
        *explain = STR("id_token_signed_response_alg may be RS256 or ES256");
        return DRAFT_ALG;
    }
    if (!scope_is_wellformed(d->scope)) {
        *explain = STR("scope must be space-separated words");
        return DRAFT_SCOPE;
    }
    if (!link_valid(d->client_uri) || !link_valid(d->logo_uri) || !link_valid(d->policy_uri) ||
        !link_valid(d->tos_uri)) {
        *explain = STR("client_uri, logo_uri, policy_uri and tos_uri must be https URLs");
        return DRAFT_LINK;
    }
    return draft_judge_uris(a, d, explain);
}
