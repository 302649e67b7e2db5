/* Client metadata: JSON to draft, with the defaults of RFC 7591 section 2. */
#include "authsrv/domain/registration.h"

#include "shared/base/buf.h"

#define LIST_MAX 20
#define DEFAULT_SCOPE STR("openid profile email address phone offline_access")

static bool text_read(const struct json_value *m, const char *name, str fallback, str *ret)
{
    const struct json_value *v = json_get(m, name);
    *ret = fallback;
    return !v || json_kind(v) == JSON_NULL || json_is_str(v, ret);
}

static bool list_read(struct arena *a, const struct json_value *m, const char *name, const str **items, size_t *n)
{
    const struct json_value *v = json_get(m, name);
    *items = NULL;
    *n = 0;
    if (!v || json_kind(v) == JSON_NULL)
        return true;
    if (json_kind(v) != JSON_ARRAY || json_size(v) > LIST_MAX + 1)
        return false;
    str *list = arena_array(a, str, json_size(v) + 1);
    for (size_t i = 0; i < json_size(v); i++)
        if (!json_is_str(json_item(v, i), &list[i]))
            return false;
    *items = list;
    *n = json_size(v);
    return true;
}

static bool words_read(struct arena *a, const struct json_value *m, const char *name, str fallback, str *ret)
{
    const str *items;
    size_t n;
    *ret = fallback;
    if (!json_get(m, name))
        return true;
    if (!list_read(a, m, name, &items, &n))
        return false;
    struct buf out;
    buf_init(&out, a, 65536);
    for (size_t i = 0; i < n; i++) {
        if (memchr(items[i].p, ' ', items[i].n) || items[i].n > 256)
            return false;
        if (i > 0)
            buf_add_char(&out, ' ');
        buf_add(&out, items[i]);
    }
    *ret = buf_str(&out);
    return true;
}

static bool method_read(const struct json_value *m, enum auth_method *ret)
{
    str name;
    return text_read(m, "token_endpoint_auth_method", STR("client_secret_basic"), &name) &&
           auth_method_parse(name, ret);
}

static bool max_age_read(const struct json_value *m, int64_t *ret)
{
    *ret = -1;
    return !json_get(m, "default_max_age") || (json_get_i64(m, "default_max_age", ret) && *ret >= 0);
}

#define READ(ok, name)                                                                                                 \
    do {                                                                                                               \
        if (!(ok)) {                                                                                                   \
            *member = STR(name);                                                                                       \
            return false;                                                                                              \
        }                                                                                                              \
    } while (0)

bool draft_read(struct arena *a, const struct json_value *m, struct client_draft *ret, str *member)
{
    *ret = (struct client_draft){ 0 };
    READ(text_read(m, "client_name", STR("Unnamed client"), &ret->name), "client_name");
    READ(words_read(a, m, "grant_types", GRANT_CODE, &ret->grants), "grant_types");
    READ(text_read(m, "scope", DEFAULT_SCOPE, &ret->scope), "scope");
    READ(method_read(m, &ret->auth_method), "token_endpoint_auth_method");
    READ(text_read(m, "id_token_signed_response_alg", STR("RS256"), &ret->id_token_alg),
         "id_token_signed_response_alg");
    READ(list_read(a, m, "redirect_uris", &ret->redirect_uris, &ret->n_redirect_uris), "redirect_uris");
    READ(list_read(a, m, "post_logout_redirect_uris", &ret->post_logout_uris, &ret->n_post_logout_uris),
         "post_logout_redirect_uris");
    READ(text_read(m, "client_uri", STR_NONE, &ret->client_uri), "client_uri");
    READ(text_read(m, "logo_uri", STR_NONE, &ret->logo_uri), "logo_uri");
    READ(text_read(m, "policy_uri", STR_NONE, &ret->policy_uri), "policy_uri");
    READ(text_read(m, "tos_uri", STR_NONE, &ret->tos_uri), "tos_uri");
    READ(max_age_read(m, &ret->default_max_age), "default_max_age");
    return true;
}

static bool list_is_code(const struct json_value *v)
{
    str only;
    return json_size(v) == 1 && json_is_str(json_item(v, 0), &only) && str_eq(only, STR("code"));
}

str draft_unsupported(const struct json_value *m)
{
    static const char *const refused[] = {
        "jwks",
        "jwks_uri",
        "sector_identifier_uri",
        "request_uris",
        "userinfo_signed_response_alg",
        "userinfo_encrypted_response_alg",
        "id_token_encrypted_response_alg",
        "request_object_signing_alg",
        "software_statement",
        "initiate_login_uri",
        "frontchannel_logout_uri",
        "backchannel_logout_uri",
        "tls_client_auth_subject_dn",
        "require_pushed_authorization_requests",
        "dpop_bound_access_tokens",
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (json_get(m, refused[i]))
            return str_of(refused[i]);
    const struct json_value *types = json_get(m, "response_types");
    if (types && json_size(types) > 0 && !list_is_code(types))
        return STR("response_types");
    str subject;
    if (json_get_str(m, "subject_type", &subject) && !str_eq(subject, STR("public")))
        return STR("subject_type");
    return STR_NONE;
}
