/*
 * JSON in: jansson behind a strict door. Refused: duplicates, trailing bytes, depth over 16, size over the cap,
 * NUL and invalid UTF-8, non-integer numbers where an integer is read. The tree lives in the arena.
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/str.h"

struct json_value; /* opaque; borrowed from the arena */

enum json_kind { JSON_OBJECT = 1, JSON_ARRAY, JSON_STRING, JSON_INTEGER, JSON_REAL, JSON_BOOL, JSON_NULL };

#define JSON_MAX_DEPTH 16
/* The outermost cap (callers have narrower ones): the tree of the worst document still fits a request's arena. */
#define JSON_MAX_BYTES ((size_t)1 << 18)

/* Parses one document of any kind. */
bool json_parse(struct arena *a, str text, const struct json_value **ret);
/* Of a text that is not taken: whether a number is too large for any member, and of which one it is (absent: of none).
 */
bool json_number_too_large(str text, str *member);
/* Why a text is not taken, for who sent it: what is wrong, and where, and nothing of what is there. */
str json_complaint(struct arena *a, str text);
/* One that this server wrote: of any size, and the arena has to have room for its tree. */
bool json_parse_own(struct arena *a, str text, const struct json_value **ret);
enum json_kind json_kind(const struct json_value *v);

/* Members: NULL when v is not an object or has no such member. */
const struct json_value *json_get(const struct json_value *v, const char *key);
size_t json_size(const struct json_value *v); /* members of an object, items of an array, else 0 */
const struct json_value *json_item(const struct json_value *v, size_t i);
/* The i-th member of an object in document order. */
bool json_member(const struct json_value *v, size_t i, str *key, const struct json_value **value);

/* The first member of an object that is none of these; false: there is none. */
bool json_stranger(const struct json_value *v, const char *const *known, size_t n, str *key);

bool json_is_str(const struct json_value *v, str *ret);
bool json_is_i64(const struct json_value *v, int64_t *ret); /* JSON integers within (-2^53, 2^53) only */
bool json_is_bool(const struct json_value *v, bool *ret);
/* Shorthand: member key of v as the type; false when missing or of another type. */
bool json_get_str(const struct json_value *v, const char *key, str *ret);
bool json_get_i64(const struct json_value *v, const char *key, int64_t *ret);
bool json_get_bool(const struct json_value *v, const char *key, bool *ret);
/* Compact document text of v with sorted keys: the canonical form. Escapes never grow, numbers do: 0.1 has 19 bytes. */
#define JSON_GROWTH_MAX 8
str json_canonical(struct arena *a, const struct json_value *v);
/* Whether a database that keeps JSON as jsonb gives v back as it was, blanks aside: it writes every number out, 1e20 as
 * an integer that is too large to be read again, and 1e300 as 301 bytes. */
bool json_is_storable(const struct json_value *v);
#define JSON_UNSTORABLE "holds a number that needs an exponent, which is not kept"
