/* The notation of answers, and the JSON Schema that it stands for. */
#include "shared/text/shape.h"
#include "tests/support/test.h"

static str schema(struct arena *arena, const char *type)
{
    struct buf out;
    struct json j;
    buf_init(&out, arena, 4096);
    json_begin(&j, &out);
    shape_type_write(&j, &(struct schema_place){ .object = NULL }, type);
    json_end(&j);
    return buf_str(&out);
}

TEST(shape_types_are_schemas)
{
    CHECK_STR(schema(arena, "string"), STR("{\"type\":\"string\"}"));
    CHECK_STR(schema(arena, "any"), STR("{}"));
    CHECK_STR(schema(arena, "texts"), STR("{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}"));
    CHECK_STR(schema(arena, "time | null"), STR("{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"));
    CHECK_STR(schema(arena, "'list'"), STR("{\"const\":\"list\"}"));
    CHECK_STR(schema(arena, "'on' | 'off'"), STR("{\"enum\":[\"on\",\"off\"]}"));
    CHECK_STR(schema(arena, "Card"), STR("{\"$ref\":\"#/components/schemas/Card\"}"));
    CHECK_STR(schema(arena, "Card | null"),
              STR("{\"anyOf\":[{\"$ref\":\"#/components/schemas/Card\"},{\"type\":\"null\"}]}"));
    CHECK_STR(schema(arena, "integer[]"), STR("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"));
}

TEST(shape_objects_tell_what_may_be_missing)
{
    CHECK_STR(schema(arena, "{ id: string, fee?: integer, of: { a?: Card[] }[] }"),
              STR("{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"fee\":{\"type\":\"integer\"},"
                  "\"of\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\","
                  "\"items\":{\"$ref\":\"#/components/schemas/Card\"}}}}}},\"required\":[\"id\",\"of\"]}"));
}

TEST(shape_lists_are_pages)
{
    CHECK_STR(schema(arena, "List<Card | string>"),
              STR("{\"type\":\"object\",\"properties\":{\"object\":{\"const\":\"list\"},\"data\":{\"type\":\"array\","
                  "\"items\":{\"anyOf\":[{\"$ref\":\"#/components/schemas/Card\"},{\"type\":\"string\"}]}}},"
                  "\"required\":[\"object\",\"data\"]}"));
    CHECK_STR(schema(arena, "Page<Card>"),
              STR("{\"type\":\"object\",\"properties\":{\"object\":{\"const\":\"list\"},\"data\":{\"type\":\"array\","
                  "\"items\":{\"$ref\":\"#/components/schemas/Card\"}},\"has_more\":{\"type\":\"boolean\"},"
                  "\"next_cursor\":{\"type\":[\"string\",\"null\"]}},"
                  "\"required\":[\"object\",\"data\",\"has_more\",\"next_cursor\"]}"));
}

static void write_wrong(void *at)
{
    struct arena *arena = arena_create(4096, 1 << 16);
    (void)schema(arena, *(const char *const *)at);
}

TEST(shape_mistakes_abort)
{
    static const char *wrong[] = { "", "string string", "{ a string }", "{ a: string", "'open", "Page<Card", "Card[" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK_ABORTS(write_wrong, &wrong[i]);
}

static str described(struct arena *arena, const struct schema_place *at, const char *type)
{
    struct buf out;
    struct json j;
    buf_init(&out, arena, 4096);
    json_begin(&j, &out);
    shape_type_write(&j, at, type);
    json_end(&j);
    return buf_str(&out);
}

TEST(members_say_what_they_mean_by_operation_object_end_of_path_and_name)
{
    static const struct meaning rows[] = {
        { "Card.fee", "of a card" }, { "fee", "any" }, { "get_x.fee", "asked for" }, { "of.fee", "inside" }
    };
    const struct meanings all = { rows, sizeof rows / sizeof rows[0] };
    const struct schema_place object = { .meanings = &all, .object = "Card" },
                              operation = { .meanings = &all, .object = "Card", .operation = "get_x" },
                              other = { .meanings = &all, .object = "Bill" };
#define FEE(text) "{\"type\":\"object\",\"properties\":{\"fee\":{\"description\":\"" text "\",\"type\":\"integer\"}}}"
    CHECK_STR(described(arena, &object, "{ fee?: integer }"), STR(FEE("of a card")));
    CHECK_STR(described(arena, &operation, "{ fee?: integer }"), STR(FEE("asked for")));
    CHECK_STR(described(arena, &other, "{ fee?: integer }"), STR(FEE("any")));
    CHECK_STR(described(arena, &other, "{ of?: { fee?: integer } }"),
              STR("{\"type\":\"object\",\"properties\":{\"of\":" FEE("inside") "}}"));
}
