/* The claims parameter (OIDC Core 5.5, OIDC C 19, IDENTITY B 33). */
#include "authsrv/domain/authorization/claims_request.h"

#include "tests/support/test.h"

static bool is_read(struct arena *a, const char *text)
{
    struct claims_request r;
    return claims_request_read(a, str_of(text), &r);
}

TEST(claims_request_forms)
{
    CHECK(is_read(arena, NULL));
    CHECK(is_read(arena, "{}"));
    CHECK(is_read(arena, "{\"userinfo\":null,\"other\":1}"));
    CHECK(is_read(arena, "{\"userinfo\":{\"verified_claims\":[{\"claims\":{\"name\":null}}],\"shoe_size\":7}}"));
    CHECK(is_read(arena, "{\"id_token\":{\"name\":null,\"x\":{\"essential\":true,\"zzz\":[]}}}"));
    static const char *const bad[] = {
        "",
        "x",
        "[]",
        "\"a\"",
        "{\"userinfo\":[]}",
        "{\"id_token\":\"name\"}",
        "{\"id_token\":{\"name\":true}}",
        "{\"id_token\":{\"name\":{\"essential\":\"yes\"}}}",
        "{\"id_token\":{\"acr\":{\"values\":\"a\"}}}",
        "{\"id_token\":{\"acr\":{\"values\":[]}}}",
        "{\"id_token\":{},\"id_token\":{}}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!is_read(arena, bad[i]));
}

static struct terms_wish wish_of(struct arena *a, const char *acr_values, const char *claims)
{
    struct terms_wish w;
    CHECK(terms_wish_read(a, &(struct terms){ .acr_values = str_of(acr_values), .claims = str_of(claims) }, &w));
    return w;
}

TEST(claims_request_names_only_claims_that_we_know)
{
    struct terms_wish w = wish_of(arena, NULL,
                                  "{\"id_token\":{\"email\":null,\"auth_time\":{\"essential\":true},\"name#de\":null},"
                                  "\"userinfo\":{\"name\":{\"essential\":true},\"shoe_size\":null}}");
    CHECK_STR(w.id_token, STR("email"));
    CHECK_STR(w.userinfo, STR("name"));
    CHECK(!str_given(w.acr) && !str_given(w.subjects) && !w.acr_essential && w.auth_time_essential);
    CHECK(!wish_of(arena, NULL, "{\"id_token\":{\"auth_time\":null}}").auth_time_essential);
    CHECK(!wish_of(arena, NULL, "{\"userinfo\":{\"auth_time\":{\"essential\":true}}}").auth_time_essential);
}

TEST(claims_request_acr_and_sub)
{
    struct terms_wish w = wish_of(arena, "a b", NULL);
    CHECK_STR(w.acr, STR("a b"));
    CHECK(!w.acr_essential);
    w = wish_of(arena, "a b", "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"c\",\"d\",\"e f\"]}}}");
    CHECK_STR(w.acr, STR("c d -"));
    CHECK(w.acr_essential);
    w = wish_of(arena, "a", "{\"id_token\":{\"acr\":{\"essential\":true}}}");
    CHECK_STR(w.acr, STR("a"));
    CHECK(!w.acr_essential);
    w = wish_of(arena, NULL, "{\"id_token\":{\"sub\":{\"value\":\"usr_1\"}}}");
    CHECK_STR(w.subjects, STR("usr_1"));
    w = wish_of(arena, NULL, "{\"userinfo\":{\"sub\":{\"values\":[\"usr_1\",\"usr_2\"]}}}");
    CHECK_STR(w.subjects, STR("usr_1 usr_2"));
}
