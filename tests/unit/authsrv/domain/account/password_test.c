/* Which passwords may be chosen (IDENTITY J 97, NIST SP 800-63B). */
#include "authsrv/domain/account/password.h"

#include "tests/support/test.h"

static enum password_fault judged(const char *password)
{
    return password_judge(str_of(password), STR("ada.lovelace@analytical.example"), 10);
}

TEST(a_password_is_judged_by_its_length_and_not_by_its_letters)
{
    CHECK(judged("all lower case words") == PASSWORD_FINE);
    CHECK(judged("0123456789") == PASSWORD_FINE);
    CHECK(judged("012345678") == PASSWORD_SHORT);
    CHECK(judged("") == PASSWORD_SHORT);
}

TEST(the_length_of_a_password_counts_characters)
{
    CHECK(judged("пароль из слов") == PASSWORD_FINE);
    CHECK(judged("鷺鷺鷺鷺") == PASSWORD_SHORT);
    char long_one[260];
    memset(long_one, 'x', sizeof long_one);
    long_one[0] = 'y';
    CHECK(password_judge((str){ long_one, 256 }, STR(""), 10) == PASSWORD_FINE);
    CHECK(password_judge((str){ long_one, 257 }, STR(""), 10) == PASSWORD_LONG);
}

TEST(what_everybody_would_guess_is_no_password)
{
    CHECK(judged("aaaaaaaaaaaaaaaa") == PASSWORD_GUESSED);
    CHECK(judged("Ada.Lovelace@analytical.example") == PASSWORD_GUESSED);
    CHECK(judged("ADA.LOVELACE") == PASSWORD_GUESSED);
    CHECK(judged("analytical.example") == PASSWORD_GUESSED);
    CHECK(judged("ada.lovelace and more") == PASSWORD_FINE);
}

TEST(a_password_is_text)
{
    CHECK(judged("\xff\xfe and some more") == PASSWORD_ODD);
    CHECK(judged("line one\nline two") == PASSWORD_ODD);
}
