/* Clients: names of authentication methods, and what a registration lets a client do. */
#include "authsrv/domain/client/client.h"

#include "authsrv/domain/authorization/redirect.h"
#include "authsrv/domain/authorization/response.h"
#include "shared/text/url.h"

static const struct {
    enum auth_method method;
    str name;
    bool has_secret;
} methods[] = {
    { AUTH_NONE, STR("none"), false },
    { AUTH_BASIC, STR("client_secret_basic"), true },
    { AUTH_POST, STR("client_secret_post"), true },
    { AUTH_SECRET_JWT, STR("client_secret_jwt"), true },
    { AUTH_KEY_JWT, STR("private_key_jwt"), false },
    { AUTH_TLS, STR("tls_client_auth"), false },
    { AUTH_SELF_SIGNED, STR("self_signed_tls_client_auth"), false },
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

bool auth_method_has_secret(enum auth_method m)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (methods[i].method == m)
            return methods[i].has_secret;
    return false;
}

/* OIDC Core section 8.1: the host of the sector's document, or that of the redirect URIs. */
static bool sector_set(struct client *c)
{
    struct url u;
    str uri = c->meta.sector_identifier_uri;
    if (!str_eq(c->meta.subject_type, STR("pairwise")))
        return true;
    if (!str_given(uri) && c->meta.redirect_uris.n > 0)
        uri = c->meta.redirect_uris.items[0];
    if (!url_parse(uri, &u))
        return false;
    c->sector = u.host;
    return true;
}

static bool id_token_alg_set(struct client *c)
{
    c->id_token_alg = ALG_ANY;
    return str_eq(c->meta.id_token_signed_response_alg, STR("none")) ||
           jose_alg_parse(c->meta.id_token_signed_response_alg, &c->id_token_alg);
}

bool client_complete(struct client *c)
{
    return auth_method_parse(c->meta.token_endpoint_auth_method, &c->auth_method) && sector_set(c) &&
           id_token_alg_set(c) && jose_alg_parse(c->meta.authorization_signed_response_alg, &c->response_alg);
}

bool client_is_fapi(const struct client *c)
{
    return !str_eq(c->meta.fapi_profile, STR("none"));
}

bool client_is_open(const struct client *c)
{
    return !c->verified && str_starts(c->id.v, STR(OPEN_CLIENT_PREFIX));
}

str client_bound_key(struct arena *a, const struct client *c)
{
    return c->auth_method == AUTH_NONE ? cnf_word(a, &c->cnf) : STR_NONE;
}

bool client_may(const struct client *c, str grant_type)
{
    return str_has_word(c->meta.grant_types, grant_type);
}

bool client_may_respond(const struct client *c, unsigned parts)
{
    str name = response_type_name(parts);
    if ((parts & RESPONSE_CODE) && !client_may(c, GRANT_CODE))
        return false;
    if ((parts & (RESPONSE_ID_TOKEN | RESPONSE_TOKEN)) && !client_may(c, GRANT_IMPLICIT))
        return false;
    for (size_t i = 0; i < c->meta.response_types.n; i++)
        if (str_eq(c->meta.response_types.items[i], name))
            return true;
    return false;
}

str client_registered_uri(const struct text_list *registered, str asked)
{
    str loopback = STR_NONE;
    for (size_t i = 0; i < registered->n; i++) {
        if (str_eq(registered->items[i], asked))
            return asked;
        if (!str_given(loopback) && redirect_matches(registered->items[i], asked))
            loopback = registered->items[i];
    }
    return loopback;
}
