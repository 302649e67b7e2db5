/* Client assertions and request objects behind their signatures (OIDC D9, K1..K3, M2; IDENTITY D 58, B 34). */
#include "authsrv/domain/authorization/request_object.h"
#include "authsrv/domain/client/client_assertion.h"

#include "tests/support/test.h"

#define NOW_S 1800000000
static const instant now = { (int64_t)NOW_S * 1000000 };
static const str endpoints[] = { STR("https://as.example/token"), STR("https://as.example/par") };

static const struct json_value *claims_of(struct arena *a, const char *text)
{
    const struct json_value *v = NULL;
    CHECK(json_parse(a, str_of(text), &v));
    return v;
}

static enum assertion_verdict judge(struct arena *a, bool issuer_only, const char *claims)
{
    const struct assertion_want want = { STR("c1"), STR("https://as.example"), endpoints, 2, issuer_only };
    struct assertion_facts facts;
    return assertion_judge(claims_of(a, claims), &want, now, &facts);
}

#define SELF "\"iss\":\"c1\",\"sub\":\"c1\","
#define AUD "\"aud\":\"https://as.example\","
#define EXP "\"exp\":1800000060,"
#define JTI "\"jti\":\"j\""

TEST(assertion_is_about_this_client_for_this_server_now_and_once)
{
    static const struct {
        const char *claims;
        enum assertion_verdict lax, fapi;
    } cases[] = {
        { "{" SELF AUD EXP JTI "}", ASSERTION_GOOD, ASSERTION_GOOD },
        { "{" SELF EXP "\"aud\":\"https://as.example/token\"," JTI "}", ASSERTION_GOOD, ASSERTION_WRONG_AUDIENCE },
        { "{" SELF EXP "\"aud\":[\"https://as.example/par\"]," JTI "}", ASSERTION_GOOD, ASSERTION_WRONG_AUDIENCE },
        { "{" SELF EXP "\"aud\":[\"https://as.example\"]," JTI "}", ASSERTION_GOOD, ASSERTION_WRONG_AUDIENCE },
        { "{" SELF EXP "\"aud\":\"https://other.example\"," JTI "}", ASSERTION_WRONG_AUDIENCE,
          ASSERTION_WRONG_AUDIENCE },
        { "{" SELF EXP JTI "}", ASSERTION_WRONG_AUDIENCE, ASSERTION_WRONG_AUDIENCE },
        { "{\"iss\":\"c1\"," AUD EXP JTI "}", ASSERTION_WRONG_SUBJECT, ASSERTION_WRONG_SUBJECT },
        { "{\"iss\":\"c1\",\"sub\":\"c2\"," AUD EXP JTI "}", ASSERTION_WRONG_SUBJECT, ASSERTION_WRONG_SUBJECT },
        { "{\"iss\":\"c2\",\"sub\":\"c1\"," AUD EXP JTI "}", ASSERTION_WRONG_SUBJECT, ASSERTION_WRONG_SUBJECT },
        { "{" SELF AUD JTI "}", ASSERTION_NO_EXPIRY, ASSERTION_NO_EXPIRY },
        { "{" SELF AUD "\"exp\":\"1800000060\"," JTI "}", ASSERTION_NO_EXPIRY, ASSERTION_NO_EXPIRY },
        { "{" SELF AUD "\"exp\":1800000000," JTI "}", ASSERTION_EXPIRED, ASSERTION_EXPIRED },
        { "{" SELF AUD "\"exp\":1800000661," JTI "}", ASSERTION_TOO_LONG, ASSERTION_TOO_LONG },
        { "{" SELF AUD EXP "\"iat\":1800000008,\"nbf\":1800000008," JTI "}", ASSERTION_GOOD, ASSERTION_GOOD },
        { "{" SELF AUD EXP "\"iat\":1800000061," JTI "}", ASSERTION_NOT_YET, ASSERTION_NOT_YET },
        { "{" SELF AUD EXP "\"nbf\":1800000061," JTI "}", ASSERTION_NOT_YET, ASSERTION_NOT_YET },
        { "{" SELF AUD EXP "\"nbf\":\"x\"," JTI "}", ASSERTION_NOT_YET, ASSERTION_NOT_YET },
        { "{" SELF AUD "\"exp\":1800000060}", ASSERTION_NO_JTI, ASSERTION_NO_JTI },
        { "{" SELF AUD EXP "\"jti\":\"\"}", ASSERTION_NO_JTI, ASSERTION_NO_JTI },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_I64(judge(arena, false, cases[i].claims), cases[i].lax);
        CHECK_I64(judge(arena, true, cases[i].claims), cases[i].fapi);
    }
}

static enum object_verdict object(struct arena *a, const char *profile, const char *claims)
{
    const struct client client = { .id = { STR("c1") }, .meta = { .fapi_profile = str_of(profile) } };
    return request_object_judge(claims_of(a, claims), &client, STR("https://as.example"), now);
}

#define FULL                                                                                                           \
    "\"iss\":\"c1\",\"client_id\":\"c1\",\"aud\":[\"https://as.example\",\"x\"],\"redirect_uri\":\"https://"           \
    "r.example\""                                                                                                      \
    ","

TEST(request_object_verdicts)
{
    static const struct {
        const char *claims;
        enum object_verdict lax, fapi;
    } cases[] = {
        { "{" FULL "\"nbf\":1800000000,\"exp\":1800000300}", OBJECT_GOOD, OBJECT_GOOD },
        { "{" FULL "\"nbf\":1800000008,\"exp\":1800000300}", OBJECT_GOOD, OBJECT_GOOD },
        { "{" FULL "\"nbf\":1800000070,\"exp\":1800000300}", OBJECT_NOT_YET, OBJECT_NOT_YET },
        { "{" FULL "\"nbf\":1799999000,\"exp\":1799999999}", OBJECT_EXPIRED, OBJECT_EXPIRED },
        { "{" FULL "\"nbf\":1799996000,\"exp\":1800000100}", OBJECT_GOOD, OBJECT_TOO_OLD },
        { "{" FULL "\"nbf\":1800000000,\"exp\":1800003700}", OBJECT_GOOD, OBJECT_TOO_OLD },
        { "{" FULL "\"exp\":1800000300}", OBJECT_GOOD, OBJECT_TOO_OLD },
        { "{" FULL "\"nbf\":1800000000}", OBJECT_GOOD, OBJECT_TOO_OLD },
        { "{" FULL "\"exp\":\"soon\"}", OBJECT_EXPIRED, OBJECT_EXPIRED },
        { "{\"client_id\":\"c1\"}", OBJECT_GOOD, OBJECT_OTHER_CLIENT },
        { "{\"client_id\":\"c2\"}", OBJECT_OTHER_CLIENT, OBJECT_OTHER_CLIENT },
        { "{\"iss\":\"c2\"}", OBJECT_OTHER_CLIENT, OBJECT_OTHER_CLIENT },
        { "{" FULL "\"sub\":\"c1\"}", OBJECT_SUBJECT, OBJECT_SUBJECT },
        { "{\"aud\":\"https://other.example\"}", OBJECT_WRONG_AUDIENCE, OBJECT_OTHER_CLIENT },
        { "{" FULL "\"request\":\"x\"}", OBJECT_NESTED, OBJECT_NESTED },
        { "{" FULL "\"request_uri\":\"x\"}", OBJECT_NESTED, OBJECT_NESTED },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_I64(object(arena, "none", cases[i].claims), cases[i].lax);
        CHECK_I64(object(arena, "security", cases[i].claims), cases[i].fapi);
    }
}

#define CIBA_PARTIES "\"iss\":\"c1\",\"aud\":\"https://as.example\","
#define CIBA_TIMES "\"nbf\":1800000000,\"iat\":1800000000,\"exp\":1800000300"

static enum object_verdict backchannel(struct arena *a, const char *claims, struct object_facts *facts)
{
    const struct client client = { .id = { STR("c1") }, .meta = { .fapi_profile = STR("none") } };
    return backchannel_object_judge(claims_of(a, claims), &client, STR("https://as.example"), now, facts);
}

TEST(backchannel_object_verdicts)
{
    static const struct {
        const char *claims;
        enum object_verdict verdict;
    } cases[] = {
        { "{" CIBA_PARTIES CIBA_TIMES "," JTI "}", OBJECT_GOOD },
        { "{\"client_id\":\"c1\"," CIBA_PARTIES CIBA_TIMES "," JTI "}", OBJECT_GOOD },
        { "{\"client_id\":\"c2\"," CIBA_PARTIES CIBA_TIMES "," JTI "}", OBJECT_OTHER_CLIENT },
        { "{\"aud\":\"https://as.example\"," CIBA_TIMES "," JTI "}", OBJECT_OTHER_CLIENT },
        { "{\"iss\":\"c2\",\"aud\":\"https://as.example\"," CIBA_TIMES "," JTI "}", OBJECT_OTHER_CLIENT },
        { "{\"iss\":\"c1\"," CIBA_TIMES "," JTI "}", OBJECT_WRONG_AUDIENCE },
        { "{\"iss\":\"c1\",\"aud\":\"https://as.example/bc-authorize\"," CIBA_TIMES "," JTI "}",
          OBJECT_WRONG_AUDIENCE },
        { "{" CIBA_PARTIES "\"iat\":1800000000,\"exp\":1800000300," JTI "}", OBJECT_TOO_OLD },
        { "{" CIBA_PARTIES "\"nbf\":1800000000,\"iat\":1800000000," JTI "}", OBJECT_TOO_OLD },
        { "{" CIBA_PARTIES "\"nbf\":1800000000,\"exp\":1800000300," JTI "}", OBJECT_NO_ISSUE_TIME },
        { "{" CIBA_PARTIES "\"nbf\":1800000000,\"iat\":1800000000,\"exp\":1800003601," JTI "}", OBJECT_TOO_OLD },
        { "{" CIBA_PARTIES "\"nbf\":1799996399,\"iat\":1799996399,\"exp\":1799999000," JTI "}", OBJECT_EXPIRED },
        { "{" CIBA_PARTIES "\"nbf\":1800000000,\"iat\":1800000100,\"exp\":1800000300," JTI "}", OBJECT_NOT_YET },
        { "{" CIBA_PARTIES "\"nbf\":1800000000,\"iat\":1800000000,\"exp\":1800000300}", OBJECT_NO_JTI },
        { "{" CIBA_PARTIES "\"nbf\":1800000000,\"iat\":1800000000,\"exp\":1800000300,\"jti\":7}", OBJECT_NO_JTI },
        { "{\"sub\":\"c1\"," CIBA_PARTIES CIBA_TIMES "," JTI "}", OBJECT_SUBJECT },
        { "{\"request\":\"x\"," CIBA_PARTIES CIBA_TIMES "," JTI "}", OBJECT_NESTED },
    };
    struct object_facts facts;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_I64(backchannel(arena, cases[i].claims, &facts), cases[i].verdict);
    CHECK_I64(backchannel(arena, cases[0].claims, &facts), OBJECT_GOOD);
    CHECK_STR(facts.jti, STR("j"));
    CHECK_I64(instant_seconds(facts.expires_at), 1800000300);
}

TEST(request_object_becomes_parameters)
{
    const struct json_value *claims =
        claims_of(arena, "{\"iss\":\"c1\",\"aud\":\"x\",\"exp\":1,\"scope\":\"openid\",\"max_age\":5,"
                         "\"claims\":{\"userinfo\":{\"name\":null}},\"resource\":[\"https://a\",\"https://b\"]}");
    struct form outside, *f = arena_new(arena, struct form);
    str bad;
    CHECK_I64(form_parse(arena, STR("client_id=c1&state=s&scope=other&request=x"), STR_NONE, &outside, &bad),
              FORM_GOOD);
    CHECK_I64(request_object_read(arena, claims, NULL, f), OBJECT_GOOD);
    CHECK_I64(f->n, 5);
    CHECK_STR(form_get(f, STR("scope")), STR("openid"));
    CHECK_STR(form_get(f, STR("max_age")), STR("5"));
    CHECK_STR(form_get(f, STR("claims")), STR("{\"userinfo\":{\"name\":null}}"));
    CHECK_STR(form_words(arena, f, STR("resource")), STR("https://a https://b"));
    CHECK(!str_given(form_get(f, STR("state"))));
    CHECK_I64(request_object_read(arena, claims, &outside, f), OBJECT_GOOD);
    CHECK_STR(form_get(f, STR("scope")), STR("openid"));
    CHECK_STR(form_get(f, STR("state")), STR("s"));
    CHECK(!str_given(form_get(f, STR("request"))));
}
