/*
 * The canonical text of a JSON value: compact, members sorted by the bytes of their names. Two documents that say the
 * same have the same canonical text, which is what request hashes are taken over.
 */
#include "shared/text/json_in.h"

#include <stdlib.h>

#include "shared/text/json_out.h"
#include "shared/text/json_value.h"

struct member {
    str key;
    const struct json_value *value;
};

static int member_order(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    size_t shorter = a->key.n < b->key.n ? a->key.n : b->key.n;
    int order = shorter ? memcmp(a->key.p, b->key.p, shorter) : 0;
    if (order)
        return order;
    return a->key.n < b->key.n ? -1 : a->key.n > b->key.n;
}

static void value_write(struct json *j, const char *key, const struct json_value *v);

static void members_write(struct json *j, const struct json_value *v)
{
    struct arena *a = j->out->arena;
    size_t n = v->items.n;
    struct member *members = arena_array(a, struct member, n);
    for (size_t i = 0; i < n; i++)
        members[i] = (struct member){ v->items.keys[i], &v->items.values[i] };
    if (n)
        qsort(members, n, sizeof *members, member_order);
    for (size_t i = 0; i < n; i++)
        value_write(j, arena_cstr(a, members[i].key), members[i].value);
}

/* A real stays a real: 1.0 is not written as the integer 1. */
static void real_write(struct json *j, const char *key, double real)
{
    struct arena *a = j->out->arena;
    str text = arena_printf(a, "%.17g", real);
    bool is_plain = !memchr(text.p, '.', text.n) && !memchr(text.p, 'e', text.n);
    json_raw(j, key, is_plain ? arena_printf(a, "%.*s.0", STR_ARG(text)) : text);
}

static void value_write(struct json *j, const char *key, const struct json_value *v)
{
    switch (v->kind) {
    case JSON_OBJECT:
        json_object(j, key);
        members_write(j, v);
        json_close(j);
        break;
    case JSON_ARRAY:
        json_array(j, key);
        for (size_t i = 0; i < v->items.n; i++)
            value_write(j, NULL, &v->items.values[i]);
        json_close(j);
        break;
    case JSON_STRING:
        json_str(j, key, v->text);
        break;
    case JSON_INTEGER:
        json_i64(j, key, v->integer);
        break;
    case JSON_REAL:
        real_write(j, key, v->real);
        break;
    case JSON_BOOL:
        json_bool(j, key, v->truth);
        break;
    case JSON_NULL:
        json_null(j, key);
        break;
    }
}

str json_canonical(struct arena *a, const struct json_value *v)
{
    /* The writer's top is always an object, so the value is written as its one member and then cut out. */
    struct buf out;
    struct json j;
    buf_init(&out, a, JSON_GROWTH_MAX * JSON_MAX_BYTES);
    json_begin(&j, &out);
    size_t start = sizeof "{\"\":" - 1;
    value_write(&j, "", v);
    return (str){ out.p + start, out.n - start };
}

#define EXPONENT_ABOVE 1e17 /* where "%.17g" begins to write one, as it does below a ten-thousandth */
#define EXPONENT_BELOW 1e-4

static bool is_short(double real)
{
    double size = real < 0 ? -real : real;
    return size == 0 || (size >= EXPONENT_BELOW && size < EXPONENT_ABOVE);
}

bool json_is_storable(const struct json_value *v)
{
    if (v->kind == JSON_REAL)
        return is_short(v->real);
    for (size_t i = 0; i < json_size(v); i++)
        if (!json_is_storable(&v->items.values[i]))
            return false;
    return true;
}
