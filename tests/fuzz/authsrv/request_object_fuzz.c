/*
 * Request objects whose signature held: what is taken is of this client, for this server, and in time; as parameters,
 * nothing about the object itself remains, and what stands outside replaces nothing inside.
 */
#include "authsrv/domain/authorization/request_object.h"

#include "tests/fuzz/fuzz.h"

#define NOW_S 1700000000
#define ISSUER STR("https://as.example")

static void good_check(const struct json_value *claims, const struct client *client)
{
    str text;
    int64_t exp;
    MUST(!json_get(claims, "request") && !json_get(claims, "request_uri"));
    if (json_get(claims, "client_id"))
        MUST(json_get_str(claims, "client_id", &text) && str_eq(text, client->id.v));
    if (json_get(claims, "exp"))
        MUST(json_get_i64(claims, "exp", &exp) && exp > NOW_S);
    if (client_is_fapi(client))
        MUST(json_get(claims, "iss") && json_get(claims, "aud") && json_get(claims, "exp") && json_get(claims, "nbf"));
}

static void backchannel_check(const struct json_value *claims)
{
    const struct client client = { .id = { STR("app") }, .meta.fapi_profile = STR("none") };
    struct object_facts facts;
    if (backchannel_object_judge(claims, &client, ISSUER, instant_of_seconds(NOW_S), &facts) != OBJECT_GOOD)
        return;
    good_check(claims, &client);
    MUST(json_get(claims, "iss") && json_get(claims, "aud") && json_get(claims, "nbf") && json_get(claims, "iat"));
    MUST(facts.jti.n > 0 && facts.expires_at.us > (int64_t)NOW_S * 1000000);
    MUST(facts.expires_at.us < (int64_t)(NOW_S + 3700) * 1000000);
}

static const struct form_field *field_of(const struct form *f, str name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->fields[i].name, name))
            return &f->fields[i];
    return NULL;
}

static void parameters_check(struct arena *a, const struct json_value *claims)
{
    struct form outside = { .n = 2, .fields = { { STR("scope"), STR("openid") }, { STR("request"), STR("x") } } };
    struct form alone, beside;
    str text;
    if (request_object_read(a, claims, NULL, &alone) != OBJECT_GOOD)
        return;
    MUST(alone.n <= FORM_MAX_FIELDS);
    MUST(!field_of(&alone, STR("iss")) && !field_of(&alone, STR("exp")) && !field_of(&alone, STR("sub")));
    if (json_get_str(claims, "scope", &text)) {
        const struct form_field *scope = field_of(&alone, STR("scope"));
        MUST(scope && str_eq(scope->value, text));
    }
    if (request_object_read(a, claims, &outside, &beside) != OBJECT_GOOD)
        return;
    const struct form_field *in = field_of(&alone, STR("scope")), *both = field_of(&beside, STR("scope"));
    MUST(both && str_eq(both->value, in ? in->value : STR("openid")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    const struct json_value *claims;
    if (!json_parse(a, fuzz_text(data, size), &claims) || json_kind(claims) != JSON_OBJECT)
        return 0;
    static const char *const profiles[] = { "none", "security", "message_signing" };
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        const struct client client = { .id = { STR("app") }, .meta.fapi_profile = str_of(profiles[i]) };
        if (request_object_judge(claims, &client, ISSUER, instant_of_seconds(NOW_S)) == OBJECT_GOOD)
            good_check(claims, &client);
    }
    backchannel_check(claims);
    parameters_check(a, claims);
    return 0;
}
