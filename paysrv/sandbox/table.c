/* Chained buckets, doubled when full. Keys are ids we made and keys of one merchant: FNV-1a is enough. */
#include "paysrv/sandbox/table.h"

#define FIRST_CAP 1024

struct table_row {
    struct table_row *next;
    uint64_t hash;
    str key;
    void *value;
};

static uint64_t key_hash(str key)
{
    uint64_t h = 14695981039346656037U;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * 1099511628211U;
    return h;
}

void table_init(struct table *t, struct arena *a)
{
    *t = (struct table){ .arena = a, .cap = FIRST_CAP };
    t->rows = arena_array(a, struct table_row *, FIRST_CAP);
}

static struct table_row *row_find(const struct table *t, uint64_t hash, str key)
{
    struct table_row *row = t->rows[hash & (t->cap - 1)];
    while (row && (row->hash != hash || !str_eq(row->key, key)))
        row = row->next;
    return row;
}

void *table_get(const struct table *t, str key)
{
    struct table_row *row = row_find(t, key_hash(key), key);
    return row ? row->value : NULL;
}

static void table_grow(struct table *t)
{
    size_t cap = t->cap * 2;
    struct table_row **rows = arena_array(t->arena, struct table_row *, cap);
    for (size_t i = 0; i < t->cap; i++)
        while (t->rows[i]) {
            struct table_row *row = t->rows[i];
            t->rows[i] = row->next;
            row->next = rows[row->hash & (cap - 1)];
            rows[row->hash & (cap - 1)] = row;
        }
    t->rows = rows;
    t->cap = cap;
}

void table_put(struct table *t, str key, void *value)
{
    uint64_t hash = key_hash(key);
    struct table_row *row = row_find(t, hash, key);
    if (row) {
        row->value = value;
        return;
    }
    if (t->n == t->cap)
        table_grow(t);
    row = arena_new(t->arena, struct table_row);
    struct table_row **bucket = &t->rows[hash & (t->cap - 1)];
    *row = (struct table_row){ *bucket, hash, key, value };
    *bucket = row;
    t->n++;
}
