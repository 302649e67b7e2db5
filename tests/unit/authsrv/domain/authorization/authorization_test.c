/* The checks of an authorization request (SECURITY B 28..48, IDENTITY B 16..28). */
#include "authsrv/domain/authorization/authorization.h"

#include "tests/support/test.h"

#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define BASE "response_type=code&scope=openid+email&"
#define PKCE "code_challenge=" CHALLENGE "&code_challenge_method=S256&"

static const str all_types[] = { STR("code"), STR("id_token"), STR("code id_token token"), STR("none") };
static const struct client client = { .meta = { .response_types = { all_types, 1 },
                                                .grant_types = STR("authorization_code implicit refresh_token"),
                                                .scope = STR("openid email"),
                                                .require_pkce = true,
                                                .default_max_age = -1 },
                                      .auth_method = AUTH_BASIC };

static enum authz_verdict judge(struct arena *a, const struct client *c, const char *query, struct authorization *ret)
{
    struct form *f = arena_new(a, struct form);
    str bad;
    CHECK_I64(form_parse(a, str_of(query), STR_NONE, f, &bad), FORM_GOOD);
    return authorization_judge(a, f, c, ret);
}

TEST(authorization_good_request_is_read)
{
    struct authorization r;
    CHECK_I64(judge(arena, &client, BASE PKCE "state=s&nonce=n&max_age=5&login_hint=a&prompt=login&zzz=1", &r),
              AUTHZ_GOOD);
    CHECK_STR(r.scope, STR("openid email"));
    CHECK_STR(r.state, STR("s"));
    CHECK_STR(r.nonce, STR("n"));
    CHECK_STR(r.challenge, STR(CHALLENGE));
    CHECK_I64(r.max_age, 5);
    CHECK(r.prompt.login);
}

TEST(authorization_each_mistake_has_its_verdict)
{
    static const struct {
        const char *query;
        enum authz_verdict v;
    } cases[] = {
        { "scope=openid&" PKCE, AUTHZ_NO_RESPONSE_TYPE },
        { "scope=openid&response_type=&" PKCE, AUTHZ_NO_RESPONSE_TYPE },
        { "scope=openid&response_type=token&" PKCE, AUTHZ_CLIENT_TYPE },
        { "scope=openid&response_type=code+device&" PKCE, AUTHZ_RESPONSE_TYPE },
        { "scope=openid&response_type=code+code&" PKCE, AUTHZ_RESPONSE_TYPE },
        { BASE PKCE "response_mode=web_message", AUTHZ_RESPONSE_MODE },
        { BASE PKCE "claims=%7B", AUTHZ_CLAIMS },
        { BASE PKCE "claims=%5B%5D", AUTHZ_CLAIMS },
        { BASE PKCE "registration=x", AUTHZ_REGISTRATION },
        { BASE, AUTHZ_NO_PKCE },
        { BASE "code_challenge_method=S256", AUTHZ_PKCE_METHOD },
        { BASE "code_challenge=" CHALLENGE, AUTHZ_PKCE_METHOD },
        { BASE "code_challenge_method=plain&code_challenge=" CHALLENGE, AUTHZ_PKCE_METHOD },
        { BASE "code_challenge_method=S256&code_challenge=x", AUTHZ_PKCE_CHALLENGE },
        { "response_type=code&" PKCE, AUTHZ_NO_SCOPE },
        { "response_type=code&scope=a%22b&" PKCE, AUTHZ_SCOPE_SYNTAX },
        { "response_type=code&scope=phone&" PKCE, AUTHZ_SCOPE },
        { BASE PKCE "prompt=none+login", AUTHZ_PROMPT },
        { BASE PKCE "max_age=-1", AUTHZ_MAX_AGE },
        { BASE PKCE "max_age=1.5", AUTHZ_MAX_AGE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct authorization r;
        CHECK_I64(judge(arena, &client, cases[i].query, &r), cases[i].v);
        CHECK(authz_error(cases[i].v)[0] != '\0' && authz_say(cases[i].v)[0] != '\0');
    }
}

TEST(authorization_wishes_that_cannot_be_wishes_are_none)
{
    static char query[4096];
    struct authorization r;
    CHECK_I64(judge(arena, &client, BASE PKCE "acr_values=a%22b&login_hint=a%40b&idp_hint=p", &r), AUTHZ_GOOD);
    CHECK(!str_given(r.terms.acr_values));
    CHECK_STR(r.login_hint, STR("a@b"));
    CHECK_STR(r.idp_hint, STR("p"));
    snprintf(query, sizeof query, "%slogin_hint=%0257d&idp_hint=%0257d&acr_values=%01025d", BASE PKCE, 0, 0, 0);
    CHECK_I64(judge(arena, &client, query, &r), AUTHZ_GOOD);
    CHECK(!str_given(r.login_hint) && !str_given(r.idp_hint) && !str_given(r.terms.acr_values));
}

TEST(authorization_state_is_kept_for_the_answer_unless_it_is_too_long)
{
    struct authorization r;
    CHECK_I64(judge(arena, &client, "state=keep", &r), AUTHZ_NO_RESPONSE_TYPE);
    CHECK_STR(r.state, STR("keep"));
    char *query = arena_alloc(arena, 3000);
    memset(query, 'x', 2999);
    memcpy(query, "state=", 6);
    CHECK_I64(judge(arena, &client, query, &r), AUTHZ_STATE);
    CHECK(!str_given(r.state));
}

TEST(authorization_pkce_is_optional_only_for_confidential_clients_that_registered_so)
{
    struct authorization r;
    struct client relaxed = client;
    relaxed.meta.require_pkce = false;
    CHECK_I64(judge(arena, &relaxed, BASE, &r), AUTHZ_GOOD);
    CHECK(!str_given(r.challenge));
    relaxed.auth_method = AUTH_NONE;
    CHECK_I64(judge(arena, &relaxed, BASE, &r), AUTHZ_NO_PKCE);
}

TEST(authorization_response_types_need_what_they_carry)
{
    struct authorization r;
    struct client c = client;
    c.meta.response_types.n = sizeof all_types / sizeof all_types[0];
    CHECK_I64(judge(arena, &c, "response_type=id_token&scope=openid+email&nonce=n", &r), AUTHZ_GOOD);
    CHECK(r.mode.carrier == CARRY_FRAGMENT && !r.mode.is_jwt);
    CHECK_I64(judge(arena, &c, "response_type=id_token&scope=openid", &r), AUTHZ_NO_NONCE);
    CHECK_I64(judge(arena, &c, "response_type=id_token&scope=email&nonce=n", &r), AUTHZ_NO_OPENID);
    CHECK_I64(judge(arena, &c, "response_type=token+id_token+code&scope=openid&nonce=n", &r), AUTHZ_NO_PKCE);
    CHECK_I64(judge(arena, &c, "response_type=token+id_token+code&scope=openid&nonce=n&" PKCE, &r), AUTHZ_GOOD);
    CHECK_I64(r.parts, RESPONSE_CODE | RESPONSE_ID_TOKEN | RESPONSE_TOKEN);
    CHECK_I64(judge(arena, &c, "response_type=none&scope=openid", &r), AUTHZ_GOOD);
    CHECK(r.mode.carrier == CARRY_QUERY);
    CHECK_I64(judge(arena, &c, "response_type=id_token&scope=openid&nonce=n&claims=%7B%22userinfo%22:%7B%7D%7D", &r),
              AUTHZ_CLAIMS_USERINFO);
}

TEST(authorization_errors_go_where_the_success_would_go)
{
    struct authorization r;
    CHECK_I64(judge(arena, &client, "response_mode=form_post&scope=openid", &r), AUTHZ_NO_RESPONSE_TYPE);
    CHECK(r.mode.carrier == CARRY_FORM);
    CHECK_I64(judge(arena, &client, "response_type=id_token&scope=openid", &r), AUTHZ_CLIENT_TYPE);
    CHECK(r.mode.carrier == CARRY_FRAGMENT);
    CHECK_I64(judge(arena, &client, "response_type=zzz+token&scope=openid", &r), AUTHZ_RESPONSE_TYPE);
    CHECK(r.mode.carrier == CARRY_FRAGMENT);
    CHECK_I64(judge(arena, &client, "response_type=zzz&scope=openid", &r), AUTHZ_RESPONSE_TYPE);
    CHECK(r.mode.carrier == CARRY_QUERY);
    CHECK_I64(judge(arena, &client, BASE "response_mode=jwt", &r), AUTHZ_NO_PKCE);
    CHECK(r.mode.carrier == CARRY_QUERY && r.mode.is_jwt);
    struct client c = client;
    c.meta.response_types.n = sizeof all_types / sizeof all_types[0];
    CHECK_I64(judge(arena, &c, "response_type=id_token&response_mode=query&nonce=n&scope=openid", &r),
              AUTHZ_RESPONSE_MODE);
    CHECK(r.mode.carrier == CARRY_FRAGMENT && !r.mode.is_jwt);
    CHECK_I64(judge(arena, &c, "response_type=id_token&response_mode=query.jwt&nonce=n&scope=openid", &r),
              AUTHZ_RESPONSE_MODE);
    CHECK(r.mode.carrier == CARRY_FRAGMENT && r.mode.is_jwt);
}

TEST(authorization_offline_access_needs_a_code)
{
    struct authorization r;
    struct client c = client;
    c.meta.response_types.n = sizeof all_types / sizeof all_types[0];
    c.meta.scope = STR("openid offline_access");
    CHECK_I64(judge(arena, &c, "response_type=id_token&scope=openid+offline_access&nonce=n", &r), AUTHZ_GOOD);
    CHECK_STR(r.scope, STR("openid"));
    CHECK_I64(judge(arena, &c, "response_type=code&scope=openid+offline_access&" PKCE, &r), AUTHZ_GOOD);
    CHECK_STR(r.scope, STR("openid offline_access"));
}

TEST(authorization_terms)
{
    struct authorization r;
    struct client c = client;
    static const str defaults[] = { STR("phr"), STR("urn:stoa:acr:2fa") };
    c.meta.default_acr_values = (struct text_list){ defaults, 2 };
    CHECK_I64(judge(arena, &c, BASE PKCE "claims=%7B%22userinfo%22:+%7B%22name%22:null%7D%7D", &r), AUTHZ_GOOD);
    CHECK_STR(r.terms.acr_values, STR("phr urn:stoa:acr:2fa"));
    CHECK_STR(r.terms.claims, STR("{\"userinfo\":{\"name\":null}}"));
    CHECK_I64(judge(arena, &c, BASE PKCE "acr_values=a", &r), AUTHZ_GOOD);
    CHECK_STR(r.terms.acr_values, STR("a"));
    CHECK(!str_given(r.terms.claims));
    CHECK_I64(judge(arena, &c, "response_type=code&scope=email&claims=%7B&" PKCE, &r), AUTHZ_GOOD);
    CHECK(!str_given(r.terms.claims));
}

TEST(authorization_default_max_age_and_missing_type)
{
    struct authorization r;
    struct client strict = client;
    strict.meta.default_max_age = 60;
    CHECK_I64(judge(arena, &strict, BASE PKCE, &r), AUTHZ_GOOD);
    CHECK_I64(r.max_age, 60);
    strict.meta.grant_types = STR("client_credentials");
    CHECK_I64(judge(arena, &strict, BASE PKCE, &r), AUTHZ_CLIENT_TYPE);
    strict.meta.grant_types = client.meta.grant_types;
    strict.meta.response_types.n = 0;
    CHECK_I64(judge(arena, &strict, BASE PKCE, &r), AUTHZ_CLIENT_TYPE);
}
