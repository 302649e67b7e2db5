/* Clients: names of authentication methods, and what a registration lets a client do. */
#include "authsrv/domain/client.h"

#include "authsrv/domain/redirect.h"

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

str auth_method_name(enum auth_method m)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (methods[i].method == m)
            return methods[i].name;
    return STR("none");
}

bool auth_method_has_secret(enum auth_method m)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (methods[i].method == m)
            return methods[i].has_secret;
    return false;
}

bool client_complete(struct client *c)
{
    return auth_method_parse(c->meta.token_endpoint_auth_method, &c->auth_method) &&
           jose_alg_parse(c->meta.id_token_signed_response_alg, &c->id_token_alg);
}

bool client_is_fapi(const struct client *c)
{
    return !str_eq(c->meta.fapi_profile, STR("none"));
}

bool client_is_open(const struct client *c)
{
    return !c->verified && str_starts(c->id.v, STR(OPEN_CLIENT_PREFIX));
}

bool client_may(const struct client *c, str grant_type)
{
    return str_has_word(c->meta.grant_types, grant_type);
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
