/* People: log-in names, passwords, secrets, and what partners assert (SECURITY G 160, 169, 170; 6.7). */
#include "authsrv/domain/account.h"

#include "tests/support/test.h"

TEST(account_login_is_canonical)
{
    str login;
    CHECK(account_login(arena, STR("  Tess@Stoa.Example "), &login));
    CHECK_STR(login, STR("tess@stoa.example"));
    static const str bad[] = { STR(""),      STR("a"),     STR("a@"),       STR("@b"),
                               STR("a@b@c"), STR("a b@c"), STR("a@b\r\nx"), STR("\"a\"@b") };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!account_login(arena, bad[i], &login));
}

TEST(passwords_have_a_length_and_no_control_characters)
{
    CHECK(account_password_valid(STR("correct horse")));
    CHECK(account_password_valid(STR("пароль-пароль")));
    CHECK(!account_password_valid(STR("short")));
    CHECK(!account_password_valid(STR("tab\tinside-it")));
}

TEST(sample_secrets_are_recognised)
{
    CHECK(secret_is_sample(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
    CHECK(secret_is_sample(STR("changeme-changeme-changeme-1234567")));
    CHECK(secret_is_sample(STR("0123456789abcdef0123456789abcdef")));
    CHECK(!secret_is_sample(STR("a94f0c27e5b1d8836fa2c4907e1bd355")));
}

static bool person(struct arena *a, const char *claims, struct partner_person *ret)
{
    const struct json_value *v;
    CHECK(json_parse(a, str_of(claims), &v));
    return partner_person_read(a, v, ret);
}

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
    CHECK(person(arena, "{\"sub\":\"s\"}", &p));
    CHECK(json_parse(arena, STR("{\"sub\":\"S\",\"email\":\"a@b.example\"}"), &v));
    CHECK(!partner_person_add(arena, v, &p));
    CHECK(json_parse(arena, STR("{\"sub\":\"s\",\"name\":\"Ada\"}"), &v));
    CHECK(partner_person_add(arena, v, &p));
    CHECK_STR(p.name, STR("Ada"));
}
