/* What came of 3-D Secure, and who bears a fraud after it (MONEY 5). */
#include "paysrv/domain/acquirer/three_d_secure.h"

#include "tests/support/test.h"

TEST(three_d_secure_results_are_those_of_emv)
{
    static const struct {
        const char *status, *stored;
        bool shifts;
    } cases[] = {
        { "Y", "challenge authenticated", true }, { "A", "challenge attempted", true },
        { "I", "challenge exempted", false },     { "U", "challenge unavailable", false },
        { "N", "challenge failed", false },       { "R", "challenge rejected", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        three_d_secure read, v = { FLOW_CHALLENGE, three_d_secure_of_status(str_of(cases[i].status)) };
        CHECK_STR(three_d_secure_text(arena, v), str_of(cases[i].stored));
        CHECK(three_d_secure_parse(str_of(cases[i].stored), &read));
        CHECK(read.flow == v.flow && read.result == v.result);
        CHECK(three_d_secure_shifts(v.result) == cases[i].shifts);
    }
}

TEST(three_d_secure_without_an_end_says_nothing)
{
    static const char *const nothing[] = { "C", "", "y", "YY" };
    static const char *const stored[] = { "", "challenge", "challenge nobody", "challenge " };
    three_d_secure read;
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++)
        CHECK(three_d_secure_of_status(str_of(nothing[i])) == THREE_D_SECURE_NONE);
    for (size_t i = 0; i < sizeof stored / sizeof stored[0]; i++)
        CHECK(!three_d_secure_parse(str_of(stored[i]), &read));
    CHECK(!three_d_secure_parse(STR_NONE, &read));
    CHECK(!str_given(three_d_secure_text(arena, (three_d_secure){ FLOW_CHALLENGE, THREE_D_SECURE_NONE })));
    CHECK(three_d_secure_flow_of(STR("redirect")) == FLOW_UNTOLD);
}
