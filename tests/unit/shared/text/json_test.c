/* JSON in and out (RFC 8259; SECURITY cases 92 to 98 and 114). */
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"
#include "tests/support/test.h"

static str nested(struct arena *a, int levels, char open, char close)
{
    char *p = arena_alloc(a, 2 * (size_t)levels);
    memset(p, open, (size_t)levels);
    memset(p + levels, close, (size_t)levels);
    return (str){ p, 2 * (size_t)levels };
}

TEST(json_names_the_member_whose_number_is_too_large)
{
    static const struct {
        const char *text, *member;
    } cases[] = { { "{\"a\":1,\"amount\":9223372036854775808}", "amount" },
                  { "{\"amount\" : -9223372036854775809,\"b\":2}", "amount" },
                  { "{\"list\":[1,12345678901234567890123]}", "list" },
                  { "{\"a\\\"b\":9223372036854775808}", "" },
                  { "{\"A B\":9223372036854775808}", "" },
                  { "9223372036854775808", "" } };
    const struct json_value *v;
    str member;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(!json_parse(arena, str_of(cases[i].text), &v));
        CHECK(json_number_too_large(str_of(cases[i].text), &member));
        CHECK_STR(str_given(member) ? member : STR(""), str_of(cases[i].member));
    }
    static const char *const others[] = {
        "{\"amount\":9223372036854775807}",  "{\"amount\":1.5}",          "{\"amount\":007}",
        "{\"amount\":\"9223372036854775808", "{\"9223372036854775808\":", ""
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK(!json_number_too_large(str_of(others[i]), &member));
}

TEST(json_says_what_is_wrong_and_where_and_repeats_nothing)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = { { "{\"amount\": 1000,\n \"secret\": 'x'}", "is not JSON: line 2, column 12" },
                  { "{\"a\":1,\"a\":2}", "names a member twice: line 1, column 10" },
                  { "{\"a\":1,}", "is not JSON: line 1, column 8" },
                  { "{} {}", "is not JSON: line 1, column 4" },
                  { "store=st_1&amount=1000", "is not JSON: line 1, column 5" },
                  { "\"\xC3\"", "must be JSON in UTF-8" },
                  { "[[[[[[[[[[[[[[[[[1", "must be JSON that closes what it opens, at most 16 levels deep" } };
    const struct json_value *v;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(!json_parse(arena, str_of(cases[i].text), &v));
        CHECK_STR(json_complaint(arena, str_of(cases[i].text)), str_of(cases[i].complaint));
    }
}

TEST(json_reads_members)
{
    const struct json_value *v, *item;
    str text, key;
    int64_t n;
    bool b;
    CHECK(json_parse(arena, STR(" {\"s\":\"x\\u00e9\\n\",\"n\":-7,\"b\":true,\"a\":[1,\"two\"],\"z\":null} "), &v));
    CHECK_I64(json_kind(v), JSON_OBJECT);
    CHECK_I64(json_size(v), 5);
    CHECK(json_get_str(v, "s", &text));
    CHECK_STR(text, STR("x\xC3\xA9\n"));
    CHECK(json_get_i64(v, "n", &n) && n == -7);
    CHECK(json_get_bool(v, "b", &b) && b);
    CHECK(json_get(v, "a") && json_size(json_get(v, "a")) == 2);
    CHECK(json_is_str(json_item(json_get(v, "a"), 1), &text));
    CHECK_STR(text, STR("two"));
    CHECK_I64(json_kind(json_get(v, "z")), JSON_NULL);
    CHECK(json_member(v, 1, &key, &item));
    CHECK_STR(key, STR("n"));
    CHECK(!json_member(v, 5, &key, &item));
}

TEST(json_readers_answer_no_for_other_kinds)
{
    const struct json_value *v;
    str text = STR("untouched");
    int64_t n = 42;
    bool b = true;
    CHECK(json_parse(arena, STR("{\"s\":1,\"n\":\"1\",\"b\":0,\"r\":1.0,\"e\":1e3}"), &v));
    CHECK(!json_get_str(v, "s", &text) && !json_get_i64(v, "n", &n) && !json_get_bool(v, "b", &b));
    CHECK(!json_get_i64(v, "r", &n) && !json_get_i64(v, "e", &n) && !json_get_i64(v, "missing", &n));
    CHECK(!json_get(json_get(v, "s"), "x") && !json_item(v, 0) && !json_get(NULL, "x"));
    CHECK_STR(text, STR("untouched"));
    CHECK(n == 42 && b);
}

TEST(json_stranger_is_the_first_member_that_nobody_knows)
{
    static const char *const known[] = { "a", "b" };
    const struct json_value *doc;
    str key = STR("untouched");
    CHECK(json_parse(arena, STR("{\"b\":1,\"a\":2}"), &doc) && !json_stranger(doc, known, 2, &key));
    CHECK_STR(key, STR("untouched"));
    CHECK(json_parse(arena, STR("{\"a\":1,\"A\":2,\"x\":3}"), &doc) && json_stranger(doc, known, 2, &key));
    CHECK_STR(key, STR("A"));
    CHECK(json_parse(arena, STR("[1]"), &doc) && !json_stranger(doc, known, 2, &key));
}

TEST(json_integers_stay_within_53_bits)
{
    const struct json_value *v;
    int64_t n = 42;
    CHECK(json_parse(arena, STR("[9007199254740991,-9007199254740991,9007199254740992,-9007199254740992]"), &v));
    CHECK(json_is_i64(json_item(v, 0), &n) && n == INT64_C(9007199254740991));
    CHECK(json_is_i64(json_item(v, 1), &n) && n == -INT64_C(9007199254740991));
    CHECK(!json_is_i64(json_item(v, 2), &n) && !json_is_i64(json_item(v, 3), &n));
}

TEST(json_refuses_malformed_documents)
{
    static const char *const BAD[] = { "",
                                       " ",
                                       "{",
                                       "}",
                                       "[",
                                       "]",
                                       "{}x",
                                       "{}{}",
                                       "{} []",
                                       "{\"a\":1,}",
                                       "[1,]",
                                       "{a:1}",
                                       "{'a':1}",
                                       "NaN",
                                       "[NaN]",
                                       "Infinity",
                                       "007",
                                       "0x10",
                                       "+1",
                                       ".5",
                                       "1.",
                                       "nul",
                                       "\"abc",
                                       "\"\t\"",
                                       "[1e999]",
                                       "9223372036854775808",
                                       "/* c */{}",
                                       "{\"a\" 1}",
                                       "[1 2]",
                                       "\"\\x41\"",
                                       "\xEF\xBB\xBF{}" };
    const struct json_value *v = NULL;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        if (json_parse(arena, str_of(BAD[i]), &v))
            test_fail(__FILE__, __LINE__, "accepted: %s", BAD[i]);
    }
    CHECK(!json_parse(arena, (str){ "{}\0", 3 }, &v) && !json_parse(arena, STR_NONE, &v));
    CHECK(!v);
}

TEST(json_refuses_duplicate_members)
{
    const struct json_value *v;
    CHECK(!json_parse(arena, STR("{\"sub\":1,\"sub\":2}"), &v));
    CHECK(!json_parse(arena, STR("{\"sub\":1,\"s\\u0075b\":2}"), &v));
    CHECK(!json_parse(arena, STR("{\"a\":{\"x\":1,\"x\":1}}"), &v));
    CHECK(json_parse(arena, STR("{\"a\":{\"x\":1},\"x\":1}"), &v));
}

TEST(json_refuses_bad_text)
{
    static const char *const BAD[] = { "\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xF8\x88\x80\x80\x80\"", "\"\\ud800\"",
                                       "\"\\udc00x\"", "\"\\u0000\"",      "{\"a\\u0000b\":1}",        "\"\xFF\"" };
    const struct json_value *v;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK(!json_parse(arena, str_of(BAD[i]), &v));
    CHECK(json_parse(arena, STR("\"\\ud83d\\ude00\""), &v));
}

TEST(json_depth_is_16)
{
    static const int TOO_DEEP[] = { 17, 2047, 2049, 100000 };
    const struct json_value *v;
    CHECK(json_parse(arena, nested(arena, 16, '[', ']'), &v));
    for (size_t i = 0; i < sizeof TOO_DEEP / sizeof *TOO_DEEP; i++)
        CHECK(!json_parse(arena, nested(arena, TOO_DEEP[i], '[', ']'), &v));
    CHECK(json_parse(arena, STR("\"[[[[[[[[[[[[[[[[[[[[[[[[ \\\"[[\""), &v));
}

TEST(json_size_is_capped)
{
    const struct json_value *v;
    char *p = arena_alloc(arena, JSON_MAX_BYTES + 1);
    memset(p, ' ', JSON_MAX_BYTES + 1);
    p[0] = '1';
    CHECK(json_parse(arena, (str){ p, JSON_MAX_BYTES }, &v));
    CHECK(!json_parse(arena, (str){ p, JSON_MAX_BYTES + 1 }, &v));
}

TEST(json_worst_tree_fits_a_request)
{
    const struct json_value *v;
    struct arena *a = arena_create(32768, (size_t)16 << 20);
    char *p = arena_alloc(arena, JSON_MAX_BYTES);
    for (size_t i = 0; i < JSON_MAX_BYTES; i++)
        p[i] = i % 2 ? '1' : ',';
    p[0] = '[';
    p[JSON_MAX_BYTES - 2] = ' ';
    p[JSON_MAX_BYTES - 1] = ']';
    CHECK(json_parse(a, (str){ p, JSON_MAX_BYTES }, &v));
    CHECK(json_canonical(a, v).n > 0);
    arena_destroy(a);
}

static void list_read(struct arena *a, size_t n)
{
    const struct json_value *v;
    struct buf text;
    buf_init(&text, a, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        buf_add(&text, i ? STR(",") : STR("["));
        buf_add(&text, arena_printf(a, "{\"name of %zu\":\"value of %zu\"}", i, i));
    }
    buf_add(&text, STR("]"));
    CHECK(json_parse(a, buf_str(&text), &v));
    CHECK_I64(json_size(v), n);
    for (size_t i = 0; i < n; i++) {
        str value;
        CHECK(json_get_str(json_item(v, i), arena_cstr(a, arena_printf(a, "name of %zu", i)), &value));
        CHECK_STR(value, arena_printf(a, "value of %zu", i));
    }
}

/* What the parser needs fits into the block of its thread, or does not, or ends in the middle of it. */
TEST(json_reads_small_and_large_documents_in_turn)
{
    const struct json_value *v;
    for (size_t n = 1; n < 60; n++) {
        list_read(arena, n);
        CHECK(!json_parse(arena, STR("{\"a\":[\"b\",\"c\""), &v));
    }
    list_read(arena, 800);
    list_read(arena, 3);
}

TEST(json_canonical_sorts_and_packs)
{
    const struct json_value *v;
    CHECK(json_parse(
        arena,
        STR("{ \"b\": [1, 2.0, 1e3, -0.5, null, true], \"a\": {\"y\":\"\\u0041\\/\\u0001\", \"x\":{} }, \"aa\":\"\" }"),
        &v));
    CHECK_STR(json_canonical(arena, v),
              STR("{\"a\":{\"x\":{},\"y\":\"A/\\u0001\"},\"aa\":\"\",\"b\":[1,2.0,1000.0,-0.5,null,true]}"));
    CHECK(json_parse(arena, STR("9223372036854775807"), &v));
    CHECK_STR(json_canonical(arena, v), STR("9223372036854775807"));
    CHECK(json_parse(arena, STR(" [ ] "), &v));
    CHECK_STR(json_canonical(arena, v), STR("[]"));
}

TEST(json_is_storable_where_no_number_needs_an_exponent)
{
    static const str good[] = { STR("{\"a\":[1,2.5,-0.0001,0.0,1e16]}"), STR("9223372036854775807"), STR("\"1e20\"") };
    static const str bad[] = { STR("1e20"), STR("-1e17"), STR("{\"a\":[{\"b\":1e300}]}"), STR("[0.00009]") };
    const struct json_value *v;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CHECK(json_parse(arena, good[i], &v) && json_is_storable(v));
        CHECK(!memchr(json_canonical(arena, v).p, 'e', json_canonical(arena, v).n) || good[i].p[0] == '"');
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(json_parse(arena, bad[i], &v) && !json_is_storable(v));
}

TEST(json_writes_a_document)
{
    struct buf b;
    struct json j;
    buf_init(&b, arena, 10000);
    json_begin(&j, &b);
    json_str(&j, "s", STR("a\"b\\c\n\x01\x7F\xC3\xA9</"));
    json_str(&j, "absent", STR_NONE);
    json_str_or_null(&j, "null", STR_NONE);
    json_i64(&j, "n", INT64_MIN);
    json_array(&j, "list");
    json_bool(&j, NULL, true);
    json_object(&j, NULL);
    json_close(&j);
    json_null(&j, NULL);
    json_close(&j);
    json_words(&j, "scopes", STR("openid  email"));
    json_words(&j, "none", STR_NONE);
    json_time(&j, "at", instant_of_seconds(0));
    json_raw(&j, "raw", STR("{\"x\":1}"));
    json_end(&j);
    CHECK_STR(buf_str(&b),
              STR("{\"s\":\"a\\\"b\\\\c\\n\\u0001\x7F\xC3\xA9</\",\"null\":null,\"n\":-9223372036854775808,"
                  "\"list\":[true,{},null],\"scopes\":[\"openid\",\"email\"],\"none\":[],"
                  "\"at\":\"1970-01-01T00:00:00Z\",\"raw\":{\"x\":1}}"));
}

TEST(json_writes_valid_utf8_whatever_it_is_given)
{
    struct buf b;
    struct json j;
    const struct json_value *v;
    str text;
    buf_init(&b, arena, 10000);
    json_begin(&j, &b);
    json_str(&j, "s", (str){ "a\xFF\xC3(\0z", 6 });
    json_end(&j);
    CHECK_STR(buf_str(&b), STR("{\"s\":\"a\xEF\xBF\xBD\xEF\xBF\xBD(\\u0000z\"}"));
    buf_init(&b, arena, 10000);
    json_begin(&j, &b);
    json_str(&j, "s", STR("\xED\xA0\x80"));
    json_end(&j);
    CHECK(json_parse(arena, buf_str(&b), &v) && json_get_str(v, "s", &text));
}

static struct buf scratch;

static void key_in_array(void *arena)
{
    struct json j;
    buf_init(&scratch, arena, 1000);
    json_begin(&j, &scratch);
    json_array(&j, "a");
    json_i64(&j, "key", 1);
}

static void no_key_in_object(void *arena)
{
    struct json j;
    buf_init(&scratch, arena, 1000);
    json_begin(&j, &scratch);
    json_i64(&j, NULL, 1);
}

static void ended_while_open(void *arena)
{
    struct json j;
    buf_init(&scratch, arena, 1000);
    json_begin(&j, &scratch);
    json_array(&j, "a");
    json_end(&j);
}

static void closed_too_often(void *arena)
{
    struct json j;
    buf_init(&scratch, arena, 1000);
    json_begin(&j, &scratch);
    json_close(&j);
}

TEST(json_nesting_errors_abort)
{
    CHECK_ABORTS(key_in_array, arena);
    CHECK_ABORTS(no_key_in_object, arena);
    CHECK_ABORTS(ended_while_open, arena);
    CHECK_ABORTS(closed_too_often, arena);
}
