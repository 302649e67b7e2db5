/* Registration of clients (RFC 7591, SECURITY E 136, F 140). */
#include "authsrv/domain/client.h"
#include "authsrv/domain/registration.h"

#include "tests/support/test.h"

static enum draft_verdict judge(struct arena *a, const char *metadata)
{
    const struct json_value *v;
    struct client_draft d;
    str member, explain = STR_NONE;
    CHECK(json_parse(a, str_of(metadata), &v));
    CHECK(draft_read(a, v, &d, &member));
    enum draft_verdict verdict = draft_judge(a, &d, &explain);
    CHECK(verdict == DRAFT_GOOD || explain.n > 0);
    return verdict;
}

#define CB "\"redirect_uris\":[\"https://a.example/cb\"]"

TEST(draft_defaults_of_the_specification)
{
    const struct json_value *v;
    struct client_draft d;
    str member;
    CHECK(json_parse(arena, STR("{" CB "}"), &v));
    CHECK(draft_read(arena, v, &d, &member));
    CHECK_STR(d.grants, STR("authorization_code"));
    CHECK_I64(d.auth_method, AUTH_BASIC);
    CHECK_STR(d.id_token_alg, STR("RS256"));
    CHECK_I64(d.default_max_age, -1);
}

TEST(draft_verdicts)
{
    CHECK_I64(judge(arena, "{" CB "}"), DRAFT_GOOD);
    CHECK_I64(judge(arena, "{}"), DRAFT_NO_REDIRECT);
    CHECK_I64(judge(arena, "{\"grant_types\":[\"client_credentials\"]}"), DRAFT_GOOD);
    CHECK_I64(judge(arena, "{\"grant_types\":[\"client_credentials\"],\"token_endpoint_auth_method\":\"none\"}"),
              DRAFT_PUBLIC_CLIENT_CREDENTIALS);
    CHECK_I64(judge(arena, "{\"grant_types\":[\"refresh_token\"]}"), DRAFT_REFRESH_WITHOUT_CODE);
    CHECK_I64(judge(arena, "{" CB ",\"grant_types\":[\"password\"]}"), DRAFT_GRANT);
    CHECK_I64(judge(arena, "{" CB ",\"grant_types\":[]}"), DRAFT_GRANT);
    CHECK_I64(judge(arena, "{" CB ",\"id_token_signed_response_alg\":\"HS256\"}"), DRAFT_ALG);
    CHECK_I64(judge(arena, "{" CB ",\"scope\":\"a\\\"b\"}"), DRAFT_SCOPE);
    CHECK_I64(judge(arena, "{" CB ",\"logo_uri\":\"http://a.example/x\"}"), DRAFT_LINK);
    CHECK_I64(judge(arena, "{\"redirect_uris\":[\"javascript:alert(1)\"]}"), DRAFT_REDIRECT);
}

TEST(draft_members_must_have_their_types)
{
    static const struct {
        const char *metadata, *member;
    } cases[] = {
        { "{\"redirect_uris\":\"https://a.example/cb\"}", "redirect_uris" },
        { "{\"redirect_uris\":[1]}", "redirect_uris" },
        { "{\"client_name\":1}", "client_name" },
        { "{\"grant_types\":\"authorization_code\"}", "grant_types" },
        { "{\"token_endpoint_auth_method\":\"private_key_jwt\"}", "token_endpoint_auth_method" },
        { "{\"default_max_age\":-1}", "default_max_age" },
        { "{\"default_max_age\":\"1\"}", "default_max_age" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct json_value *v;
        struct client_draft d;
        str member = STR_NONE;
        CHECK(json_parse(arena, str_of(cases[i].metadata), &v));
        CHECK(!draft_read(arena, v, &d, &member));
        CHECK_STR(member, str_of(cases[i].member));
    }
}

TEST(draft_names_what_is_not_offered)
{
    const struct json_value *v;
    CHECK(json_parse(arena, STR("{\"jwks_uri\":\"https://a.example/j\"}"), &v));
    CHECK_STR(draft_unsupported(v), STR("jwks_uri"));
    CHECK(json_parse(arena, STR("{\"response_types\":[\"code\",\"token\"]}"), &v));
    CHECK_STR(draft_unsupported(v), STR("response_types"));
    CHECK(json_parse(arena, STR("{\"response_types\":[\"code\"],\"subject_type\":\"public\",\"contacts\":[]}"), &v));
    CHECK(!str_given(draft_unsupported(v)));
}

TEST(client_names_that_deceive_are_refused)
{
    CHECK(client_name_valid(STR("Inkwell")));
    CHECK(client_name_valid(STR("Größe & Zähler 日本")));
    CHECK(!client_name_valid(STR("")));
    CHECK(!client_name_valid(STR("a\nb")));
    CHECK(!client_name_valid(STR("good\xe2\x80\xaegpj.exe")));
    CHECK(!client_name_valid(STR("in\xe2\x80\x8bkwell")));
    CHECK(!client_name_valid(STR("\xef\xbb\xbfInkwell")));
    CHECK(!client_name_valid(STR("\xc0\xaf")));
    char name[66];
    memset(name, 'x', sizeof name);
    CHECK(client_name_valid((str){ name, 64 }));
    CHECK(!client_name_valid((str){ name, 65 }));
}
