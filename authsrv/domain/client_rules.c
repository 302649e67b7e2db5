/* Rules between members of client metadata, and of names, URIs and scopes (SECURITY A and E). */
#include "authsrv/domain/client_rules.h"

#include "authsrv/domain/client.h"
#include "authsrv/domain/client_metadata.h"
#include "authsrv/domain/redirect.h"
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

static bool grants_judge(const struct client_metadata *m, struct metadata_problem *p)
{
    if (m->grant_types.n == 0)
        return rule_broken(p, "grant_types", STR("must name at least one"));
    if (str_eq(m->token_endpoint_auth_method, STR("none")) && needs_authentication(m->grant_types))
        return rule_broken(p, "grant_types", STR("one of them needs a client that can authenticate"));
    if (str_has_word(m->grant_types, GRANT_REFRESH) && !str_has_word(m->grant_types, GRANT_CODE) &&
        !str_has_word(m->grant_types, GRANT_DEVICE) && !str_has_word(m->grant_types, GRANT_CIBA))
        return rule_broken(p, "grant_types", STR("refresh_token needs a grant that gives refresh tokens"));
    if (str_has_word(m->grant_types, GRANT_CODE) && m->redirect_uris.n == 0)
        return rule_broken(p, "redirect_uris", STR("must hold at least one URI for the grant type authorization_code"));
    return true;
}

/* Where a client waits to be told is ours to call: https, or http on a loopback address (the guard has the last word).
 */
static bool is_notification_endpoint(str text)
{
    struct url u;
    if (!url_parse(text, &u) || u.has_userinfo || str_given(u.fragment))
        return false;
    return str_eq(u.scheme, STR("https")) || (str_eq(u.scheme, STR("http")) && url_host_is_loopback(u.host));
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

bool client_metadata_judge(struct arena *a, const struct client_metadata *m, struct metadata_problem *p)
{
    if (!client_name_valid(m->client_name))
        return rule_broken(p, "client_name",
                           STR("must have 1 to 64 characters, none of them invisible or changing direction"));
    if (str_eq(m->token_endpoint_auth_method, STR("none")) && !m->require_pkce)
        return rule_broken(p, "require_pkce", STR("must be true for a client without authentication"));
    return grants_judge(m, p) && backchannel_rules_judge(m, p) && credentials_judge(m, p) &&
           uris_judge(a, "redirect_uris", &m->redirect_uris, p) &&
           uris_judge(a, "post_logout_redirect_uris", &m->post_logout_redirect_uris, p);
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
