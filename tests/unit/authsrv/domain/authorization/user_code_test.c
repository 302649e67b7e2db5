/* Codes that people carry between devices (RFC 8628 section 6.1). */
#include "authsrv/domain/authorization/user_code.h"

#include "tests/support/test.h"

TEST(new_codes_are_eight_of_twenty_letters_and_differ)
{
    str one = user_code_new(arena), other = user_code_new(arena), again;
    CHECK_I64(one.n, 8);
    CHECK(!str_eq(one, other));
    CHECK(user_code_read(arena, one, &again));
    CHECK_STR(again, one);
    for (size_t i = 0; i < one.n; i++)
        CHECK(strchr("BCDFGHJKLMNPQRSTVWXZ", one.p[i]) != NULL);
}

TEST(case_and_separators_do_not_matter)
{
    static const char *const typed[] = { "BCDFGHJK", "bcdfghjk", "bcdf-ghjk", " B C D F  g.h_j-k " };
    str code;
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        CHECK(user_code_read(arena, str_of(typed[i]), &code));
        CHECK_STR(code, STR("BCDFGHJK"));
    }
    CHECK_STR(user_code_shown(arena, code), STR("BCDF-GHJK"));
}

TEST(what_no_device_shows_is_no_code)
{
    static const char *const typed[] = { "", "BCDFGHJ", "BCDFGHJKL", "ACDFGHJK", "BCDF1HJK", "BCDF/GHJK", "----" };
    str code;
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
        CHECK(!user_code_read(arena, str_of(typed[i]), &code));
}
