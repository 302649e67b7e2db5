/* Query strings and urlencoded bodies: decoded once, duplicates refused, capped. */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

#define FORM_MAX_FIELDS 64

struct form {
    size_t n;
    struct form_field {
        str name, value;
    } fields[FORM_MAX_FIELDS];
};

enum form_verdict { FORM_GOOD = 1, FORM_BAD_ENCODING, FORM_DUPLICATE, FORM_TOO_MANY };

/* On FORM_DUPLICATE *bad_name is the repeated name. repeats: names, space-separated, that may come several times. */
enum form_verdict form_parse(struct arena *a, str text, str repeats, struct form *ret, str *bad_name);
/* Absent slice when the field is missing; the first of a field that came several times. */
str form_get(const struct form *f, str name);
/* All values of a field that may come several times, space-separated; absent when there is none or one has a space. */
str form_words(struct arena *a, const struct form *f, str name);
