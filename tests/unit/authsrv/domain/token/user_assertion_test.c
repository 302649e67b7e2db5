/* Assertions about users (RFC 7523 section 3): each missing or wrong claim is refused. */
#include "authsrv/domain/token/user_assertion.h"

#include "tests/support/test.h"

#define NOW instant_of_seconds(1000000)

static const struct user_assertion_want want = {
    .issuer = STR("https://idp.example"),
    .our_issuer = STR("https://as.example"),
    .token_endpoint = STR("https://as.example/token"),
    .client = STR("c"),
};

static enum user_assertion_verdict judge(struct arena *a, const char *text, bool needs_client)
{
    const struct json_value *claims = NULL;
    struct user_assertion ret;
    struct user_assertion_want w = want;
    w.needs_client = needs_client;
    CHECK(json_parse(a, str_of(text), &claims));
    return user_assertion_judge(claims, &w, NOW, &ret);
}

#define CLAIMS(more) "{\"iss\":\"https://idp.example\",\"sub\":\"s\",\"jti\":\"j\"" more "}"
#define EXP ",\"exp\":1000300"
#define AUD ",\"aud\":\"https://as.example\""

TEST(an_assertion_has_our_issuer_or_token_endpoint_as_its_one_audience)
{
    CHECK_I64(judge(arena, CLAIMS(EXP AUD), false), USER_ASSERTION_GOOD);
    CHECK_I64(judge(arena, CLAIMS(EXP ",\"aud\":[\"https://as.example/token\"]"), false), USER_ASSERTION_GOOD);
    CHECK_I64(judge(arena, CLAIMS(EXP), false), USER_ASSERTION_AUDIENCE);
    CHECK_I64(judge(arena, CLAIMS(EXP ",\"aud\":[]"), false), USER_ASSERTION_AUDIENCE);
    CHECK_I64(judge(arena, CLAIMS(EXP ",\"aud\":{}"), false), USER_ASSERTION_AUDIENCE);
    CHECK_I64(judge(arena, CLAIMS(EXP ",\"aud\":\"https://as.example/\""), false), USER_ASSERTION_AUDIENCE);
    CHECK_I64(judge(arena, CLAIMS(EXP ",\"aud\":[\"https://as.example\",\"https://b.example\"]"), false),
              USER_ASSERTION_AUDIENCE);
}

TEST(an_assertion_lives_for_minutes)
{
    CHECK_I64(judge(arena, CLAIMS(AUD), false), USER_ASSERTION_MALFORMED);
    CHECK_I64(judge(arena, CLAIMS(AUD ",\"exp\":999000"), false), USER_ASSERTION_EXPIRED);
    CHECK_I64(judge(arena, CLAIMS(AUD ",\"exp\":1000600"), false), USER_ASSERTION_GOOD);
    CHECK_I64(judge(arena, CLAIMS(AUD ",\"exp\":1000700"), false), USER_ASSERTION_TOO_LONG);
    CHECK_I64(judge(arena, CLAIMS(AUD EXP ",\"nbf\":1000200"), false), USER_ASSERTION_EXPIRED);
    CHECK_I64(judge(arena, CLAIMS(AUD EXP ",\"iat\":1000200"), false), USER_ASSERTION_EXPIRED);
}

TEST(an_assertion_names_issuer_subject_and_itself)
{
    CHECK_I64(judge(arena, "{\"iss\":\"https://x.example\",\"sub\":\"s\",\"jti\":\"j\"" EXP AUD "}", false),
              USER_ASSERTION_ISSUER);
    CHECK_I64(judge(arena, "{\"iss\":\"https://idp.example\",\"jti\":\"j\"" EXP AUD "}", false),
              USER_ASSERTION_MALFORMED);
    CHECK_I64(judge(arena, "{\"iss\":\"https://idp.example\",\"sub\":\"\",\"jti\":\"j\"" EXP AUD "}", false),
              USER_ASSERTION_MALFORMED);
    CHECK_I64(judge(arena, "{\"iss\":\"https://idp.example\",\"sub\":\"s\"" EXP AUD "}", false),
              USER_ASSERTION_MALFORMED);
    CHECK_I64(judge(arena, "{\"iss\":\"https://idp.example\",\"sub\":7,\"jti\":\"j\"" EXP AUD "}", false),
              USER_ASSERTION_MALFORMED);
}

TEST(a_named_client_is_the_one_that_presents_it)
{
    CHECK_I64(judge(arena, CLAIMS(EXP AUD ",\"client_id\":\"c\""), true), USER_ASSERTION_GOOD);
    CHECK_I64(judge(arena, CLAIMS(EXP AUD ",\"client_id\":\"d\""), false), USER_ASSERTION_CLIENT);
    CHECK_I64(judge(arena, CLAIMS(EXP AUD), true), USER_ASSERTION_CLIENT);
}
