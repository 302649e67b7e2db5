/* A hash table from text to pointer. Rows are never removed; memory comes from the arena of the process. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"

struct table {
    struct arena *arena;
    struct table_row **rows;
    size_t cap, n;
};

void table_init(struct table *t, struct arena *a);
void *table_get(const struct table *t, str key);
/* key and value are borrowed and must live as long as the table. An existing key gets the new value. */
void table_put(struct table *t, str key, void *value);
