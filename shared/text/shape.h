/*
 * What an object of an API looks like, in one line beside the code that writes it; the OpenAPI document is made of
 * these (shared/http/openapi.c), and the tests hold every answer against it.
 *
 *   SHAPE(capture, "Capture", "id: string, object: 'capture', amount: integer, split: Share[], decline_code?: string")
 *
 * Members are `name: type`, with `?` after the name when the member may be missing. A type is `string`, `integer`,
 * `boolean`, `time` (ISO 8601), `texts` (an object of text values), `any`, `null`, a word in quotes, the name of
 * another shape, `{ members }`, each with
 * `[]` for a list of it, and `|` between alternatives. `Page<T>` is a page of a list, `List<T>` a list that has no
 * pages.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"
#include "shared/text/json_out.h"

struct shape {
    const char *name, *members, *type; /* either is NULL */
};

/* What a server sends by itself, to addresses that were given to it. */
struct message {
    const char *name, *meaning, *members;
};

#define SHAPE(word, shown, text)                                                                                       \
    extern const struct shape word##_shape;                                                                            \
    const struct shape word##_shape = { .name = shown, .members = text };
/* A name for a type: one of several shapes. */
#define SHAPE_TYPE(word, shown, text)                                                                                  \
    extern const struct shape word##_shape;                                                                            \
    const struct shape word##_shape = { .name = shown, .type = text };

/* What a member means, by its place ("Payment.split.amount"), the end of that ("split.amount") or its name ("amount").
 * Sorted by `of` as strcmp does (meangen). */
struct meaning {
    const char *of, *says;
};
struct meanings {
    const struct meaning *rows;
    size_t n;
};

/* Where the members of a schema stand. */
struct schema_place {
    const struct meanings *meanings; /* NULL: nothing is said */
    const char *operation;           /* "post_v1_payments", of what it is sent; NULL: none */
    const char *object;              /* "Payment"; NULL: none */
    str path;                        /* "split.": the members that it is inside of; absent: none */
};
/* The description of a member: by operation, by object, else by the end of its path; nothing when nobody says it. */
void meaning_write(struct json *j, const struct schema_place *at, str name);
/* The place of what is inside that member. */
struct schema_place schema_inside(struct arena *a, const struct schema_place *at, str name);

/* The JSON Schema of a type into the open object j. A mistake in the text is a bug and aborts. */
void shape_type_write(struct json *j, const struct schema_place *at, const char *type);
void shape_write(struct json *j, const struct meanings *meanings, const struct shape *shape);
