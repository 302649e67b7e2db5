/* Judging claims (RFC 7519 section 4.1; SECURITY cases 98, 100 and 101). */
#include "shared/jose/jose.h"

#include "tests/support/test.h"

#define NOW_S 1700000000

static enum claims_verdict judge(struct arena *a, const char *claims)
{
    struct claims_want want = { STR("https://as.example"), STR("https://pay.example"), SECONDS(30) };
    const struct json_value *v;
    CHECK(json_parse(a, str_of(claims), &v));
    return claims_judge(v, &want, instant_of_seconds(NOW_S));
}

#define ISS "\"iss\":\"https://as.example\""
#define AUD "\"aud\":\"https://pay.example\""
#define EXP "\"exp\":1700000300"

TEST(claims_good)
{
    CHECK_I64(judge(arena, "{" ISS "," AUD "," EXP "}"), CLAIMS_GOOD);
    CHECK_I64(judge(arena, "{" ISS "," AUD "," EXP ",\"nbf\":1700000000,\"iat\":1700000000}"), CLAIMS_GOOD);
    CHECK_I64(judge(arena, "{" ISS ",\"aud\":[\"x\",\"https://pay.example\"]," EXP "}"), CLAIMS_GOOD);
}

TEST(claims_issuer_is_compared_byte_by_byte)
{
    static const char *const WRONG[] = { "https://as.example/",    "http://as.example",       "https://AS.example",
                                         "https://as.example:443", "https://as.example.evil", "" };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        char claims[200];
        snprintf(claims, sizeof claims, "{\"iss\":\"%s\"," AUD "," EXP "}", WRONG[i]);
        CHECK_I64(judge(arena, claims), CLAIMS_WRONG_ISSUER);
    }
    CHECK_I64(judge(arena, "{" AUD "," EXP "}"), CLAIMS_MALFORMED);
    CHECK_I64(judge(arena, "{\"iss\":1," AUD "," EXP "}"), CLAIMS_MALFORMED);
    CHECK_I64(judge(arena, "{\"iss\":[\"https://as.example\"]," AUD "," EXP "}"), CLAIMS_MALFORMED);
}

TEST(claims_audience)
{
    static const char *const WRONG[] = {
        "\"x\"", "\"https://pay.example/\"", "\"HTTPS://pay.example\"", "[]", "[\"x\"]", "\"\""
    };
    static const char *const MALFORMED[] = { "{}",
                                             "{\"https://pay.example\":1}",
                                             "1",
                                             "null",
                                             "true",
                                             "[[\"https://pay.example\"]]",
                                             "[\"https://pay.example\",1]" };
    char claims[200];
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        snprintf(claims, sizeof claims, "{" ISS ",\"aud\":%s," EXP "}", WRONG[i]);
        CHECK_I64(judge(arena, claims), CLAIMS_WRONG_AUDIENCE);
    }
    for (size_t i = 0; i < sizeof MALFORMED / sizeof *MALFORMED; i++) {
        snprintf(claims, sizeof claims, "{" ISS ",\"aud\":%s," EXP "}", MALFORMED[i]);
        CHECK_I64(judge(arena, claims), CLAIMS_MALFORMED);
    }
    CHECK_I64(judge(arena, "{" ISS "," EXP "}"), CLAIMS_MALFORMED);
}

TEST(claims_times_are_integers_only)
{
    static const char *const BAD[] = { "1e300",
                                       "-1",
                                       "1.5",
                                       "1700000300.0",
                                       "\"1700000300\"",
                                       "true",
                                       "null",
                                       "9007199254740992",
                                       "9223372036854775807",
                                       "[]" };
    static const char *const NAMES[] = { "exp", "nbf", "iat" };
    for (size_t n = 0; n < 3; n++) {
        for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
            char claims[200];
            snprintf(claims, sizeof claims, "{" ISS "," AUD ",%s\"%s\":%s}", n ? EXP "," : "", NAMES[n], BAD[i]);
            CHECK_I64(judge(arena, claims), CLAIMS_MALFORMED);
        }
    }
    CHECK_I64(judge(arena, "{" ISS "," AUD "}"), CLAIMS_MALFORMED);
    CHECK_I64(judge(arena, "{" ISS "," AUD ",\"exp\":253402300800}"), CLAIMS_GOOD);
    CHECK_I64(judge(arena, "{" ISS "," AUD ",\"exp\":9007199254740991}"), CLAIMS_GOOD);
}

TEST(claims_times_have_exact_edges)
{
    CHECK_I64(judge(arena, "{" ISS "," AUD ",\"exp\":1699999971}"), CLAIMS_GOOD);
    CHECK_I64(judge(arena, "{" ISS "," AUD ",\"exp\":1699999970}"), CLAIMS_EXPIRED);
    CHECK_I64(judge(arena, "{" ISS "," AUD ",\"exp\":0}"), CLAIMS_EXPIRED);
    CHECK_I64(judge(arena, "{" ISS "," AUD "," EXP ",\"nbf\":1700000030}"), CLAIMS_GOOD);
    CHECK_I64(judge(arena, "{" ISS "," AUD "," EXP ",\"nbf\":1700000031}"), CLAIMS_NOT_YET);
    CHECK_I64(judge(arena, "{" ISS "," AUD "," EXP ",\"iat\":1700000030}"), CLAIMS_GOOD);
    CHECK_I64(judge(arena, "{" ISS "," AUD "," EXP ",\"iat\":1700000031}"), CLAIMS_NOT_YET);
}

TEST(claims_verdicts_have_names)
{
    CHECK_STR(str_of(claims_verdict_name(CLAIMS_EXPIRED)), STR("expired"));
    CHECK_STR(str_of(claims_verdict_name(CLAIMS_GOOD)), STR("good"));
}
