/*
 * htmlgen: templates to C functions that can only write escaped output (docs/generators.md).
 * A library so that tests and the fuzzer can run it; htmlgen_main.c is the program.
 */
#pragma once

#include "shared/gen/gen_text.h"

struct htmlgen_input {
    str app; /* "authsrv": the folder under web/ */
    const struct gen_file *templates;
    size_t n_templates;
    const str *keys; /* text keys that exist */
    size_t n_keys;
    const str *assets; /* asset names that exist */
    size_t n_assets;
};

struct htmlgen_output {
    struct buf header, code; /* pages.h, pages.c */
    struct gen_complaints complaints;
};

/* false: the mistake stands in complaints. */
bool htmlgen_run(struct arena *a, const struct htmlgen_input *in, struct htmlgen_output *ret);

struct text_entry {
    str key, text;
};

/* "key = text" lines, # comments. keys is an array of *n. */
bool texts_parse(struct arena *a, const struct gen_file *file, struct gen_complaints *c, struct text_entry **entries,
                 size_t *n);
/* web/text.h and web/text.c: the enum of keys and one table per language. */
void texts_write(struct arena *a, const struct text_entry *entries, size_t n, struct buf *header, struct buf *code);

/* Appends s escaped for element text and double-quoted attributes, at build time. */
void htmlgen_escape(struct buf *out, str s);
