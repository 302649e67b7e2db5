/* The checks of an authorization request (SECURITY B 28..48, IDENTITY B 16..28). */
#include "authsrv/domain/authorization.h"

#include "tests/support/test.h"

#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define BASE "response_type=code&scope=openid+email&"
#define PKCE "code_challenge=" CHALLENGE "&code_challenge_method=S256&"

static const struct client client = { .meta = { .grant_types = STR("authorization_code refresh_token"),
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
        { "scope=openid&response_type=token&" PKCE, AUTHZ_RESPONSE_TYPE },
        { BASE PKCE "response_mode=form_post", AUTHZ_RESPONSE_MODE },
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

TEST(authorization_default_max_age_and_missing_grant)
{
    struct authorization r;
    struct client strict = client;
    strict.meta.default_max_age = 60;
    CHECK_I64(judge(arena, &strict, BASE PKCE, &r), AUTHZ_GOOD);
    CHECK_I64(r.max_age, 60);
    strict.meta.grant_types = STR("client_credentials");
    CHECK_I64(judge(arena, &strict, BASE PKCE, &r), AUTHZ_CLIENT_GRANT);
}
