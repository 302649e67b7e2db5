/* What the build-time generators share: complaints with a place, files, names and C string literals. */
#pragma once

#include "shared/base/buf.h"

struct gen_file {
    str path; /* as complaints name it: web/authsrv/login.html */
    str text;
};

struct gen_place {
    str path;
    int line;
};

/* Keeps the first complaint: "path:line: what is wrong". Always false, so that a parser can return it. */
struct gen_complaints {
    struct buf text;
    bool any;
};
bool gen_complain(struct gen_complaints *c, struct gen_place at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads a whole file, at most 1 MiB; a complaint on standard error and false when it cannot. */
bool gen_read(struct arena *a, str path, struct gen_file *ret);
/* Writes the file only when its content changes, so that nothing is compiled again without need. */
bool gen_write(struct arena *a, str path, str text);

/* The text as the inside of a C string literal. */
void gen_c_literal(struct buf *out, str text);
/* Line breaks are some, too. */
bool gen_has_control(str text);
/* [a-z][a-z0-9_]*, for what gets a prefix in C. */
bool gen_is_word(str s);
/* The same and no C keyword. */
bool gen_is_name(str s);
/* auth.css -> AUTH_CSS */
str gen_upper(struct arena *a, str s);
