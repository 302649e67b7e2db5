/* Streaming JSON writer. Nesting errors are bugs and abort. Text is written as valid UTF-8, control characters escaped.
 */
#pragma once

#include <stdint.h>

#include "shared/base/buf.h"
#include "shared/base/instant.h"

struct json {
    struct buf *out;
    uint32_t depth;
    uint32_t is_array; /* bit per level */
    uint32_t has_item; /* bit per level */
};

/* jansson exports functions of these names; the linker must not put ours in the place of its own. */
#define JSON_SYMBOL(name) __asm__("stoa_" #name)

/* Starts a document whose top is an object; json_end() closes it. */
void json_begin(struct json *j, struct buf *out);
void json_end(struct json *j);

/* In an object key names the member; in an array key is NULL. */
void json_object(struct json *j, const char *key) JSON_SYMBOL(json_object);
void json_array(struct json *j, const char *key) JSON_SYMBOL(json_array);
void json_close(struct json *j);                           /* the innermost object or array */
void json_str(struct json *j, const char *key, str value); /* absent value: the member is left out */
#define JSON_ESCAPED_MAX 6                                 /* bytes for one: \u0001 */
void json_str_or_null(struct json *j, const char *key, str value);
void json_i64(struct json *j, const char *key, int64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key) JSON_SYMBOL(json_null);
void json_time(struct json *j, const char *key, instant value); /* ISO 8601 UTC */
void json_words(struct json *j, const char *key, str words);    /* "a b" as ["a","b"] */
void json_raw(struct json *j, const char *key, str document);   /* trusted, already valid JSON */
