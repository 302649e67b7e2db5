/* What partners say about people: rules for where it stands, and the policy about whom they may bring. */
#include "authsrv/domain/upstream/upstream_person.h"

#include "tests/support/test.h"

static struct upstream_settings settings(struct arena *a, const char *text)
{
    struct upstream_settings s = { 0 };
    str param, explain;
    CHECK(upstream_settings_read(a, str_of(text), &s, &param, &explain));
    return s;
}

static bool person_of(struct arena *a, const struct upstream_settings *s, const char *claims,
                      struct partner_person *ret)
{
    const struct json_value *v;
    CHECK(json_parse(a, str_of(claims), &v));
    return partner_person_read(a, s, STR("b.example"), v, ret);
}

static bool person(struct arena *a, const char *claims, struct partner_person *ret)
{
    struct upstream_settings s = settings(a, "{}");
    return person_of(a, &s, claims, ret);
}

#define ENDPOINTS                                                                                                      \
    ",\"authorization_endpoint\":\"https://p.example/a\",\"token_endpoint\":\"https://p.example/t\","                  \
    "\"userinfo_endpoint\":\"https://p.example/u\""

TEST(partner_email_is_verified_by_true_alone)
{
    struct partner_person p;
    CHECK(person(arena, "{\"sub\":\"s\",\"email\":\"A@b.example\",\"email_verified\":true}", &p));
    CHECK_STR(p.email, STR("a@b.example"));
    CHECK(p.email_verified);
    static const char *const others[] = { "false", "\"true\"", "1", "null" };
    for (size_t i = 0; i < 4; i++) {
        str claims = arena_printf(arena, "{\"sub\":\"s\",\"email\":\"a@b.example\",\"email_verified\":%s}", others[i]);
        CHECK(person(arena, arena_cstr(arena, claims), &p));
        CHECK(!p.email_verified);
    }
    CHECK(person(arena, "{\"sub\":\"s\",\"email\":\"not an address\",\"email_verified\":true}", &p));
    CHECK(!str_given(p.email));
}

TEST(partner_subject_is_text_of_1_to_255_bytes)
{
    struct partner_person p;
    CHECK(!person(arena, "{}", &p));
    CHECK(!person(arena, "{\"sub\":\"\"}", &p));
    CHECK(!person(arena, "{\"sub\":7}", &p));
    char long_sub[300] = "{\"sub\":\"";
    memset(long_sub + 8, 's', 256);
    memcpy(long_sub + 8 + 256, "\"}", 3);
    CHECK(!person(arena, long_sub, &p));
    memcpy(long_sub + 8 + 255, "\"}", 3);
    CHECK(person(arena, long_sub, &p));
}

TEST(userinfo_of_another_subject_is_refused)
{
    struct partner_person p;
    const struct json_value *v;
    struct upstream_settings s = settings(arena, "{}");
    CHECK(person(arena, "{\"sub\":\"s\"}", &p));
    CHECK(json_parse(arena, STR("{\"sub\":\"S\",\"email\":\"a@b.example\"}"), &v));
    CHECK(!partner_person_add(arena, &s, STR(""), v, &p));
    CHECK(json_parse(arena, STR("{\"sub\":\"s\",\"name\":\"Ada\"}"), &v));
    CHECK(partner_person_add(arena, &s, STR(""), v, &p));
    CHECK_STR(p.name, STR("Ada"));
}

TEST(a_github_shape_has_a_number_a_name_or_login_and_a_list_of_addresses)
{
    struct upstream_settings s = settings(arena, "{\"profile\":\"github\"" ENDPOINTS "}");
    struct partner_person p;
    const struct json_value *list;
    CHECK(person_of(arena, &s, "{\"id\":583231,\"login\":\"octo\",\"name\":null,\"email\":\"x@b.example\"}", &p));
    CHECK_STR(p.subject, STR("583231"));
    CHECK_STR(p.name, STR("octo"));
    CHECK(!p.email_verified);
    CHECK(json_parse(arena,
                     STR("[{\"email\":\"old@b.example\",\"primary\":false,\"verified\":true},"
                         "{\"email\":\"Octo@b.example\",\"primary\":true,\"verified\":true}]"),
                     &list));
    partner_emails_add(arena, &s, STR(""), list, &p);
    CHECK_STR(p.email, STR("octo@b.example"));
    CHECK(p.email_verified);
    CHECK(!person_of(arena, &s, "{\"login\":\"octo\"}", &p));
    CHECK(!person_of(arena, &s, "{\"id\":1.5}", &p));
    CHECK(!person_of(arena, &s, "{\"id\":{}}", &p));
}

TEST(a_vk_shape_is_nested_and_joins_names)
{
    struct upstream_settings s = settings(arena, "{\"profile\":\"vk\"" ENDPOINTS "}");
    struct partner_person p;
    CHECK(person_of(
        arena, &s,
        "{\"user\":{\"user_id\":\"7\",\"first_name\":\"Ada\",\"last_name\":\"L\",\"email\":\"a@b.example\"}}", &p));
    CHECK_STR(p.subject, STR("7"));
    CHECK_STR(p.name, STR("Ada L"));
    CHECK_STR(p.email, STR("a@b.example"));
    CHECK(!p.email_verified);
    CHECK_STR(s.callback_parameter, STR("device_id"));
}

TEST(rules_take_the_first_pointer_that_finds_something)
{
    struct upstream_settings s = settings(
        arena, "{\"claims\":{\"name\":[\"/none\",\"/a~1b/1\",\"/last\"],\"email\":\"/mail\",\"email_verified\":true}}");
    struct partner_person p;
    CHECK(person_of(arena, &s, "{\"sub\":\"s\",\"a/b\":[\"x\",\"Y\"],\"last\":\"Z\",\"mail\":\"q@b.example\"}", &p));
    CHECK_STR(p.name, STR("Y"));
    CHECK(p.email_verified);
}

TEST(rules_that_cannot_be_followed_are_refused)
{
    static const char *const bad[] = {
        "[]",
        "{\"profile\":\"nobody\"}",
        "{\"kind\":\"saml\"}",
        "{\"speed\":1}",
        "{\"claims\":{\"name\":\"name\"}}",
        "{\"claims\":{\"name\":[]}}",
        "{\"claims\":{\"name\":true}}",
        "{\"claims\":{\"name\":\"/a~2\"}}",
        "{\"claims\":{\"role\":\"/role\"}}",
        "{\"claims\":{\"sub\":\"/id\"}}",
        "{\"kind\":\"oauth2\"" ENDPOINTS "}",
        "{\"profile\":\"github\"}",
        "{\"profile\":\"github\",\"acr_values\":\"x\"" ENDPOINTS "}",
        "{\"token_endpoint\":\"https://p.example/t\"}",
        "{\"kind\":\"assertion\"}",
        "{\"assertion_alg\":\"ES256\"}",
        "{\"assertion_alg\":\"HS256\",\"assertion_jwks_uri\":\"https://p.example/k\"}",
        "{\"assertion_alg\":\"ES256\",\"assertion_jwks_uri\":\"http://p.example/k\"}",
        "{\"id_token_encryption\":\"RSA1_5\"}",
        "{\"create\":\"sometimes\"}",
        "{\"trust_amr\":\"yes\"}",
        "{\"kind\":\"none\",\"keep_tokens\":true}",
        "{\"kind\":\"nobody\"}",
    };
    struct upstream_settings s;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        str param = STR_NONE, explain = STR_NONE;
        CHECK(!upstream_settings_read(arena, str_of(bad[i]), &s, &param, &explain));
        CHECK(str_given(param) && str_given(explain));
    }
}

TEST(a_browser_is_sent_only_where_somebody_can_log_in)
{
    CHECK(upstream_has_login(settings(arena, "{}").kind));
    CHECK(!upstream_has_login(settings(arena, "{\"kind\":\"none\"}").kind));
    CHECK(!upstream_has_login(
        settings(arena,
                 "{\"kind\":\"assertion\",\"assertion_alg\":\"ES256\",\"assertion_jwks_uri\":\"https://p.example/k\"}")
            .kind));
}

TEST(a_partner_brings_whom_its_policy_lets_in)
{
    struct upstream_settings anyone = settings(arena, "{}");
    struct upstream_settings domains = settings(arena, "{\"create\":\"domains\"}");
    struct upstream_settings invited = settings(arena, "{\"create\":\"invited\"}");
    const struct partner_person own = { .email = STR("a@b.example"), .email_verified = true };
    const struct partner_person unsure = { .email = STR("a@b.example") };
    const struct partner_person other = { .email = STR("a@evil-b.example"), .email_verified = true };
    const struct partner_person nobody = { .email = STR_NONE };
    CHECK_I64(upstream_admit(&anyone, STR("b.example"), &nobody), UPSTREAM_ADMITTED);
    CHECK_I64(upstream_admit(&domains, STR("c.example b.example"), &own), UPSTREAM_ADMITTED);
    CHECK_I64(upstream_admit(&domains, STR("b.example"), &unsure), UPSTREAM_FOREIGN_DOMAIN);
    CHECK_I64(upstream_admit(&domains, STR("b.example"), &other), UPSTREAM_FOREIGN_DOMAIN);
    CHECK_I64(upstream_admit(&domains, STR("b.example"), &nobody), UPSTREAM_FOREIGN_DOMAIN);
    CHECK_I64(upstream_admit(&invited, STR("b.example"), &own), UPSTREAM_NEEDS_INVITATION);
}

TEST(an_address_outside_a_partners_domains_is_not_verified_by_its_word)
{
    struct upstream_settings s = settings(arena, "{\"own_domains_only\":true}");
    struct partner_person p;
    CHECK(person_of(arena, &s, "{\"sub\":\"s\",\"email\":\"a@b.example\",\"email_verified\":true}", &p));
    CHECK(p.email_verified);
    CHECK(person_of(arena, &s, "{\"sub\":\"s\",\"email\":\"a@c.example\",\"email_verified\":true}", &p));
    CHECK(!p.email_verified);
    CHECK_STR(p.email, STR("a@c.example"));
}
