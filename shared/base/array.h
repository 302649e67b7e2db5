/* Lists of values as one argument or column: text[], int8[] and bytea[] of PostgreSQL. */
#pragma once

#include <stdint.h>

#include "shared/base/bytes.h"

typedef struct {
    const str *items;
    size_t n;
} str_array;

typedef struct {
    const int64_t *items;
    size_t n;
} i64_array;

typedef struct {
    const digest *items;
    size_t n;
} digest_array;
