/* The algebra of scopes and the choice of the audience (RFC 6749 section 3.3, RFC 8707). */
#include "authsrv/domain/scope.h"

#include "shared/base/buf.h"
#include "tests/support/test.h"

TEST(scope_beyond_is_the_first_word_too_many)
{
    CHECK_STR(scope_beyond(STR("a b"), STR("b c d")), STR("c"));
    CHECK(!str_given(scope_beyond(STR("a b"), STR("b a"))));
    CHECK(!str_given(scope_beyond(STR("a b"), STR_NONE)));
}

TEST(scope_covers_regardless_of_order)
{
    CHECK(scope_covers(STR("a b c"), STR("c a")));
    CHECK(scope_covers(STR("a"), STR("")));
    CHECK(!scope_covers(STR("a b"), STR("a d")));
    CHECK(!scope_covers(STR("ab"), STR("a")));
}

TEST(scope_common_and_union_keep_each_word_once)
{
    CHECK_STR(scope_common(arena, STR("b a b x"), STR("a b c")), STR("b a"));
    CHECK_STR(scope_union(arena, STR("a b"), STR("c a")), STR("a b c"));
    CHECK_I64(scope_common(arena, STR("x"), STR("a")).n, 0);
}

TEST(scope_wellformed_by_the_grammar)
{
    CHECK(scope_is_wellformed(STR("openid pay.users")));
    CHECK(!scope_is_wellformed(STR("a\"b")));
    CHECK(!scope_is_wellformed(STR("a\\b")));
    CHECK(!scope_is_wellformed(STR("a\tb")));
}

static const struct scope_owner owners[] = {
    { STR("pay.users"), STR("https://pay.example"), false },
    { STR("pay.stores"), STR("https://pay.example"), false },
    { STR("files.read"), STR("https://files.example"), true },
};

static enum target_verdict target(struct arena *a, str scope, str resource, str *ret_scope, str *audience)
{
    return scope_target(a, scope, resource, STR("https://as.example"), owners, 3, ret_scope, audience);
}

TEST(scope_target_is_the_owner_else_the_issuer)
{
    str scope, audience;
    CHECK_I64(target(arena, STR("openid pay.users"), STR_NONE, &scope, &audience), TARGET_GOOD);
    CHECK_STR(audience, STR("https://pay.example"));
    CHECK_STR(scope, STR("openid pay.users"));
    CHECK_I64(target(arena, STR("openid email"), STR_NONE, &scope, &audience), TARGET_GOOD);
    CHECK_STR(audience, STR("https://as.example"));
}

TEST(scope_target_by_name_drops_the_scopes_of_others)
{
    str scope, audience;
    CHECK_I64(target(arena, STR("openid pay.users files.read"), STR("https://files.example"), &scope, &audience),
              TARGET_GOOD);
    CHECK_STR(audience, STR("https://files.example"));
    CHECK_STR(scope, STR("openid files.read"));
}

TEST(strangers_get_identity_scopes_and_open_ones)
{
    str want = STR("files.read openid pay.users email nothing");
    CHECK_STR(scope_for_strangers(arena, want, owners, 3), STR("files.read openid email"));
    CHECK_STR(scope_for_strangers(arena, want, owners, 2), STR("openid email"));
}

TEST(scope_target_refuses_two_owners_and_strangers)
{
    str scope, audience;
    CHECK_I64(target(arena, STR("pay.users files.read"), STR_NONE, &scope, &audience), TARGET_AMBIGUOUS);
    CHECK_I64(target(arena, STR("openid"), STR("https://nowhere.example"), &scope, &audience), TARGET_UNKNOWN);
}

TEST(scope_target_of_several_resources_by_name)
{
    str scope, audience;
    CHECK_I64(target(arena, STR("openid pay.users files.read"), STR("https://files.example https://pay.example"),
                     &scope, &audience),
              TARGET_GOOD);
    CHECK_STR(audience, STR("https://files.example https://pay.example"));
    CHECK_STR(scope, STR("openid pay.users files.read"));
}

TEST(scope_for_one_audience_drops_the_scopes_of_others)
{
    static const str both = STR("https://files.example https://pay.example");
    str scope, audience, all = STR("openid pay.users files.read");
    CHECK_I64(scope_for(arena, all, both, STR("https://pay.example"), owners, 3, &scope, &audience), TARGET_GOOD);
    CHECK_STR(scope, STR("openid pay.users"));
    CHECK_STR(audience, STR("https://pay.example"));
    CHECK_I64(scope_for(arena, all, both, STR_NONE, owners, 3, &scope, &audience), TARGET_AMBIGUOUS);
    CHECK_I64(scope_for(arena, all, both, STR("https://as.example"), owners, 3, &scope, &audience), TARGET_UNKNOWN);
    CHECK_I64(scope_for(arena, STR("openid"), STR("https://as.example"), STR_NONE, owners, 3, &scope, &audience),
              TARGET_GOOD);
    CHECK_STR(audience, STR("https://as.example"));
}

/* What a person once allowed a client grows with each time that the client registers anew. */
TEST(scopes_join_however_long_they_have_grown)
{
    struct buf kept, more;
    buf_init(&kept, arena, 65536);
    buf_init(&more, arena, 65536);
    for (int i = 0; i < 2000; i++) {
        buf_printf(&kept, "%sscope.%d", i ? " " : "", i);
        buf_printf(&more, "%sscope.%d", i ? " " : "", i + 1000);
    }
    str all = scope_union(arena, buf_str(&kept), buf_str(&more));
    CHECK(all.n > 16384 && str_has_word(all, STR("scope.0")) && str_has_word(all, STR("scope.2999")));
    CHECK_STR(scope_common(arena, all, all), all);
    CHECK_I64((int64_t)scope_without(arena, all, STR("scope.0")).n, (int64_t)all.n - 8);
}
