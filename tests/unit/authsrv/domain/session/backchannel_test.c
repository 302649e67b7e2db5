/* Backchannel authentication requests (OpenID CIBA Core section 7.1). */
#include "authsrv/domain/session/backchannel.h"

#include "tests/support/test.h"

#define TOKEN22 STR("0123456789abcdefghijkl")

static struct client client_of_mode(const char *mode)
{
    return (struct client){ .meta = { .backchannel_token_delivery_mode = str_of(mode) } };
}

static enum backchannel_verdict judge(const char *mode, const struct backchannel_in *in, int64_t *life_s)
{
    const struct client c = client_of_mode(mode);
    return backchannel_judge(in, &c, 300, life_s);
}

static struct backchannel_in good(void)
{
    return (struct backchannel_in){ .scope = STR("openid email"), .login_hint = STR("ada@example.org") };
}

TEST(requests_are_signed_where_that_is_registered_and_nowhere_else)
{
    struct client c = client_of_mode("poll");
    struct backchannel_in in = good();
    CHECK_I64(backchannel_judge_way(&in, &c), BACKCHANNEL_GOOD);
    in.request = STR("x.y.z");
    CHECK_I64(backchannel_judge_way(&in, &c), BACKCHANNEL_REQUEST);
    c.meta.backchannel_authentication_request_signing_alg = STR("ES256");
    CHECK_I64(backchannel_judge_way(&in, &c), BACKCHANNEL_BESIDE);
    in = (struct backchannel_in){ .request = STR("x.y.z") };
    CHECK_I64(backchannel_judge_way(&in, &c), BACKCHANNEL_GOOD);
    in.authorization_details = STR("[]");
    CHECK_I64(backchannel_judge_way(&in, &c), BACKCHANNEL_BESIDE);
    in = good();
    CHECK_I64(backchannel_judge_way(&in, &c), BACKCHANNEL_UNSIGNED);
}

TEST(exactly_one_hint)
{
    struct backchannel_in in = good();
    int64_t life_s;
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_GOOD);
    in.id_token_hint = STR("x.y.z");
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_HINTS);
    in.login_hint = STR_NONE;
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_GOOD);
    in.login_hint_token = STR("x.y.z");
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_HINTS);
    in.id_token_hint = in.login_hint_token = STR_NONE;
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_HINTS);
}

TEST(expiry_is_what_was_asked_for_up_to_the_longest)
{
    struct backchannel_in in = good();
    int64_t life_s;
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_GOOD);
    CHECK_I64(life_s, 300);
    in.requested_expiry = STR("30");
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_GOOD);
    CHECK_I64(life_s, 30);
    in.requested_expiry = STR("4000");
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_GOOD);
    CHECK_I64(life_s, 300);
    static const char *const bad[] = { "0", "-5", "soon", "1.5", "" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        in.requested_expiry = str_of(bad[i]);
        CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_EXPIRY);
    }
}

TEST(who_is_told_gives_a_token_to_be_told_with)
{
    struct backchannel_in in = good();
    int64_t life_s;
    CHECK_I64(judge("ping", &in, &life_s), BACKCHANNEL_NO_TOKEN);
    in.client_notification_token = TOKEN22;
    CHECK_I64(judge("ping", &in, &life_s), BACKCHANNEL_GOOD);
    CHECK_I64(judge("push", &in, &life_s), BACKCHANNEL_GOOD);
    in.client_notification_token = STR("short");
    CHECK_I64(judge("push", &in, &life_s), BACKCHANNEL_TOKEN);
    in.client_notification_token = STR("0123456789abcdefghijk\"");
    CHECK_I64(judge("push", &in, &life_s), BACKCHANNEL_TOKEN);
}

TEST(what_is_not_supported_or_cannot_be_shown_is_named)
{
    struct backchannel_in in = good();
    int64_t life_s;
    in.binding_message = STR("line\nbreak");
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_MESSAGE);
    in.binding_message = STR("Table 7, 4711");
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_GOOD);
    in.user_code = STR("1234");
    CHECK_I64(judge("poll", &in, &life_s), BACKCHANNEL_USER_CODE);
    CHECK_STR(str_of(backchannel_param(BACKCHANNEL_USER_CODE)), STR("user_code"));
    struct backchannel_in plain = good();
    plain.scope = STR("email");
    CHECK_I64(judge("poll", &plain, &life_s), BACKCHANNEL_OPENID);
}
