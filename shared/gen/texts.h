/*
 * The texts of pages and mails: English in web/text, other languages as gettext catalogues in web/locale, all of them
 * to one C table per language (docs/generators.md).
 */
#pragma once

#include "shared/gen/gen_text.h"

#define TEXT_ARGS_MAX 4
#define TEXT_FORMS 6 /* the most forms a language has by number (Arabic) */

/* "key = text", "key = one | many". A hole is written {name}. */
struct text_entry {
    str key, text, plural; /* plural: absent where nothing is counted */
    str args[TEXT_ARGS_MAX];
    size_t n_args;
    bool only_english;
};

struct texts {
    struct text_entry *entries;
    size_t n;
};

struct text_form {
    str forms[TEXT_FORMS];
};

struct catalogue {
    str tag, path; /* "pt-BR" */
    str plural;    /* a C expression of n */
    size_t n_forms;
    struct text_form *of; /* one for each entry; [0] alone where nothing is counted */
};

/* Adds the lines of a file; # comments. */
bool texts_parse(struct arena *a, const struct gen_file *file, bool only_english, struct gen_complaints *c,
                 struct texts *ret);
/* The catalogue of these texts: every one, in their order, with the same holes, and no other. */
bool catalogue_parse(struct arena *a, const struct gen_file *file, const struct texts *texts, struct gen_complaints *c,
                     struct catalogue *ret);
/* The same file in step with the texts: what is missing is empty, what is gone is left out. */
bool catalogue_merge(struct arena *a, const struct gen_file *file, const struct texts *texts, struct gen_complaints *c,
                     struct buf *ret);
/* web/text.h and web/text.c: the enums of keys and languages, and the tables. */
void texts_write(struct arena *a, const struct texts *texts, const struct catalogue *catalogues, size_t n,
                 struct buf *header, struct buf *code);
