/* Rules between members of client metadata, and of names, URIs and scopes (SECURITY A and E). */
#include "authsrv/domain/client/client_rules.h"

#include "authsrv/domain/authorization/redirect.h"
#include "authsrv/domain/authorization/response.h"
#include "authsrv/domain/client/client.h"
#include "authsrv/domain/client/client_metadata.h"
#include "authsrv/domain/scope.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

bool rule_broken(struct metadata_problem *p, const char *member, str explain)
{
    *p = (struct metadata_problem){ str_of(member), explain };
    return false;
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

/* How many bytes a blank takes at that place (space, U+00A0, 2000..200A, 202F, 205F, 3000); 0: it is none. */
static size_t blank_at(const unsigned char *p, size_t left)
{
    if (p[0] == ' ')
        return 1;
    if (left >= 2 && p[0] == 0xc2 && p[1] == 0xa0)
        return 2;
    if (left < 3)
        return 0;
    bool general = p[0] == 0xe2 && p[1] == 0x80 && ((p[2] >= 0x80 && p[2] <= 0x8a) || p[2] == 0xaf);
    bool other = (p[0] == 0xe2 && p[1] == 0x81 && p[2] == 0x9f) || (p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80);
    return general || other ? 3 : 0;
}

static bool is_blank(str name)
{
    size_t i = 0, n = 1;
    while (i < name.n && n > 0) {
        n = blank_at((const unsigned char *)name.p + i, name.n - i);
        i += n;
    }
    return n > 0;
}

bool line_valid(str line, size_t max_characters)
{
    if (line.n == 0 || !utf8_valid(line) || is_blank(line))
        return false;
    size_t characters = 0;
    for (size_t i = 0; i < line.n; i++) {
        const unsigned char *p = (const unsigned char *)line.p + i;
        if (*p < 0x20 || *p == 0x7f || deceptive_at(p, line.n - i) || (*p == 0xc2 && i + 1 < line.n && p[1] < 0xa0))
            return false;
        if ((*p & 0xc0) != 0x80)
            characters++;
    }
    return characters <= max_characters;
}

bool client_name_valid(str name)
{
    return line_valid(name, CLIENT_NAME_MAX);
}

static bool uris_judge(struct arena *a, const char *member, const struct text_list *uris, struct metadata_problem *p)
{
    for (size_t i = 0; i < uris->n; i++) {
        enum redirect_verdict v = redirect_judge(uris->items[i]);
        if (v != REDIRECT_GOOD)
            return rule_broken(p, member, arena_printf(a, "URI number %zu: %s", i + 1, redirect_verdict_say(v)));
    }
    return true;
}

/* Grants in which the client itself vouches for something need one that can be told from others. */
static bool needs_authentication(str grant_types)
{
    return str_has_word(grant_types, GRANT_CLIENT) || str_has_word(grant_types, GRANT_EXCHANGE) ||
           str_has_word(grant_types, GRANT_JWT) || str_has_word(grant_types, GRANT_CIBA);
}

/* As redirect URIs, but for servers and frames: no application's own scheme. */
static bool logout_uri_judge(const char *member, str uri, struct metadata_problem *p)
{
    if (!str_given(uri))
        return true;
    enum redirect_verdict v = redirect_judge(uri);
    if (v != REDIRECT_GOOD)
        return rule_broken(p, member, str_of(redirect_verdict_say(v)));
    return str_starts(uri, STR("https:")) || str_starts(uri, STR("http:")) ||
           rule_broken(p, member, STR("must be an https URL (http on a loopback address)"));
}

/* Front-Channel Logout 1.0 section 2: nobody has other people's pages loaded by us. */
static bool frame_origin_judge(struct arena *a, const struct client_metadata *m, struct metadata_problem *p)
{
    struct url frame, redirect;
    if (!str_given(m->frontchannel_logout_uri) || !url_parse(m->frontchannel_logout_uri, &frame))
        return true;
    for (size_t i = 0; i < m->redirect_uris.n; i++)
        if (url_parse(m->redirect_uris.items[i], &redirect) && str_eq(url_origin(a, &redirect), url_origin(a, &frame)))
            return true;
    return rule_broken(p, "frontchannel_logout_uri", STR("must have scheme, host and port of one of redirect_uris"));
}

static bool logout_uris_judge(struct arena *a, const struct client_metadata *m, struct metadata_problem *p)
{
    return logout_uri_judge("backchannel_logout_uri", m->backchannel_logout_uri, p) &&
           logout_uri_judge("frontchannel_logout_uri", m->frontchannel_logout_uri, p) && frame_origin_judge(a, m, p);
}

str response_grants(struct arena *a, const struct text_list *types, str fallback)
{
    unsigned all = 0, parts;
    for (size_t i = 0; i < types->n; i++)
        if (response_type_parse(types->items[i], &parts))
            all |= parts;
    str grants = all & RESPONSE_CODE ? GRANT_CODE : STR("");
    if (all & (RESPONSE_ID_TOKEN | RESPONSE_TOKEN))
        grants = scope_union(a, grants, GRANT_IMPLICIT);
    return grants.n > 0 ? grants : fallback;
}

static bool grants_judge(struct arena *a, const struct client_metadata *m, struct metadata_problem *p)
{
    str needed = response_grants(a, &m->response_types, STR(""));
    if (m->grant_types.n == 0)
        return rule_broken(p, "grant_types", STR("must name at least one"));
    if (!scope_covers(m->grant_types, needed))
        return rule_broken(p, "grant_types",
                           arena_printf(a, "must hold what the response types need: %.*s", STR_ARG(needed)));
    if (str_eq(m->token_endpoint_auth_method, STR("none")) && needs_authentication(m->grant_types))
        return rule_broken(p, "grant_types", STR("one of them needs a client that can authenticate"));
    if (str_has_word(m->grant_types, GRANT_REFRESH) && !str_has_word(m->grant_types, GRANT_CODE) &&
        !str_has_word(m->grant_types, GRANT_DEVICE) && !str_has_word(m->grant_types, GRANT_CIBA))
        return rule_broken(p, "grant_types", STR("refresh_token needs a grant that gives refresh tokens"));
    if ((m->response_types.n > 0 || str_has_word(m->grant_types, GRANT_CODE)) && m->redirect_uris.n == 0)
        return rule_broken(p, "redirect_uris",
                           STR("must hold at least one URI for an application that people log in to"));
    return true;
}

/* Tokens that come through the browser come to web applications by https only (OIDC Registration section 2). */
static bool implicit_judge(struct arena *a, const struct client_metadata *m, struct metadata_problem *p)
{
    struct url u;
    if (!str_has_word(m->grant_types, GRANT_IMPLICIT) || !str_eq(m->application_type, STR("web")))
        return true;
    for (size_t i = 0; i < m->redirect_uris.n; i++)
        if (!url_parse(m->redirect_uris.items[i], &u) || !str_eq(u.scheme, STR("https")))
            return rule_broken(
                p, "redirect_uris",
                arena_printf(a, "URI number %zu: implicit needs https, or application_type native", i + 1));
    return true;
}

/* An address that we call: https, or http on a loopback address (the guard has the last word). */
static bool is_called(const struct url *u)
{
    return !u->has_userinfo &&
           (str_eq(u->scheme, STR("https")) || (str_eq(u->scheme, STR("http")) && url_host_is_loopback(u->host)));
}

static bool is_notification_endpoint(str text)
{
    struct url u;
    return url_parse(text, &u) && is_called(&u) && !str_given(u.fragment);
}

/* Who can change an object on the way can change an unsigned request (OIDC Core section 6.2); the fragment is a hash.
 */
static bool request_uris_judge(struct arena *a, const struct client_metadata *m, struct metadata_problem *p)
{
    struct url u;
    for (size_t i = 0; i < m->request_uris.n; i++)
        if (!url_parse(m->request_uris.items[i], &u) || !is_called(&u))
            return rule_broken(p, "request_uris",
                               arena_printf(a, "URI number %zu: must be an https URL without user information", i + 1));
    return true;
}

static bool backchannel_rules_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    str mode = m->backchannel_token_delivery_mode, endpoint = m->backchannel_client_notification_endpoint;
    bool told = str_eq(mode, STR("ping")) || str_eq(mode, STR("push"));
    if (str_has_word(m->grant_types, GRANT_CIBA) && !str_given(mode))
        return rule_broken(p, "backchannel_token_delivery_mode",
                           STR("is needed for this grant type: poll, ping or push"));
    if (told != str_given(endpoint))
        return rule_broken(p, "backchannel_client_notification_endpoint", STR("belongs to the modes ping and push"));
    if (told && !is_notification_endpoint(endpoint))
        return rule_broken(p, "backchannel_client_notification_endpoint",
                           STR("must be an https URL (http for a loopback address only) without fragment"));
    return true;
}

/* Nobody proves a key at the authorization endpoint, so what comes from there can be bound to none (RFC 9449). */
static bool bound_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    unsigned parts;
    bool bound = m->dpop_bound_access_tokens || m->tls_client_certificate_bound_access_tokens;
    for (size_t i = 0; bound && i < m->response_types.n; i++)
        if (response_type_parse(m->response_types.items[i], &parts) && (parts & RESPONSE_TOKEN))
            return rule_broken(p, "response_types",
                               STR("must not hold token for a client whose access tokens are bound to a key"));
    return true;
}

bool client_metadata_judge(struct arena *a, const struct client_metadata *m, struct metadata_problem *p)
{
    if (!client_name_valid(m->client_name))
        return rule_broken(
            p, "client_name",
            STR("must have 1 to 64 characters, not only blanks, none of them invisible or changing direction"));
    if (str_eq(m->token_endpoint_auth_method, STR("none")) && !m->require_pkce)
        return rule_broken(p, "require_pkce", STR("must be true for a client without authentication"));
    if (m->dpop_bound_access_tokens && m->tls_client_certificate_bound_access_tokens)
        return rule_broken(p, "dpop_bound_access_tokens",
                           STR("excludes tls_client_certificate_bound_access_tokens: a token has one key"));
    return bound_judge(m, p) && grants_judge(a, m, p) && implicit_judge(a, m, p) && request_uris_judge(a, m, p) &&
           backchannel_rules_judge(m, p) && credentials_judge(m, p) && formats_judge(m, p) &&
           uris_judge(a, "redirect_uris", &m->redirect_uris, p) &&
           uris_judge(a, "post_logout_redirect_uris", &m->post_logout_redirect_uris, p) && logout_uris_judge(a, m, p);
}

bool client_metadata_judge_open(const struct client_metadata *m, struct metadata_problem *p)
{
    str grants = m->grant_types, word;
    while (str_next_word(&grants, &word))
        if (!str_eq(word, GRANT_CODE) && !str_eq(word, GRANT_REFRESH))
            return rule_broken(p, "grant_types",
                               STR("may hold authorization_code and refresh_token without an initial access token"));
    return true;
}

static bool lists_same(const struct text_list *one, const struct text_list *other)
{
    bool same = one->n == other->n;
    for (size_t i = 0; same && i < one->n; i++)
        same = str_eq(one->items[i], other->items[i]);
    return same;
}

bool client_metadata_keep_given(struct client_metadata *m, const struct client_metadata *given,
                                struct metadata_problem *p)
{
    static const struct client_metadata nothing = { .access_token_ttl = -1, .refresh_token_ttl = -1 };
    const struct client_metadata *g = given ? given : &nothing;
    if (m->authorization_details_types.n > 0 &&
        !lists_same(&m->authorization_details_types, &g->authorization_details_types))
        return rule_broken(p, "authorization_details_types", STR("are given by the operator"));
    if (m->access_token_ttl >= 0 && m->access_token_ttl != g->access_token_ttl)
        return rule_broken(p, "access_token_ttl", STR("is given by the operator"));
    if (m->refresh_token_ttl >= 0 && m->refresh_token_ttl != g->refresh_token_ttl)
        return rule_broken(p, "refresh_token_ttl", STR("is given by the operator"));
    m->authorization_details_types = g->authorization_details_types;
    m->access_token_ttl = g->access_token_ttl;
    m->refresh_token_ttl = g->refresh_token_ttl;
    return true;
}
