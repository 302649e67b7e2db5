/* Rich authorization requests (RFC 9396, IDENTITY B 38) and the rules behind them. */
#include "authsrv/domain/authorization/authorization_details.h"

#include "shared/base/buf.h"
#include "tests/support/test.h"

static const struct json_value *json_of(struct arena *a, const char *text)
{
    const struct json_value *v = NULL;
    CHECK(json_parse(a, str_of(text), &v));
    return v;
}

static str broken(struct arena *a, const char *rules, const char *value)
{
    struct rule_problem p = { 0 };
    const struct json_value *r = json_of(a, rules);
    CHECK(json_rules_valid(a, r, &p));
    if (json_rules_keep(a, r, json_of(a, value), &p))
        return STR_NONE;
    CHECK(p.explain.n > 0);
    return p.path;
}

#define RULES                                                                                                          \
    "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":1,"             \
    "\"maximum\":9},\"s\":{\"type\":\"string\",\"maxLength\":3},\"e\":{\"type\":\"string\",\"enum\":[\"x\",\"y\"]},"   \
    "\"l\":{\"type\":\"array\",\"maxItems\":2,\"items\":{\"type\":\"string\"}},\"b\":{\"type\":\"boolean\"},"          \
    "\"c\":{\"type\":\"string\",\"format\":\"currency\"},\"u\":{\"type\":\"string\",\"format\":\"uri\"},"              \
    "\"o\":{\"type\":\"object\",\"required\":[\"i\"],\"properties\":{\"i\":{\"type\":\"integer\"}}}}}"

TEST(rules_name_the_member_that_breaks_them)
{
    CHECK(!str_given(broken(arena, RULES, "{\"a\":1}")));
    CHECK(!str_given(broken(arena, RULES,
                            "{\"a\":9,\"s\":\"abc\",\"e\":\"y\",\"l\":[\"1\",\"2\"],\"b\":true,\"c\":\"EUR\","
                            "\"u\":\"https://a.example/\",\"o\":{\"i\":-1}}")));
    CHECK_STR(broken(arena, RULES, "{}"), STR("a"));
    CHECK_STR(broken(arena, RULES, "{\"a\":0}"), STR("a"));
    CHECK_STR(broken(arena, RULES, "{\"a\":10}"), STR("a"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1.5}"), STR("a"));
    CHECK_STR(broken(arena, RULES, "{\"a\":\"1\"}"), STR("a"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"s\":\"abcd\"}"), STR("s"));
    CHECK(!str_given(
        broken(arena, RULES, "{\"a\":1,\"s\":\"\\u0416\\ud83d\\ude00\\u6771\"}"))); /* characters, not bytes */
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"s\":\"\\u0416\\u0416\\u0416\\u0416\"}"), STR("s"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"s\":\"a\\nb\"}"), STR("s"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"s\":\"\\u202e\"}"), STR("s")); /* would turn what is agreed to */
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"e\":\"z\"}"), STR("e"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"l\":[\"1\",\"2\",\"3\"]}"), STR("l"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"l\":[\"1\",2]}"), STR("l[1]"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"c\":\"EURO\"}"), STR("c"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"u\":\"nowhere\"}"), STR("u"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"o\":{}}"), STR("o.i"));
    CHECK_STR(broken(arena, RULES, "{\"a\":1,\"zzz\":1}"), STR("zzz"));
    CHECK_STR(broken(arena, RULES, "[]"), STR(""));
}

TEST(rules_that_nobody_understands_are_refused)
{
    static const char *const bad[] = {
        "{}",
        "[]",
        "{\"type\":\"number\"}",
        "{\"type\":\"string\",\"pattern\":\"a\"}",
        "{\"type\":\"string\",\"format\":\"date\"}",
        "{\"type\":\"string\",\"enum\":[1]}",
        "{\"type\":\"object\",\"required\":\"a\"}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"text\"}}}",
        "{\"type\":\"array\",\"items\":{}}",
    };
    struct rule_problem p;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!json_rules_valid(arena, json_of(arena, bad[i]), &p));
}

static size_t types_make(struct arena *a, struct detail_type *types)
{
    static const str names[] = { STR("payment"), STR("payout"), STR("store_management") };
    struct rule_problem p;
    for (size_t i = 0; i < 3; i++) {
        str rules;
        types[i].name = names[i];
        types[i].audience = i == 2 ? STR("https://stores.example") : STR("https://pay.example");
        CHECK(detail_type_built_in(names[i], &rules, &types[i].sentence));
        types[i].rules = json_of(a, arena_cstr(a, rules));
        CHECK(json_rules_valid(a, types[i].rules, &p));
        CHECK(detail_sentence_valid(a, types[i].sentence, types[i].rules));
    }
    return 3;
}

static const str may[] = { STR("payment"), STR("store_management") };
static const struct text_list allowed = { may, 2 };

static str wrong(struct arena *a, const char *parameter, str *ret)
{
    struct detail_type types[3];
    struct rule_problem p = { 0 };
    if (details_read(a, str_of(parameter), STR("openid"), types, types_make(a, types), &allowed, ret, &p))
        return STR_NONE;
    return p.path;
}

#define PAYMENT "{\"type\":\"payment\",\"payee\":\"st_1\",\"currency\":\"EUR\",\"amount\":1250}"

TEST(details_are_judged_item_by_item)
{
    str read;
    CHECK(!str_given(wrong(arena, "[" PAYMENT "]", &read)));
    CHECK_STR(read, STR("[{\"amount\":1250,\"currency\":\"EUR\",\"payee\":\"st_1\",\"type\":\"payment\"}]"));
    CHECK_STR(wrong(arena, "{}", &read), STR(""));
    CHECK_STR(wrong(arena, "[]", &read), STR(""));
    CHECK_STR(wrong(arena, "[1]", &read), STR("[0].type"));
    CHECK_STR(wrong(arena, "[" PAYMENT ",{\"type\":\"unknown\"}]", &read), STR("[1].type"));
    CHECK_STR(wrong(arena, "[{\"type\":\"payout\",\"amount\":1,\"currency\":\"EUR\",\"destination\":\"r\"}]", &read),
              STR("[0].type"));
    CHECK_STR(wrong(arena, "[{\"type\":\"payment\",\"amount\":0,\"currency\":\"EUR\",\"payee\":\"st_1\"}]", &read),
              STR("[0].amount"));
    CHECK_STR(wrong(arena, "[{\"type\":\"payment\",\"amount\":1,\"currency\":\"EUR\"}]", &read), STR("[0].payee"));
}

#define OTHER "{\"type\":\"payment\",\"payee\":\"st_1\",\"currency\":\"EUR\",\"amount\":1251}"
#define STORE "{\"type\":\"store_management\",\"store\":\"s\",\"actions\":[\"read\"]}"
#define PAY STR("https://pay.example")
#define STORES STR("https://stores.example")

/* Where those stand that a token has; "-": it has none, NOT or LEFT: it is refused. */
static str places(struct arena *a, const char *granted, const char *want, str audience)
{
    struct detail_type types[3];
    struct details_choice got;
    size_t n = types_make(a, types);
    switch (details_choose(a, granted ? str_of(granted) : STR_NONE, want ? str_of(want) : STR_NONE, types, n, audience,
                           &got)) {
    case DETAILS_GOOD:
        return str_given(got.places) ? got.places : STR("-");
    case DETAILS_NOT_GRANTED:
        return STR("NOT");
    case DETAILS_TYPE_LEFT_OUT:
        return STR("LEFT");
    }
    return STR_NONE;
}

TEST(details_of_a_token_are_those_of_its_audience)
{
    struct detail_type types[3];
    struct details_choice got;
    size_t n = types_make(arena, types);
    CHECK_STR(places(arena, "[" PAYMENT "," STORE "," OTHER "]", NULL, PAY), STR("[0,2]"));
    CHECK_STR(places(arena, "[" PAYMENT "," STORE "," OTHER "]", "", STORES), STR("[1]"));
    CHECK_STR(places(arena, "[" PAYMENT "," STORE "]", NULL, STR("https://other.example")), STR("-"));
    CHECK_STR(places(arena, NULL, NULL, PAY), STR("-"));
    CHECK_STR(places(arena, "[{\"type\":\"forgotten\"}," PAYMENT "]", NULL, STORES), STR("[0]")); /* it limits still */
    CHECK(details_choose(arena, STR("[" OTHER "," STORE "," PAYMENT "]"), STR("[" PAYMENT "," OTHER "]"), types, n, PAY,
                         &got) == DETAILS_GOOD);
    CHECK_STR(got.items, STR("[{\"amount\":1251,\"currency\":\"EUR\",\"payee\":\"st_1\",\"type\":\"payment\"},"
                             "{\"amount\":1250,\"currency\":\"EUR\",\"payee\":\"st_1\",\"type\":\"payment\"}]"));
    CHECK_STR(got.places, STR("[0,2]"));
}

TEST(details_may_only_narrow)
{
    static const struct {
        const char *granted, *want, *places;
    } cases[] = {
        { "[" PAYMENT "," OTHER "]", "[" OTHER "]", "[1]" },
        { "[" PAYMENT "," OTHER "]", "[" OTHER "," PAYMENT "]", "[0,1]" },
        { "[" PAYMENT "]", "[" OTHER "]", "NOT" },
        { "[" PAYMENT "]", "{}", "NOT" },
        { "[" PAYMENT "]", "{", "NOT" },
        { NULL, "[]", "NOT" },
        { "{}", "[]", "NOT" },
        /* each that was granted counts once */
        { "[" PAYMENT "]", "[" PAYMENT "," PAYMENT "]", "NOT" },
        { "[" PAYMENT "," PAYMENT "]", "[" PAYMENT "," PAYMENT "]", "[0,1]" },
        { "[" PAYMENT "," PAYMENT "]", "[" PAYMENT "]", "[0]" },
        { "[" PAYMENT "," PAYMENT "]", "[" PAYMENT "," PAYMENT "," PAYMENT "]", "NOT" },
        /* without a detail of its type the scope would be all that limits */
        { "[" PAYMENT "]", "[]", "LEFT" },
        { "[" PAYMENT "," STORE "]", "[" STORE "]", "LEFT" },
        { "[" PAYMENT "," STORE "]", "[" PAYMENT "]", "[0]" }, /* of another audience */
        { "[" PAYMENT ",{\"type\":\"forgotten\"}]", "[" PAYMENT "]", "LEFT" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(places(arena, cases[i].granted, cases[i].want, PAY), str_of(cases[i].places));
}

TEST(details_are_told_in_words)
{
    struct detail_type types[3];
    str *said;
    size_t n = types_make(arena, types);
    details_say(arena,
                STR("[{\"type\":\"payment\",\"amount\":123450,\"currency\":\"EUR\",\"payee\":\"st_1\","
                    "\"payee_name\":\"Ada\",\"purpose\":\"An article\"}," PAYMENT
                    ",{\"type\":\"payment\",\"amount\":700,\"currency\":\"JPY\",\"payee\":\"st_2\"},"
                    "{\"type\":\"store_management\",\"store\":\"st_1\",\"actions\":[\"read\",\"change\"]}]"),
                types, n, &said, &n);
    CHECK_I64(n, 4);
    CHECK_STR(said[0], STR("Pay 1\xc2\xa0"
                           "234.50 EUR to Ada st_1: An article"));
    CHECK_STR(said[1], STR("Pay 12.50 EUR to st_1"));
    CHECK_STR(said[2], STR("Pay 700 JPY to st_2"));
    CHECK_STR(said[3], STR("Manage your store st_1: read, change"));
}

TEST(sentences_name_only_what_the_rules_have)
{
    const struct json_value *rules = json_of(arena, RULES);
    CHECK(detail_sentence_valid(arena, STR("Do {a:c} with {s}"), rules));
    CHECK(!detail_sentence_valid(arena, STR("Do {zzz}"), rules));
    CHECK(!detail_sentence_valid(arena, STR("Do {a:zzz}"), rules));
    CHECK(!detail_sentence_valid(arena, STR("Do {a"), rules));
}

/* 0.1 is written as 0.10000000000000001, five times as long; what no rule knows is refused, and not before. */
TEST(numbers_that_grow_are_judged_like_others)
{
    str read;
    struct buf parameter;
    buf_init(&parameter, arena, DETAILS_MAX_BYTES);
    buf_add(&parameter, STR("[{\"type\":\"payment\",\"amount\":1,\"currency\":\"EUR\",\"payee\":\"st_1\",\"x\":[0.1"));
    while (parameter.n + 8 < DETAILS_MAX_BYTES)
        buf_add(&parameter, STR(",0.1"));
    buf_add(&parameter, STR("]}]"));
    CHECK_STR(wrong(arena, arena_cstr(arena, buf_str(&parameter)), &read), STR("[0].x"));
    const struct detail_type any = { .name = STR("payment"), .audience = STR("https://pay.example") };
    struct details_choice choice;
    CHECK_I64(details_choose(arena, buf_str(&parameter), STR_NONE, &any, 1, any.audience, &choice), DETAILS_GOOD);
    CHECK(choice.items.n > (size_t)4 * DETAILS_MAX_BYTES);
}

/* Operators write types of their own, with lists and texts of any length, and name a member more than once. */
TEST(a_sentence_that_nobody_would_read_gives_way_to_the_detail_itself)
{
    struct buf items;
    struct detail_type own = { .name = STR("own"), .sentence = STR("Read {l}, {l} and {l}") };
    str *said;
    size_t n;
    buf_init(&items, arena, DETAILS_MAX_BYTES);
    for (int i = 0; i < 1000; i++)
        buf_printf(&items, "%s\"%d\"", i ? "," : "", 1000 + i);
    str short_one = STR("[{\"l\":[\"a\",\"b\"],\"type\":\"own\"}]");
    str long_one = arena_printf(arena, "[{\"l\":[%.*s],\"type\":\"own\"}]", STR_ARG(buf_str(&items)));
    details_say(arena, short_one, &own, 1, &said, &n);
    CHECK_I64((int64_t)n, 1);
    CHECK_STR(said[0], STR("Read a, b, a, b and a, b"));
    details_say(arena, long_one, &own, 1, &said, &n);
    CHECK_I64((int64_t)n, 1);
    CHECK_STR(said[0], ((str){ long_one.p + 1, long_one.n - 2 }));
    own.sentence = STR("Read {l}");
    details_say(arena, long_one, &own, 1, &said, &n);
    CHECK(str_starts(said[0], STR("Read 1000, 1001, ")) && str_ends(said[0], STR(", 1999")));
}
