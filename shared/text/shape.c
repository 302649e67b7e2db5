/* See shape.h. Read by descent; members are read twice, since those that are required stand in a list of their own. */
#include "shared/text/shape.h"

#include <string.h>

#include "shared/base/panic.h"

#define REFERENCE "#/components/schemas/"
#define WORD_MAX 64

static void blanks_skip(const char **p)
{
    while (**p == ' ')
        (*p)++;
}

static bool taken(const char **p, char c)
{
    blanks_skip(p);
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

static void expect(const char **p, char c)
{
    if (!taken(p, c))
        panic("shape: something else is expected");
}

static str word_read(const char **p)
{
    blanks_skip(p);
    const char *start = *p;
    while ((**p >= 'a' && **p <= 'z') || (**p >= 'A' && **p <= 'Z') || (**p >= '0' && **p <= '9') || **p == '_')
        (*p)++;
    if (*p == start)
        panic("shape: a name is expected");
    return (str){ start, (size_t)(*p - start) };
}

/* To the first of these that is not inside brackets of its own; the end otherwise. */
static const char *end_of(const char *p, const char *stops)
{
    int depth = 0;
    for (; *p; p++) {
        if (depth == 0 && strchr(stops, *p))
            return p;
        depth += *p == '{' || *p == '<' ? 1 : *p == '}' || *p == '>' ? -1 : 0;
    }
    return p;
}

static void type_write(struct json *j, const struct schema_place *at, const char **p);
static void members_write(struct json *j, const struct schema_place *at, const char **p);

static void required_write(struct json *j, const char *p)
{
    bool any = false;
    for (const char *end; *p && *p != '}'; p = *end == ',' ? end + 1 : end) {
        str name = word_read(&p);
        end = end_of(p, ",}");
        if (*p == '?')
            continue;
        if (!any)
            json_array(j, "required");
        any = true;
        json_str(j, NULL, name);
    }
    if (any)
        json_close(j);
}

static void members_write(struct json *j, const struct schema_place *at, const char **p)
{
    const char *start = *p;
    char key[WORD_MAX];
    json_str(j, "type", STR("object"));
    json_object(j, "properties");
    do {
        str name = word_read(p);
        if (name.n >= sizeof key)
            panic("shape: a name is too long");
        memcpy(key, name.p, name.n);
        key[name.n] = '\0';
        if (**p == '?')
            (*p)++;
        expect(p, ':');
        const struct schema_place inside = schema_inside(j->out->arena, at, name);
        json_object(j, key);
        meaning_write(j, at, name);
        type_write(j, &inside, p);
        json_close(j);
    } while (taken(p, ','));
    json_close(j);
    required_write(j, start);
}

static bool plain_write(struct json *j, str word, bool or_null)
{
    static const char *const plain[] = { "string", "integer", "boolean", "null", "time" };
    size_t i = 0, n = sizeof plain / sizeof plain[0];
    while (i < n && !str_eq(word, str_of(plain[i])))
        i++;
    if (i == n)
        return false;
    str type = i == n - 1 ? STR("string") : word;
    if (or_null) {
        json_array(j, "type");
        json_str(j, NULL, type);
        json_str(j, NULL, STR("null"));
        json_close(j);
    } else {
        json_str(j, "type", type);
    }
    if (i == n - 1)
        json_str(j, "format", STR("date-time"));
    return true;
}

static void list_write(struct json *j, const struct schema_place *at, const char **p, bool has_pages)
{
    expect(p, '<');
    json_str(j, "type", STR("object"));
    json_object(j, "properties");
    json_object(j, "object");
    meaning_write(j, at, STR("object"));
    json_str(j, "const", STR("list"));
    json_close(j);
    json_object(j, "data");
    meaning_write(j, at, STR("data"));
    json_str(j, "type", STR("array"));
    json_object(j, "items");
    type_write(j, at, p);
    json_close(j);
    json_close(j);
    expect(p, '>');
    if (has_pages) {
        json_object(j, "has_more");
        meaning_write(j, at, STR("has_more"));
        plain_write(j, STR("boolean"), false);
        json_close(j);
        json_object(j, "next_cursor");
        meaning_write(j, at, STR("next_cursor"));
        plain_write(j, STR("string"), true);
        json_close(j);
    }
    json_close(j);
    json_words(j, "required", has_pages ? STR("object data has_more next_cursor") : STR("object data"));
}

static void literal_write(struct json *j, const char **p)
{
    const char *end = strchr(*p, '\'');
    if (!end)
        panic("shape: a quotation without an end");
    json_str(j, "const", (str){ *p, (size_t)(end - *p) });
    *p = end + 1;
}

static void texts_write(struct json *j)
{
    json_str(j, "type", STR("object"));
    json_object(j, "additionalProperties");
    json_str(j, "type", STR("string"));
    json_close(j);
}

static void base_write(struct json *j, const struct schema_place *at, const char **p)
{
    if (taken(p, '\'')) {
        literal_write(j, p);
        return;
    }
    if (taken(p, '{')) {
        members_write(j, at, p);
        expect(p, '}');
        return;
    }
    str word = word_read(p);
    if (str_eq(word, STR("Page")) || str_eq(word, STR("List")))
        list_write(j, at, p, str_eq(word, STR("Page")));
    else if (str_eq(word, STR("texts")))
        texts_write(j);
    else if (!str_eq(word, STR("any")) && !plain_write(j, word, false))
        json_str(j, "$ref", arena_printf(j->out->arena, REFERENCE "%.*s", STR_ARG(word)));
}

/* One alternative; `[]` stands behind it, so it is looked for first. */
static void term_write(struct json *j, const struct schema_place *at, const char **p)
{
    const char *end = end_of(*p, "|,}>");
    while (end > *p && end[-1] == ' ')
        end--;
    bool is_list = end - *p > 2 && end[-1] == ']';
    if (is_list) {
        json_str(j, "type", STR("array"));
        json_object(j, "items");
    }
    base_write(j, at, p);
    if (is_list) {
        expect(p, '[');
        expect(p, ']');
        json_close(j);
    }
}

static bool all_quoted(const char *p)
{
    for (;;) {
        if (!taken(&p, '\''))
            return false;
        p = strchr(p, '\'');
        if (!p)
            return false;
        p++;
        if (!taken(&p, '|'))
            return true;
    }
}

static void words_write(struct json *j, const char **p)
{
    json_array(j, "enum");
    do {
        expect(p, '\'');
        const char *end = strchr(*p, '\'');
        json_str(j, NULL, (str){ *p, (size_t)(end - *p) });
        *p = end + 1;
    } while (taken(p, '|'));
    json_close(j);
}

/* `string | null` and the like have a short form. */
static bool nullable_write(struct json *j, const char **p)
{
    const char *q = *p;
    if (*q < 'a' || *q > 'z')
        return false;
    str word = word_read(&q), other;
    if (!taken(&q, '|'))
        return false;
    blanks_skip(&q);
    if (*q < 'a' || *q > 'z')
        return false;
    other = word_read(&q);
    if (!str_eq(other, STR("null")) || !plain_write(j, word, true))
        return false;
    *p = q;
    return true;
}

static void type_write(struct json *j, const struct schema_place *at, const char **p)
{
    blanks_skip(p);
    const char *end = end_of(*p, "|,}>");
    bool has_others = *end == '|';
    if (!has_others) {
        term_write(j, at, p);
        return;
    }
    if (all_quoted(*p)) {
        words_write(j, p);
        return;
    }
    if (nullable_write(j, p))
        return;
    json_array(j, "anyOf");
    do {
        blanks_skip(p);
        json_object(j, NULL);
        term_write(j, at, p);
        json_close(j);
    } while (taken(p, '|'));
    json_close(j);
}

static void end_check(const char *p)
{
    blanks_skip(&p);
    if (*p)
        panic("shape: more than one type");
}

void shape_type_write(struct json *j, const struct schema_place *at, const char *type)
{
    type_write(j, at, &type);
    end_check(type);
}

void shape_write(struct json *j, const struct meanings *meanings, const struct shape *shape)
{
    const struct schema_place at = { .meanings = meanings, .object = shape->name };
    const char *p = shape->members;
    json_object(j, shape->name);
    if (p) {
        members_write(j, &at, &p);
        end_check(p);
    } else {
        shape_type_write(j, &at, shape->type);
    }
    json_close(j);
}
