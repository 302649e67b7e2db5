/* Response types and modes (OIDC C 7, IDENTITY B 16, 17). */
#include "authsrv/domain/authorization/response.h"

#include "tests/support/test.h"

TEST(response_types_are_sets)
{
    unsigned parts;
    CHECK(response_type_parse(STR("token code"), &parts));
    CHECK_I64(parts, RESPONSE_CODE | RESPONSE_TOKEN);
    CHECK_STR(response_type_name(parts), STR("code token"));
    CHECK(response_type_parse(STR("none"), &parts) && parts == RESPONSE_NONE);
    CHECK(!response_type_parse(STR("code none"), &parts));
    CHECK(!response_type_parse(STR("code code"), &parts));
    CHECK(!response_type_parse(STR("Code"), &parts));
    CHECK(!response_type_parse(STR_NONE, &parts));
    CHECK(!response_type_parse(STR("id_token device"), &parts));
    CHECK_I64(parts, RESPONSE_ID_TOKEN);
}

TEST(response_modes_have_a_default_that_hides_tokens)
{
    struct response_mode m;
    CHECK(response_mode_parse(STR_NONE, RESPONSE_CODE, &m) && m.carrier == CARRY_QUERY && !m.is_jwt);
    CHECK(response_mode_parse(STR_NONE, RESPONSE_NONE, &m) && m.carrier == CARRY_QUERY);
    CHECK(response_mode_parse(STR_NONE, RESPONSE_CODE | RESPONSE_ID_TOKEN, &m) && m.carrier == CARRY_FRAGMENT);
    CHECK(response_mode_parse(STR("jwt"), RESPONSE_CODE, &m));
    CHECK_STR(response_mode_name(m), STR("query.jwt"));
    CHECK(response_mode_parse(STR("jwt"), RESPONSE_TOKEN, &m));
    CHECK_STR(response_mode_name(m), STR("fragment.jwt"));
    CHECK(!response_mode_parse(STR("web_message"), RESPONSE_CODE, &m));
    CHECK(response_mode_parse(STR("query"), RESPONSE_TOKEN, &m) && !response_mode_fits(m, RESPONSE_TOKEN));
    CHECK(response_mode_parse(STR("query.jwt"), RESPONSE_ID_TOKEN, &m) && !response_mode_fits(m, RESPONSE_ID_TOKEN));
    CHECK(response_mode_parse(STR("fragment"), RESPONSE_CODE, &m) && response_mode_fits(m, RESPONSE_CODE));
}

TEST(response_mode_names_are_read_back)
{
    static const char *const names[] = {
        "query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt"
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct response_mode m;
        CHECK(response_mode_parse(str_of(names[i]), RESPONSE_CODE, &m));
        CHECK_STR(response_mode_name(m), str_of(names[i]));
    }
}
