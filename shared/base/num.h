/* Integers: checked arithmetic and strict parsing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shared/base/str.h"

#define num_add(a, b, ret) (!__builtin_add_overflow((a), (b), (ret)))
#define num_sub(a, b, ret) (!__builtin_sub_overflow((a), (b), (ret)))
#define num_mul(a, b, ret) (!__builtin_mul_overflow((a), (b), (ret)))

/* Decimal, optional leading '-', no '+', no leading zeros, no spaces. Writes *ret only on success. */
bool num_parse(str s, int64_t *ret);
/* The n characters of s from there on, all digits, leading zeros allowed; n is at most 18 and s has them. */
bool num_digits(str s, size_t from, size_t n, int64_t *ret);
