/* Logout tokens of partners (SECURITY F 156). */
#include "authsrv/domain/session/logout_token.h"

#include "tests/support/test.h"

#define EVENTS "\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}"
#define BASE "\"iss\":\"https://p.example\",\"aud\":\"stoa\",\"exp\":2000,\"iat\":1000"

static enum logout_token_verdict judge(struct arena *a, const char *claims, int64_t now_s, struct logout_token *ret)
{
    const struct claims_want want = { STR("https://p.example"), STR("stoa"), SECONDS(60) };
    const struct json_value *v;
    CHECK(json_parse(a, str_of(claims), &v));
    return logout_token_judge(v, &want, instant_of_seconds(now_s), ret);
}

TEST(a_logout_token_names_a_session_or_a_person)
{
    struct logout_token t;
    CHECK_I64(judge(arena, "{" BASE "," EVENTS ",\"jti\":\"j\",\"sub\":\"ada\"}", 1010, &t), LOGOUT_TOKEN_GOOD);
    CHECK_STR(t.subject, STR("ada"));
    CHECK(!str_given(t.sid));
    CHECK_I64(judge(arena, "{" BASE "," EVENTS ",\"jti\":\"j\",\"sid\":\"s\"}", 1010, &t), LOGOUT_TOKEN_GOOD);
    CHECK(instant_before(instant_of_seconds(1010 + 600 + 60), t.expires_at));
    CHECK_I64(judge(arena, "{" BASE "," EVENTS ",\"jti\":\"j\"}", 1010, &t), LOGOUT_TOKEN_NOBODY);
    CHECK_I64(judge(arena, "{" BASE "," EVENTS ",\"jti\":\"j\",\"sub\":7,\"sid\":\"s\"}", 1010, &t),
              LOGOUT_TOKEN_NOBODY);
}

TEST(everything_else_is_refused)
{
    struct logout_token t;
    CHECK_I64(judge(arena, "{" BASE "," EVENTS ",\"sub\":\"ada\"}", 1010, &t), LOGOUT_TOKEN_JTI);
    CHECK_I64(judge(arena, "{" BASE "," EVENTS ",\"jti\":\"j\",\"sub\":\"ada\",\"nonce\":\"n\"}", 1010, &t),
              LOGOUT_TOKEN_NONCE);
    CHECK_I64(judge(arena, "{" BASE ",\"jti\":\"j\",\"sub\":\"ada\"}", 1010, &t), LOGOUT_TOKEN_EVENTS);
    CHECK_I64(judge(arena, "{" BASE ",\"events\":{\"x\":{}},\"jti\":\"j\",\"sub\":\"ada\"}", 1010, &t),
              LOGOUT_TOKEN_EVENTS);
    CHECK_I64(judge(arena, "{" BASE "," EVENTS ",\"jti\":\"j\",\"sub\":\"ada\"}", 1700, &t), LOGOUT_TOKEN_OLD);
    CHECK_I64(judge(arena, "{" BASE "," EVENTS ",\"jti\":\"j\",\"sub\":\"ada\"}", 2100, &t), LOGOUT_TOKEN_CLAIMS);
    CHECK_I64(judge(arena, "{\"iss\":\"https://p.example\",\"aud\":\"other\",\"exp\":2000,\"iat\":1000}", 1010, &t),
              LOGOUT_TOKEN_CLAIMS);
    CHECK_I64(judge(arena, "{\"iss\":\"https://q.example\",\"aud\":\"stoa\",\"exp\":2000,\"iat\":1000}", 1010, &t),
              LOGOUT_TOKEN_CLAIMS);
    CHECK(str_given(str_of(logout_token_say(LOGOUT_TOKEN_OLD))));
}
