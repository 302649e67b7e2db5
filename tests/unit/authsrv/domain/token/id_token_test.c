/* What an ID token of ours is worth when it comes back: as a hint however old it is, as proof only while it lives. */
#include "authsrv/domain/token/id_token.h"

#include "tests/support/test.h"

#define ISSUER STR("https://as.example")

static const struct json_value *claims_of(struct arena *a, const char *text)
{
    const struct json_value *claims;
    CHECK(json_parse(a, str_of(text), &claims));
    return claims;
}

static bool hints(struct arena *a, const char *text)
{
    struct id_token_facts f;
    return id_token_hints(claims_of(a, text), ISSUER, &f);
}

static bool lives(struct arena *a, const char *text, int64_t now_s)
{
    int64_t issued_s, expires_s;
    return id_token_lives(claims_of(a, text), instant_of_seconds(now_s), &issued_s, &expires_s);
}

TEST(an_expired_id_token_is_a_hint_and_no_proof)
{
    const char *token = "{\"iss\":\"https://"
                        "as.example\",\"sub\":\"usr_1\",\"aud\":\"app\",\"iat\":1000,\"exp\":1300,\"sid\":\"sid_1\"}";
    struct id_token_facts f;
    CHECK(lives(arena, token, 1299));
    CHECK(!lives(arena, token, 1300));
    CHECK(!lives(arena, token, 1300 + (int64_t)10 * 365 * 86400));
    CHECK(id_token_hints(claims_of(arena, token), ISSUER, &f));
    CHECK_STR(f.subject, STR("usr_1"));
    CHECK_STR(f.client, STR("app"));
    CHECK_STR(f.sid, STR("sid_1"));
}

TEST(a_hint_is_of_this_issuer_and_names_somebody)
{
    CHECK(hints(arena, "{\"iss\":\"https://as.example\",\"sub\":\"u\",\"aud\":\"app\"}"));
    CHECK(!hints(arena, "{\"iss\":\"https://other.example\",\"sub\":\"u\",\"aud\":\"app\"}"));
    CHECK(!hints(arena, "{\"sub\":\"u\",\"aud\":\"app\"}"));
    CHECK(!hints(arena, "{\"iss\":\"https://as.example\",\"aud\":\"app\"}"));
    CHECK(!hints(arena, "{\"iss\":\"https://as.example\",\"sub\":\"u\"}"));
    CHECK(!hints(arena, "{\"iss\":\"https://as.example\",\"sub\":\"u\",\"aud\":[\"app\"]}"));
    CHECK(!lives(arena, "{\"iat\":1}", 2) && !lives(arena, "{\"exp\":9}", 2));
}
