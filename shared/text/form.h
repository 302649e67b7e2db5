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

/* On FORM_DUPLICATE *bad_name is the repeated name. */
enum form_verdict form_parse(struct arena *a, str text, struct form *ret, str *bad_name);
/* Absent slice when the field is missing. */
str form_get(const struct form *f, str name);
