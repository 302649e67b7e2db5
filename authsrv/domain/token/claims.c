/* Standard claims: one table gives scope and order. */
#include "authsrv/domain/token/claims.h"

#include "shared/base/buf.h"

#define NAMES_MAX_BYTES 16384

static const str protocol_claims = STR("sub iss aud exp iat auth_time nonce acr amr sid at_hash c_hash s_hash");

static const struct {
    str name, scope;
} claims[] = {
    { STR("name"), STR("profile") },
    { STR("family_name"), STR("profile") },
    { STR("given_name"), STR("profile") },
    { STR("middle_name"), STR("profile") },
    { STR("nickname"), STR("profile") },
    { STR("preferred_username"), STR("profile") },
    { STR("profile"), STR("profile") },
    { STR("picture"), STR("profile") },
    { STR("website"), STR("profile") },
    { STR("gender"), STR("profile") },
    { STR("birthdate"), STR("profile") },
    { STR("zoneinfo"), STR("profile") },
    { STR("locale"), STR("profile") },
    { STR("updated_at"), STR("profile") },
    { STR("email"), STR("email") },
    { STR("email_verified"), STR("email") },
    { STR("address"), STR("address") },
    { STR("phone_number"), STR("phone") },
    { STR("phone_number_verified"), STR("phone") },
};
#define N_CLAIMS (sizeof claims / sizeof claims[0])

static void member_write(struct arena *a, struct json *j, const struct json_value *profile, str name)
{
    const char *key = arena_cstr(a, name);
    const struct json_value *v = profile ? json_get(profile, key) : NULL;
    str text;
    if (!v || json_kind(v) == JSON_NULL || (json_is_str(v, &text) && text.n == 0))
        return;
    json_raw(j, key, json_canonical(a, v));
}

static void claim_write(struct arena *a, struct json *j, const struct person *p, str name)
{
    if (str_eq(name, STR("name")))
        json_str(j, "name", p->name);
    else if (str_eq(name, STR("updated_at")))
        json_i64(j, "updated_at", instant_seconds(p->updated_at));
    else if (str_eq(name, STR("email")))
        json_str(j, "email", p->email);
    else if (str_eq(name, STR("email_verified")) && str_given(p->email))
        json_bool(j, "email_verified", p->email_verified);
    else if (!str_eq(name, STR("email_verified")))
        member_write(a, j, p->profile, name);
}

void claims_write(struct arena *a, struct json *j, const struct person *p, str scope, str names)
{
    for (size_t i = 0; i < N_CLAIMS; i++)
        if (str_has_word(scope, claims[i].scope) || str_has_word(names, claims[i].name))
            claim_write(a, j, p, claims[i].name);
}

str claim_scope(str name)
{
    for (size_t i = 0; i < N_CLAIMS; i++)
        if (str_eq(claims[i].name, name))
            return claims[i].scope;
    return STR_NONE;
}

str claims_beyond(struct arena *a, str names, str scope)
{
    struct buf out;
    buf_init(&out, a, NAMES_MAX_BYTES);
    for (size_t i = 0; i < N_CLAIMS; i++) {
        if (!str_has_word(names, claims[i].name) || str_has_word(scope, claims[i].scope))
            continue;
        if (out.n > 0)
            buf_add_char(&out, ' ');
        buf_add(&out, claims[i].name);
    }
    return buf_str(&out);
}

void claims_supported_write(struct json *j, const char *key)
{
    str rest = protocol_claims, word;
    json_array(j, key);
    while (str_next_word(&rest, &word))
        json_str(j, NULL, word);
    for (size_t i = 0; i < N_CLAIMS; i++)
        json_str(j, NULL, claims[i].name);
    json_close(j);
}
