/* Claims by scope (OIDC Core 5.4): nothing that was not opened, no nulls, no empty strings. */
#include "authsrv/domain/token/claims.h"

#include "tests/support/test.h"

static str written(struct arena *a, str scope, str names, const char *profile)
{
    struct person p = {
        .name = STR("Tess"), .email = STR("t@b.example"), .email_verified = true, .updated_at = instant_of_seconds(7)
    };
    CHECK(json_parse(a, str_of(profile), &p.profile));
    struct buf out;
    struct json j;
    buf_init(&out, a, 4096);
    json_begin(&j, &out);
    claims_write(a, &j, &p, scope, names);
    json_end(&j);
    return buf_str(&out);
}

TEST(claims_follow_the_scope)
{
    const char *profile = "{\"given_name\":\"Tess\",\"nickname\":\"\",\"locale\":null,\"phone_number\":\"+1\",\"phone_"
                          "number_verified\":true,"
                          "\"address\":{\"country\":\"DE\"},\"other\":1}";
    CHECK_STR(written(arena, STR("openid"), STR(""), profile), STR("{}"));
    CHECK_STR(written(arena, STR("openid email"), STR(""), profile),
              STR("{\"email\":\"t@b.example\",\"email_verified\":true}"));
    CHECK_STR(written(arena, STR("profile"), STR(""), profile),
              STR("{\"name\":\"Tess\",\"given_name\":\"Tess\",\"updated_at\":7}"));
    CHECK_STR(written(arena, STR("phone address"), STR(""), profile),
              STR("{\"address\":{\"country\":\"DE\"},\"phone_number\":\"+1\",\"phone_number_verified\":true}"));
}

TEST(claims_are_opened_by_name)
{
    const char *profile = "{\"given_name\":\"Tess\",\"phone_number\":\"+1\"}";
    CHECK_STR(written(arena, STR("openid"), STR("email name phone_number"), profile),
              STR("{\"name\":\"Tess\",\"email\":\"t@b.example\",\"phone_number\":\"+1\"}"));
    CHECK_STR(written(arena, STR("openid phone"), STR("phone_number sub iss"), profile),
              STR("{\"phone_number\":\"+1\"}"));
    CHECK_STR(claims_beyond(arena, STR("email name sub phone_number"), STR("openid phone")), STR("name email"));
    CHECK_STR(claims_beyond(arena, STR("email"), STR("email")), STR(""));
    CHECK_STR(claim_scope(STR("birthdate")), STR("profile"));
    CHECK(!str_given(claim_scope(STR("acr"))));
}
