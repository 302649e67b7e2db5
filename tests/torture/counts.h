/* How many rows each table of the schema has, and what was ever posted: what tells two effects from one. */
#pragma once

#include <stdint.h>

#include "shared/base/str.h"

#define COUNTS_MAX 256

struct counts {
    int64_t of[COUNTS_MAX];
};

void counts_take(struct counts *ret);
void counts_less(const struct counts *a, const struct counts *b, struct counts *ret);
/* Fails the test unless they are the same, but for tables that count tries. */
void counts_are(const struct counts *got, const struct counts *wanted);
