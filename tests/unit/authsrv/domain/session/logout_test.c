/* What answers mean, pauses, the breaker, and the addresses of frames. */
#include "authsrv/domain/session/logout.h"

#include "tests/support/test.h"

static const struct logout_schedule usual = { SECONDS(1), HOURS(1), 5, SECONDS(60) };

TEST(logout_answers)
{
    CHECK_I64(logout_judge(200), LOGOUT_DELIVERED);
    CHECK_I64(logout_judge(204), LOGOUT_DELIVERED);
    CHECK_I64(logout_judge(400), LOGOUT_REFUSED);
    static const int others[] = { 0, 201, 202, 301, 302, 401, 404, 410, 429, 500, 501, 503 };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK_I64(logout_judge(others[i]), LOGOUT_FAILED);
}

TEST(logout_pauses_double_up_to_the_longest)
{
    CHECK_I64(logout_pause(&usual, 1, 0).us, SECONDS(1).us);
    CHECK_I64(logout_pause(&usual, 2, 0).us, SECONDS(2).us);
    CHECK_I64(logout_pause(&usual, 12, 0).us, SECONDS(2048).us);
    CHECK_I64(logout_pause(&usual, 13, 0).us, HOURS(1).us);
    CHECK_I64(logout_pause(&usual, 1000000, 0).us, HOURS(1).us);
    CHECK_I64(logout_pause(&usual, 1, 255).us, SECONDS(1).us * 11 / 10);
}

TEST(logout_breaker_opens_after_so_many_failures)
{
    CHECK_I64(logout_rest(&usual, 1).us, 0);
    CHECK_I64(logout_rest(&usual, 4).us, 0);
    CHECK_I64(logout_rest(&usual, 5).us, SECONDS(60).us);
    CHECK_I64(logout_rest(&usual, 6).us, SECONDS(120).us);
    CHECK_I64(logout_rest(&usual, 2000000).us, HOURS(1).us);
}

TEST(logout_frames_keep_the_registered_query)
{
    str issuer = STR("https://op.example");
    CHECK_STR(logout_frame_url(arena, STR("https://a.example/out"), issuer, STR("sid_1")),
              STR("https://a.example/out?iss=https%3A%2F%2Fop.example&sid=sid_1"));
    CHECK_STR(logout_frame_url(arena, STR("https://a.example/out?x=1"), issuer, STR("sid_1")),
              STR("https://a.example/out?x=1&iss=https%3A%2F%2Fop.example&sid=sid_1"));
}
