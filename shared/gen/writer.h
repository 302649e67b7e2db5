/* What htmlgen writes a function with: its C so far, the fixed text that waits, and the place in the HTML. */
#pragma once

#include "shared/gen/html_context.h"
#include "shared/gen/html_value.h"

#define CODE_MAX_BYTES (4u << 20)

struct writer {
    struct lookup lookup;
    struct buf *code;
    struct buf fixed; /* C string literals that wait to be written in one call */
    struct html html;
    bool is_mail;
    const struct node *content; /* what {{content}} stands for */
    int indent;
    int loops; /* counted through the function, for unique names */
};

void writer_fixed(struct writer *w, str text);
/* Begins a line of C. */
void writer_line(struct writer *w);
void writer_flush(struct writer *w);
/* Fixed text of a page that is in every language: words belong into web/text. False: a complaint. */
bool writer_wordless(struct writer *w, str text, struct gen_place at);
/* One value where the document is now. */
bool writer_hole(struct writer *w, const struct scope *scope, const struct expr *e, struct gen_place at);
