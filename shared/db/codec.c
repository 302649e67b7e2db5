/*
 * PostgreSQL's binary formats: parameters out, rows in. Decoding walks the statement's column table; whatever does not
 * fit it (another width, an unexpected NULL) is a failure, never a guess.
 */
#include <endian.h>

#include "shared/base/array.h"
#include "shared/db/conn.h"

/* PostgreSQL counts microseconds from 2000-01-01. */
static const int64_t POSTGRES_EPOCH_US = 946684800000000;

enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25, OID_TIMESTAMPTZ = 1184 };
enum { OID_BYTEAS = 1001, OID_TEXTS = 1009, OID_INT8S = 1016, OID_JSONB = 3802 };

unsigned db_type_oid(enum db_type type)
{
    static const unsigned oids[] = { 0,         OID_INT8,        OID_INT4,  OID_BOOL,  OID_TEXT,  OID_BYTEA,
                                     OID_BYTEA, OID_TIMESTAMPTZ, OID_JSONB, OID_TEXTS, OID_INT8S, OID_BYTEAS };
    return oids[type];
}

/* ---- parameters ---- */

struct cell {
    const char *p;
    size_t n;
};

static struct cell cell_int(struct arena *a, int64_t v, size_t width)
{
    char *p = arena_alloc(a, width);
    uint64_t big = htobe64((uint64_t)v);
    memcpy(p, (const char *)&big + (sizeof big - width), width);
    return (struct cell){ p, width };
}

static struct cell cell_json(struct arena *a, str text)
{
    char *p = arena_alloc(a, text.n + 1);
    p[0] = 1; /* version of jsonb's binary format */
    memcpy(p + 1, text.p, text.n);
    return (struct cell){ p, text.n + 1 };
}

static void put32(char **at, size_t v)
{
    uint32_t big = htobe32((uint32_t)v);
    memcpy(*at, &big, sizeof big);
    *at += sizeof big;
}

static bytes array_item(const struct db_value *v, size_t i)
{
    if (v->type == DB_TEXTS)
        return bytes_of(((const str *)v->as.array.items)[i]);
    if (v->type == DB_DIGESTS)
        return digest_bytes(&((const digest *)v->as.array.items)[i]);
    return (bytes){ (const unsigned char *)&((const int64_t *)v->as.array.items)[i], sizeof(int64_t) };
}

/* One dimension, no NULLs. n counts from 1. */
static struct cell cell_array(struct arena *a, const struct db_value *v)
{
    size_t size = 20;
    for (size_t i = 0; i < v->as.array.n; i++)
        size += 4 + array_item(v, i).n;
    char *p = arena_alloc(a, size);
    char *at = p;
    put32(&at, v->as.array.n > 0 ? 1 : 0);
    put32(&at, 0);
    put32(&at, v->type == DB_TEXTS ? OID_TEXT : v->type == DB_I64S ? OID_INT8 : OID_BYTEA);
    if (v->as.array.n == 0)
        return (struct cell){ p, 12 };
    put32(&at, v->as.array.n);
    put32(&at, 1);
    for (size_t i = 0; i < v->as.array.n; i++) {
        bytes item = array_item(v, i);
        put32(&at, item.n);
        if (v->type == DB_I64S) {
            struct cell big = cell_int(a, ((const int64_t *)v->as.array.items)[i], sizeof(int64_t));
            memcpy(at, big.p, big.n);
        } else if (item.n > 0) {
            memcpy(at, item.p, item.n);
        }
        at += item.n;
    }
    return (struct cell){ p, size };
}

static int64_t to_postgres_time(instant t)
{
    int64_t us;
    if (__builtin_sub_overflow(t.us, POSTGRES_EPOCH_US, &us))
        return INT64_MIN; /* -infinity */
    return t.us == INT64_MAX ? INT64_MAX : us;
}

static struct cell encode(struct arena *a, const struct db_value *v)
{
    switch (v->type) {
    case DB_I64:
        return cell_int(a, v->as.i64, 8);
    case DB_I32:
        return cell_int(a, v->as.i64, 4);
    case DB_BOOL:
        return cell_int(a, v->as.yes ? 1 : 0, 1);
    case DB_TEXT:
        return (struct cell){ v->as.text.p, v->as.text.n };
    case DB_BYTES:
        return (struct cell){ (const char *)v->as.bin.p, v->as.bin.n };
    case DB_DIGEST:
        return (struct cell){ (const char *)v->as.dig.b, sizeof v->as.dig.b };
    case DB_INSTANT:
        return cell_int(a, to_postgres_time(v->as.time), 8);
    case DB_JSON:
        return v->as.text.p ? cell_json(a, v->as.text) : (struct cell){ NULL, 0 };
    case DB_TEXTS:
    case DB_I64S:
    case DB_DIGESTS:
        return cell_array(a, v);
    }
    return (struct cell){ NULL, 0 };
}

static bool has_absent_item(const struct db_value *v)
{
    for (size_t i = 0; v->type == DB_TEXTS && i < v->as.array.n; i++) {
        if (!((const str *)v->as.array.items)[i].p)
            return true;
    }
    return false;
}

err wire_encode(struct task *t, const struct db_statement *s, const struct db_value *params, struct db_wire *ret)
{
    size_t n = s->n_params;
    *ret = (struct db_wire){ (int)n, arena_array(t->arena, const char *, n + 1), arena_array(t->arena, int, n + 1),
                             arena_array(t->arena, int, n + 1) };
    for (size_t i = 0; i < n; i++) {
        ret->formats[i] = 1;
        if (params[i].is_null)
            continue;
        struct cell c = encode(t->arena, &params[i]);
        if (!c.p || has_absent_item(&params[i]))
            return FAIL(t, INTERNAL, "parameter %zu of %s is absent", i + 1, s->name);
        if (c.n > INT32_MAX / 2)
            return FAIL(t, INTERNAL, "parameter %zu of %s is too large", i + 1, s->name);
        ret->values[i] = c.p;
        ret->lengths[i] = (int)c.n;
    }
    return OK;
}

/* ---- rows ---- */

static int64_t get_int(const char *p, size_t width)
{
    uint64_t v = (signed char)p[0] < 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < width; i++)
        v = v << 8 | (unsigned char)p[i];
    return (int64_t)v;
}

static instant from_postgres_time(int64_t us)
{
    int64_t unix_us;
    if (us == INT64_MIN)
        return (instant){ INT64_MIN };
    if (__builtin_add_overflow(us, POSTGRES_EPOCH_US, &unix_us))
        return (instant){ INT64_MAX };
    return (instant){ unix_us };
}

static bool decode_item(struct arena *a, enum db_type type, const char *p, size_t n, void *items, size_t i)
{
    if (type == DB_TEXTS) {
        ((str *)items)[i] = arena_str(a, (str){ p, n });
        return true;
    }
    if (type == DB_I64S && n == sizeof(int64_t)) {
        ((int64_t *)items)[i] = get_int(p, n);
        return true;
    }
    if (type == DB_DIGESTS && n == sizeof(digest)) {
        memcpy(((digest *)items)[i].b, p, n);
        return true;
    }
    return false;
}

/* The three array structs have the same two members. */
static bool decode_array(struct arena *a, enum db_type type, const char *p, size_t n, void *field)
{
    str_array empty = { NULL, 0 };
    if (n < 12 || get_int(p, 4) > 1)
        return false;
    memcpy(field, &empty, sizeof empty);
    if (get_int(p, 4) == 0)
        return true;
    if (n < 20 || get_int(p + 12, 4) < 0)
        return false;
    size_t count = (size_t)get_int(p + 12, 4), at = 20;
    if (count > n / 4)
        return false;
    size_t item_size = type == DB_TEXTS ? sizeof(str) : type == DB_I64S ? sizeof(int64_t) : sizeof(digest);
    void *items = arena_calloc(a, count, item_size);
    for (size_t i = 0; i < count; i++) {
        int64_t size = at + 4 <= n ? get_int(p + at, 4) : -1;
        if (size < 0 || (size_t)size > n - at - 4 || !decode_item(a, type, p + at + 4, (size_t)size, items, i))
            return false;
        at += 4 + (size_t)size;
    }
    str_array made = { items, count };
    memcpy(field, &made, sizeof made);
    return true;
}

_Static_assert(sizeof(str_array) == sizeof(i64_array) && sizeof(str_array) == sizeof(digest_array), "one layout");

static bool decode_text(struct arena *a, const char *p, size_t n, void *field)
{
    str s = n > 0 ? arena_str(a, (str){ p, n }) : STR("");
    memcpy(field, &s, sizeof s);
    return true;
}

static bool decode_int(enum db_type type, const char *p, size_t n, void *field)
{
    size_t width = type == DB_BOOL ? 1 : type == DB_I32 ? 4 : 8;
    if (n != width)
        return false;
    int64_t v = get_int(p, n);
    int32_t small = (int32_t)v;
    bool yes = v != 0;
    instant time = from_postgres_time(v);
    if (type == DB_BOOL)
        memcpy(field, &yes, sizeof yes);
    else if (type == DB_I32)
        memcpy(field, &small, sizeof small);
    else if (type == DB_INSTANT)
        memcpy(field, &time, sizeof time);
    else
        memcpy(field, &v, sizeof v);
    return true;
}

static bool decode(struct arena *a, enum db_type type, const char *p, size_t n, void *field)
{
    switch (type) {
    case DB_I64:
    case DB_I32:
    case DB_BOOL:
    case DB_INSTANT:
        return decode_int(type, p, n, field);
    case DB_TEXT:
    case DB_BYTES:
        return decode_text(a, p, n, field);
    case DB_JSON:
        return n > 0 && p[0] == 1 && decode_text(a, p + 1, n - 1, field);
    case DB_DIGEST:
        if (n != sizeof(digest))
            return false;
        memcpy(field, p, n);
        return true;
    case DB_TEXTS:
    case DB_I64S:
    case DB_DIGESTS:
        return decode_array(a, type, p, n, field);
    }
    return false;
}

_Static_assert(sizeof(str) == sizeof(bytes), "text and bytes are both a pointer and a length");

static bool has_own_absence(enum db_type type)
{
    return type == DB_TEXT || type == DB_BYTES || type == DB_JSON;
}

static err decode_row(struct task *t, const struct db_statement *s, const PGresult *r, int i, char *row)
{
    for (size_t c = 0; c < s->n_columns; c++) {
        const struct db_column *column = &s->columns[c];
        bool given = !PQgetisnull(r, i, (int)c);
        if (!given && !column->nullable)
            return FAIL(t, INTERNAL, "column %s of %s is null", column->name, s->name);
        if (column->nullable && !has_own_absence(column->type))
            memcpy(row + column->offset_given, &given, sizeof given);
        if (given && !decode(t->arena, column->type, PQgetvalue(r, i, (int)c), (size_t)PQgetlength(r, i, (int)c),
                             row + column->offset))
            return FAIL(t, INTERNAL, "column %s of %s has another format than declared", column->name, s->name);
    }
    return OK;
}

/* At most what the rows take of an arena; each value is aligned there. */
#define VALUE_OVERHEAD_BYTES 32

static size_t rows_bytes(const struct db_statement *s, const PGresult *r)
{
    size_t n = (size_t)PQntuples(r);
    return PQresultMemorySize(r) + n * (s->row_size + s->n_columns * VALUE_OVERHEAD_BYTES);
}

err rows_decode(struct task *t, const struct db_statement *s, const PGresult *r, struct db_rows *ret)
{
    size_t n = (size_t)PQntuples(r);
    if (n > 0 && (size_t)PQnfields(r) != s->n_columns)
        return FAIL(t, INTERNAL, "%s gives %d columns, %zu are declared", s->name, PQnfields(r), s->n_columns);
    if (rows_bytes(s, r) > arena_left(t->arena))
        return FAIL(t, INTERNAL, "%s gives %zu rows, %zu bytes: too many for what asked", s->name, n, rows_bytes(s, r));
    char *rows = n > 0 ? arena_calloc(t->arena, n, s->row_size) : NULL;
    for (size_t i = 0; i < n; i++)
        TRY(decode_row(t, s, r, (int)i, rows + i * s->row_size));
    *ret = (struct db_rows){ .rows = rows, .n = n };
    return OK;
}
