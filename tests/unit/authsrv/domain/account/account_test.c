/* People: log-in names, passwords, secrets, and what partners assert (SECURITY G 160, 169, 170; 6.7). */
#include "authsrv/domain/account/account.h"

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
