/* What is said of a payee (MONEY 6.A8). */
#include "paysrv/domain/payout/screening.h"

#include "tests/support/test.h"

TEST(screening_takes_only_what_is_an_answer)
{
    str reference;
    CHECK_I64(screening_judge(arena, 200, STR("{\"decision\":\"allow\",\"reference\":\"case 7\"}"), 1, &reference),
              SCREENING_ALLOW);
    CHECK_STR(reference, STR("case 7"));
    CHECK_I64(screening_judge(arena, 200, STR("{\"decision\":\"deny\"}"), 1, &reference), SCREENING_DENY);
    CHECK_I64(screening_judge(arena, 200, STR("{\"decision\":\"review\"}"), 1, &reference), SCREENING_REVIEW);
    static const char *const none[] = { "{\"decision\":\"again\"}", "{\"decision\":true}", "{}", "allow", "" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        CHECK_I64(screening_judge(arena, 200, str_of(none[i]), 1, &reference), SCREENING_AGAIN);
    CHECK_I64(screening_judge(arena, 201, STR("{\"decision\":\"allow\"}"), 1, &reference), SCREENING_AGAIN);
    CHECK_I64(screening_judge(arena, 500, STR("{\"decision\":\"allow\"}"), 1, &reference), SCREENING_AGAIN);
}

TEST(screening_by_silence_is_a_persons)
{
    str reference;
    CHECK_I64(screening_judge(arena, 0, STR(""), SCREENING_TRIES - 1, &reference), SCREENING_AGAIN);
    CHECK_I64(screening_judge(arena, 0, STR(""), SCREENING_TRIES, &reference), SCREENING_REVIEW);
    CHECK(screening_pause(1).us < screening_pause(2).us && screening_pause(99).us == screening_pause(3).us);
}
