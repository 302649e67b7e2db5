/* Time-based codes by the vectors of RFC 6238 appendix B (its last six digits), and recovery codes (IDENTITY J 95). */
#include "authsrv/domain/account/totp.h"

#include "tests/support/test.h"

static const bytes SHARED = { (const unsigned char *)"12345678901234567890", 20 };

static bool is_good(int64_t now_s, const char *code, int64_t last)
{
    int64_t step;
    return totp_step(SHARED, str_of(code), now_s, last, &step);
}

TEST(totp_codes_are_those_of_the_standard)
{
    CHECK(is_good(59, "287082", 0));
    CHECK(is_good(1111111109, "081804", 0));
    CHECK(is_good(1111111111, "050471", 0));
    CHECK(is_good(1234567890, "005924", 0));
    CHECK(is_good(2000000000, "279037", 0));
    CHECK(is_good(20000000000, "353130", 0));
    CHECK(!is_good(59, "287083", 0));
    CHECK(!is_good(59, "28708", 0));
    CHECK(!is_good(59, "2870820", 0));
    CHECK(!is_good(59, "28708a", 0));
}

TEST(totp_clocks_may_differ_by_one_step_and_no_more)
{
    CHECK(is_good(1234567890 - 30, "005924", 0));
    CHECK(is_good(1234567890 + 30, "005924", 0));
    CHECK(!is_good(1234567890 - 60, "005924", 0));
    CHECK(!is_good(1234567890 + 60, "005924", 0));
}

TEST(totp_steps_are_good_once)
{
    int64_t step = 0;
    CHECK(totp_step(SHARED, STR("005924"), 1234567890, 0, &step));
    CHECK_I64(step, 1234567890 / 30);
    CHECK(is_good(1234567890, "005924", step - 1));
    CHECK(!is_good(1234567890, "005924", step));
}

TEST(totp_secrets_are_shown_for_apps_and_for_people)
{
    CHECK_STR(totp_shown(arena, SHARED), STR("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"));
    CHECK_STR(totp_uri(arena, STR("Stoa"), STR("a b@x.example"), SHARED),
              STR("otpauth://totp/Stoa:a%20b%40x.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Stoa&"
                  "algorithm=SHA1&digits=6&period=30"));
}

TEST(second_codes_are_read_as_people_type_them)
{
    str code;
    bool is_totp;
    CHECK(second_code_read(arena, STR(" 123 456 "), &code, &is_totp) && is_totp);
    CHECK_STR(code, STR("123456"));
    CHECK(second_code_read(arena, STR("BCDFG-23456"), &code, &is_totp) && !is_totp);
    CHECK_STR(code, STR("bcdfg23456"));
    CHECK_STR(recovery_code_shown(arena, code), STR("bcdfg-23456"));
    CHECK(!second_code_read(arena, STR("12345"), &code, &is_totp));
    CHECK(!second_code_read(arena, STR("bcdfg-234567"), &code, &is_totp));
    CHECK(!second_code_read(arena, STR(""), &code, &is_totp));
}
