/* What an expression of a template means in C: looked up in loops, parameters and the values given to a layout. */
#pragma once

#include "shared/gen/htmlgen.h"
#include "shared/gen/template.h"

struct loop {
    str variable;
    struct type item;
    str c; /* the C pointer */
    const struct loop *outer;
};

struct scope {
    const struct record *params;
    const struct template *page;    /* in a layout: whose values bind the parameters */
    const struct scope *page_scope; /* and where those values are looked up */
    const struct loop *loops;
};

enum value_kind { VALUE_C = 1, VALUE_KEY, VALUE_ASSET, VALUE_FIXED };

struct value {
    enum value_kind kind;
    struct type type;
    bool is_sheet; /* the address of a style sheet that code made */
    str c;         /* C expression; ASSET: a macro with the address; FIXED: the text itself; KEY: its name in C */
    const struct text_entry *text; /* KEY */
};

struct lookup {
    struct arena *arena;
    struct gen_complaints *complaints;
    const struct htmlgen_input *in;
};

bool value_of(const struct lookup *l, const struct scope *scope, const struct expr *e, struct value *ret);
/* A C condition: bool as it is; a text or list that is not empty; a number that is not 0. */
bool value_condition(const struct lookup *l, const struct scope *scope, const struct expr *e, str *ret);
