/* Token exchange: who may, how much, and who acts (RFC 8693). */
#include "authsrv/domain/token/exchange.h"

#include "shared/base/buf.h"
#include "tests/support/test.h"

static const struct json_value *claims_of(struct arena *a, const char *text)
{
    const struct json_value *v = NULL;
    CHECK(json_parse(a, str_of(text), &v));
    return v;
}

static struct client client_x(void)
{
    return (struct client){ .id = { STR("x") },
                            .resource_server = STR("https://x.example"),
                            .meta = { .scope = STR("openid email pay.stores") } };
}

TEST(a_right_is_a_rule_ones_own_token_or_being_its_audience)
{
    const struct client x = client_x();
    struct exchange_facts f = { .client = &x, .source_client = STR("y"), .audience = STR("https://z.example") };
    CHECK_I64(exchange_right_of(&f), EXCHANGE_NONE);
    f.audience = STR("https://x.example");
    CHECK_I64(exchange_right_of(&f), EXCHANGE_AUDIENCE);
    f.source_client = STR("x");
    CHECK_I64(exchange_right_of(&f), EXCHANGE_OWN);
    f.has_rule = true;
    CHECK_I64(exchange_right_of(&f), EXCHANGE_RULE);
    const struct client nobody = { .id = { STR("n") } };
    const struct exchange_facts g = { .client = &nobody, .source_client = STR("y"), .audience = STR("") };
    CHECK_I64(exchange_right_of(&g), EXCHANGE_NONE);
}

TEST(scope_only_shrinks_and_money_needs_a_rule)
{
    const struct client x = client_x();
    const struct exchange_facts f = { .client = &x, .rule_scope = STR("pay.stores phone email") };
    str subject = STR("openid phone email pay.stores pay.payouts");
    CHECK_STR(exchange_scope_cap(arena, &f, EXCHANGE_OWN, subject), subject);
    CHECK_STR(exchange_scope_cap(arena, &f, EXCHANGE_AUDIENCE, subject), STR("openid email"));
    CHECK_STR(exchange_scope_cap(arena, &f, EXCHANGE_RULE, subject), STR("email pay.stores"));
    CHECK_STR(exchange_scope_cap(arena, &f, EXCHANGE_NONE, subject), STR(""));
}

TEST(the_audience_stays_unless_the_rule_names_another)
{
    struct exchange_facts f = { .audience = STR("a"), .rule_audience = STR("b") };
    CHECK(exchange_audience_allowed(&f, EXCHANGE_AUDIENCE, STR("a")));
    CHECK(!exchange_audience_allowed(&f, EXCHANGE_AUDIENCE, STR("b")));
    CHECK(exchange_audience_allowed(&f, EXCHANGE_RULE, STR("b")));
    f.rule_audience = STR_NONE;
    CHECK(!exchange_audience_allowed(&f, EXCHANGE_RULE, STR("b")));
}

TEST(may_act_names_one_party)
{
    CHECK(may_act_allows(claims_of(arena, "{}"), STR("x")));
    CHECK(may_act_allows(claims_of(arena, "{\"may_act\":{\"sub\":\"x\"}}"), STR("x")));
    CHECK(!may_act_allows(claims_of(arena, "{\"may_act\":{\"sub\":\"y\"}}"), STR("x")));
    CHECK(!may_act_allows(claims_of(arena, "{\"may_act\":\"x\"}"), STR("x")));
}

TEST(actors_nest_and_are_capped)
{
    str act;
    CHECK(act_chain(arena, claims_of(arena, "{}"), STR_NONE, &act));
    CHECK(!str_given(act));
    CHECK(act_chain(arena, claims_of(arena, "{}"), STR("a"), &act));
    CHECK_STR(act, STR("{\"sub\":\"a\"}"));
    CHECK(act_chain(arena, claims_of(arena, "{\"act\":{\"sub\":\"a\"}}"), STR("b"), &act));
    CHECK_STR(act, STR("{\"sub\":\"b\",\"act\":{\"sub\":\"a\"}}"));
    CHECK(act_chain(arena, claims_of(arena, "{\"act\":{\"sub\":\"a\"}}"), STR_NONE, &act));
    CHECK_STR(act, STR("{\"sub\":\"a\"}"));
    const char *four =
        "{\"act\":{\"sub\":\"a\",\"act\":{\"sub\":\"b\",\"act\":{\"sub\":\"c\",\"act\":{\"sub\":\"d\"}}}}}";
    CHECK(act_chain(arena, claims_of(arena, four), STR_NONE, &act));
    CHECK(!act_chain(arena, claims_of(arena, four), STR("e"), &act));
}

/* Somebody else's issuer writes what stands in its tokens; numbers grow when they are written again. */
TEST(what_an_actor_says_of_itself_may_be_long)
{
    str act;
    struct buf claims;
    buf_init(&claims, arena, 65536);
    buf_add(&claims, STR("{\"act\":{\"sub\":\"a\",\"x\":[0.1"));
    while (claims.n < 16000)
        buf_add(&claims, STR(",0.1"));
    buf_add(&claims, STR("]}}"));
    CHECK(act_chain(arena, claims_of(arena, arena_cstr(arena, buf_str(&claims))), STR("b"), &act));
    CHECK(act.n > 16384 && str_starts(act, STR("{\"sub\":\"b\",\"act\":{\"sub\":\"a\",\"x\":[0.1")));
}
