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
    if (details_read(a, str_of(parameter), types, types_make(a, types), &allowed, ret, &p))
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

TEST(details_may_only_narrow)
{
    str have;
    CHECK(!str_given(
        wrong(arena, "[" PAYMENT ",{\"type\":\"store_management\",\"store\":\"s\",\"actions\":[\"read\"]}]", &have)));
    CHECK(details_cover(arena, have, STR("[" PAYMENT "]")));
    CHECK(details_cover(arena, have, have));
    CHECK(!details_cover(arena, have,
                         STR("[{\"type\":\"payment\",\"payee\":\"st_1\",\"currency\":\"EUR\",\"amount\":1251}]")));
    CHECK(!details_cover(arena, have, STR("{}")));
    struct detail_type types[3];
    size_t n = types_make(arena, types);
    CHECK_STR(details_for(arena, have, types, n, STR("https://stores.example")),
              STR("[{\"actions\":[\"read\"],\"store\":\"s\",\"type\":\"store_management\"}]"));
    CHECK(!str_given(details_for(arena, have, types, n, STR("https://other.example"))));
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
    CHECK(details_for(arena, buf_str(&parameter), &any, 1, any.audience).n > (size_t)4 * DETAILS_MAX_BYTES);
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
