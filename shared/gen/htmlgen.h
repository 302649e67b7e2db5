/*
 * htmlgen: templates to C functions that can only write escaped output (docs/generators.md).
 * A library so that tests and the fuzzer can run it; htmlgen_main.c is the program.
 */
#pragma once

#include "shared/gen/texts.h"

struct htmlgen_input {
    str app; /* "authsrv": the folder under web/ */
    const struct gen_file *templates;
    size_t n_templates;
    bool translated;    /* in every language: then nothing of the catalogue is English only, and no text is fixed */
    struct texts texts; /* those that exist */
    const str *assets;  /* asset names that exist */
    size_t n_assets;
};

struct htmlgen_output {
    struct buf header, code; /* pages.h, pages.c */
    struct gen_complaints complaints;
};

/* false: the mistake stands in complaints. */
bool htmlgen_run(struct arena *a, const struct htmlgen_input *in, struct htmlgen_output *ret);

/* Appends s escaped for element text and double-quoted attributes, at build time. */
void htmlgen_escape(struct buf *out, str s);
