/* The parsed form of the templates: declarations, and trees of fixed text, holes, ifs and loops. docs/generators.md. */
#pragma once

#include "shared/gen/gen_text.h"

enum type_kind { TYPE_TEXT = 1, TYPE_URL, TYPE_BOOL, TYPE_I64, TYPE_RECORD };

struct record;

struct type {
    enum type_kind kind;
    bool is_list;
    str name;                    /* TYPE_RECORD: as written */
    const struct record *record; /* TYPE_RECORD: found after all files are read */
};

struct field {
    str name;
    struct type type;
};

#define FIELDS_MAX 48

struct binding;

/* {{type x(...)}} and the parameters of a page, layout or mail. */
struct record {
    str name;
    struct gen_place at;
    size_t n;
    struct field fields[FIELDS_MAX];
    struct record *next;
};

enum expr_kind { EXPR_PATH = 1, EXPR_KEY, EXPR_ASSET, EXPR_LITERAL, EXPR_BOOL };

struct expr {
    enum expr_kind kind;
    str head, tail; /* PATH: a field, or variable.field. The others: head alone; BOOL: "true" or "false" */
    struct gen_place at;
    size_t n_args;
    const struct binding *args; /* KEY: what stands in the holes of the text */
};

struct binding {
    str name;
    struct expr value;
};

enum node_kind { NODE_FIXED = 1, NODE_HOLE, NODE_IF, NODE_EACH, NODE_CONTENT };

struct node {
    enum node_kind kind;
    struct gen_place at;
    str text;         /* FIXED */
    struct expr expr; /* HOLE, IF, EACH */
    bool negated;     /* IF */
    str variable;     /* EACH */
    struct node *body, *otherwise;
    struct node *next;
};

enum template_kind { TEMPLATE_PAGE = 1, TEMPLATE_LAYOUT, TEMPLATE_MAIL, TEMPLATE_NONE };

struct template
{
    enum template_kind kind; /* NONE: only types, or text for others to include */
    struct record params;
    struct node *body;
    str layout; /* absent: a whole document */
    struct gen_place layout_at;
    size_t n_bindings;
    struct binding bindings[FIELDS_MAX];
    struct template *next;
};

struct templates {
    struct arena *arena;
    struct gen_complaints *complaints;
    const struct gen_file *files;
    size_t n_files;
    struct record *records;
    struct template *list;
    int n_includes;
};

/* Reads every file. false: the complaint says why. */
bool templates_parse(struct templates *ts);
