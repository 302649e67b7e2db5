/*
 * JSON in. jansson parses; the result is copied into the arena at once and jansson's own tree is freed and wiped,
 * so that values cost one lookup, may be read by any thread, and passwords do not stay in the heap.
 */
#include "shared/text/json_in.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include "shared/base/num.h"
#include "shared/text/encode.h"
#include "shared/text/json_value.h"

/* jansson has kinds of the same names; here they are called JANSSON_x. */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_INTEGER JANSSON_INTEGER
#define JSON_REAL JANSSON_REAL
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_INTEGER
#undef JSON_REAL
#undef JSON_NULL

#define INTEGER_LIMIT ((int64_t)1 << 53)

/*
 * jansson asks for some thirty small pieces for a document of ten members. While one is read here they come out of one
 * block of this thread, as far as it reaches, which is wiped at once when the tree has been copied.
 */
#define SCRATCH_BYTES 8192
#define SCRATCH_ALIGN 16

static _Thread_local struct {
    _Alignas(SCRATCH_ALIGN) char bytes[SCRATCH_BYTES];
    size_t used;
    bool is_open; /* others parse with jansson, too, and keep what they get */
} scratch;

static void *scratch_alloc(size_t n)
{
    size_t step = (n + SCRATCH_ALIGN - 1) & ~(size_t)(SCRATCH_ALIGN - 1);
    if (!scratch.is_open || n > SCRATCH_BYTES || step > SCRATCH_BYTES - scratch.used)
        return malloc(n);
    void *p = scratch.bytes + scratch.used;
    scratch.used += step;
    return p;
}

static void scratch_free(void *p)
{
    if (!p || ((char *)p >= scratch.bytes && (char *)p < scratch.bytes + SCRATCH_BYTES))
        return;
    explicit_bzero(p, malloc_usable_size(p));
    free(p);
}

static void scratch_close(void)
{
    explicit_bzero(scratch.bytes, scratch.used);
    scratch.used = 0;
    scratch.is_open = false;
}

static void allocator_set(void)
{
    json_set_alloc_funcs(scratch_alloc, scratch_free);
}

/* Bounds the recursion of parser, copy and release alike, before any of them starts. */
static bool depth_ok(str s)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (((c == '{' || c == '[') && ++depth > JSON_MAX_DEPTH) || ((c == '}' || c == ']') && depth-- == 0)) {
            return false;
        }
    }
    return true;
}

static void value_copy(struct arena *a, json_t *from, struct json_value *to);

static void array_copy(struct arena *a, json_t *from, struct json_value *to)
{
    size_t n = json_array_size(from);
    to->items.values = arena_array(a, struct json_value, n);
    for (size_t i = 0; i < n; i++)
        value_copy(a, json_array_get(from, i), &to->items.values[i]);
    to->items.n = n;
}

static void object_copy(struct arena *a, json_t *from, struct json_value *to)
{
    size_t n = json_object_size(from);
    to->items.values = arena_array(a, struct json_value, n);
    to->items.keys = arena_array(a, str, n);
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value)
    {
        to->items.keys[to->items.n] = arena_str(a, str_of(key));
        value_copy(a, value, &to->items.values[to->items.n]);
        to->items.n++;
    }
}

static void value_copy(struct arena *a, json_t *from, struct json_value *to)
{
    switch (json_typeof(from)) {
    case JANSSON_OBJECT:
        to->kind = JSON_OBJECT;
        object_copy(a, from, to);
        break;
    case JANSSON_ARRAY:
        to->kind = JSON_ARRAY;
        array_copy(a, from, to);
        break;
    case JANSSON_STRING:
        to->kind = JSON_STRING;
        to->text = arena_str(a, (str){ json_string_value(from), json_string_length(from) });
        break;
    case JANSSON_INTEGER:
        to->kind = JSON_INTEGER;
        to->integer = json_integer_value(from);
        break;
    case JANSSON_REAL:
        to->kind = JSON_REAL;
        to->real = json_real_value(from);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        to->kind = JSON_BOOL;
        to->truth = json_typeof(from) == JSON_TRUE;
        break;
    case JANSSON_NULL:
        to->kind = JSON_NULL;
        break;
    }
}

bool json_parse(struct arena *a, str text, const struct json_value **ret)
{
    return text.n <= JSON_MAX_BYTES && json_parse_own(a, text, ret);
}

static json_t *load(str text, json_error_t *e)
{
    static pthread_once_t allocator = PTHREAD_ONCE_INIT;
    pthread_once(&allocator, allocator_set);
    return json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, e);
}

bool json_parse_own(struct arena *a, str text, const struct json_value **ret)
{
    if (text.n == 0 || !utf8_valid(text) || !depth_ok(text))
        return false;
    scratch.is_open = true;
    json_t *tree = load(text, NULL);
    if (tree) {
        struct json_value *v = arena_new(a, struct json_value);
        value_copy(a, tree, v);
        json_decref(tree);
        *ret = v;
    }
    scratch_close();
    return tree != NULL;
}

static bool is_of_number(char c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

static size_t number_length(str text, size_t from)
{
    size_t n = 0;
    while (from + n < text.n && is_of_number(text.p[from + n]))
        n++;
    return n;
}

#define LONG_ENOUGH 19 /* digits of 2^63 */
#define NAME_MAX_BYTES 64

/* An integer; no floating point is taken for an amount anyway. */
static bool is_too_large(str number)
{
    int64_t fits;
    for (size_t i = 0; i < number.n; i++)
        if (number.p[i] != '-' && (number.p[i] < '0' || number.p[i] > '9'))
            return false;
    return number.n >= LONG_ENOUGH && !num_parse(number, &fits);
}

/* As a parameter has it: what else is in a text that is not taken is not repeated to anybody. */
static bool is_name(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] == '_' || (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'z')))
            return false;
    return s.n > 0 && s.n <= NAME_MAX_BYTES;
}

/* The string that begins there, without its quotes; *end is behind it. */
static str string_at(str text, size_t begin, size_t *end)
{
    size_t i = begin + 1;
    while (i < text.n && text.p[i] != '"')
        i += text.p[i] == '\\' ? 2 : 1;
    *end = i < text.n ? i + 1 : text.n;
    return (str){ text.p + begin + 1, (i < text.n ? i : text.n) - begin - 1 };
}

bool json_number_too_large(str text, str *member)
{
    str last = STR_NONE, key = STR_NONE;
    for (size_t i = 0; i < text.n;) {
        const char c = text.p[i];
        if (c == '"') {
            last = string_at(text, i, &i);
            continue;
        }
        if (c == ':')
            key = last;
        const size_t n = number_length(text, i);
        if (n > 0 && is_too_large((str){ text.p + i, n })) {
            *member = is_name(key) ? key : STR_NONE;
            return true;
        }
        i += n > 0 ? n : 1;
    }
    return false;
}

/* What jansson says itself repeats the text. */
static str syntax_complaint(struct arena *a, str text)
{
    json_error_t e;
    json_t *tree = load(text, &e);
    bool is_double = !tree && json_error_code(&e) == json_error_duplicate_key;
    const char *what = is_double ? "names a member twice" : "is not JSON";
    int line = e.line, column = e.column;
    json_decref(tree);
    explicit_bzero(&e, sizeof e);
    return arena_printf(a, "%s: line %d, column %d", what, line, column);
}

str json_complaint(struct arena *a, str text)
{
    if (text.n > JSON_MAX_BYTES)
        return arena_printf(a, "must be at most %zu bytes", JSON_MAX_BYTES);
    if (!utf8_valid(text))
        return STR("must be JSON in UTF-8");
    if (!depth_ok(text))
        return arena_printf(a, "must be JSON that closes what it opens, at most %d levels deep", JSON_MAX_DEPTH);
    return syntax_complaint(a, text);
}

enum json_kind json_kind(const struct json_value *v)
{
    return v->kind;
}

static bool has_items(const struct json_value *v)
{
    return v && (v->kind == JSON_OBJECT || v->kind == JSON_ARRAY);
}

const struct json_value *json_get(const struct json_value *v, const char *key)
{
    if (!v || v->kind != JSON_OBJECT)
        return NULL;
    str wanted = str_of(key);
    for (size_t i = 0; i < v->items.n; i++) {
        if (str_eq(v->items.keys[i], wanted))
            return &v->items.values[i];
    }
    return NULL;
}

size_t json_size(const struct json_value *v)
{
    return has_items(v) ? v->items.n : 0;
}

const struct json_value *json_item(const struct json_value *v, size_t i)
{
    return v && v->kind == JSON_ARRAY && i < v->items.n ? &v->items.values[i] : NULL;
}

bool json_member(const struct json_value *v, size_t i, str *key, const struct json_value **value)
{
    if (!v || v->kind != JSON_OBJECT || i >= v->items.n)
        return false;
    *key = v->items.keys[i];
    *value = &v->items.values[i];
    return true;
}

bool json_is_str(const struct json_value *v, str *ret)
{
    if (!v || v->kind != JSON_STRING)
        return false;
    *ret = v->text;
    return true;
}

bool json_is_i64(const struct json_value *v, int64_t *ret)
{
    if (!v || v->kind != JSON_INTEGER || v->integer <= -INTEGER_LIMIT || v->integer >= INTEGER_LIMIT)
        return false;
    *ret = v->integer;
    return true;
}

bool json_is_bool(const struct json_value *v, bool *ret)
{
    if (!v || v->kind != JSON_BOOL)
        return false;
    *ret = v->truth;
    return true;
}

bool json_get_str(const struct json_value *v, const char *key, str *ret)
{
    return json_is_str(json_get(v, key), ret);
}

bool json_get_i64(const struct json_value *v, const char *key, int64_t *ret)
{
    return json_is_i64(json_get(v, key), ret);
}

bool json_stranger(const struct json_value *v, const char *const *known, size_t n, str *key)
{
    const struct json_value *value;
    str name;
    for (size_t i = 0; json_member(v, i, &name, &value); i++) {
        bool is_known = false;
        for (size_t k = 0; k < n && !is_known; k++)
            is_known = str_eq(str_of(known[k]), name);
        if (is_known)
            continue;
        *key = name;
        return true;
    }
    return false;
}

bool json_get_bool(const struct json_value *v, const char *key, bool *ret)
{
    return json_is_bool(json_get(v, key), ret);
}
