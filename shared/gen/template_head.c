/* See template_head.h. */
#include "shared/gen/template_head.h"

static bool wrong(struct templates *ts, const struct lexer *l, const char *what, struct token found)
{
    return gen_complain(ts->complaints, l->at, "%s, not \"%.*s\"", what, STR_ARG(found.text));
}

static bool take_name(struct templates *ts, struct lexer *l, const char *what, str *ret)
{
    struct token t = lexer_next(l);
    if (t.kind != TOKEN_WORD || !gen_is_name(t.text) || str_has_word(STR("t asset not"), t.text))
        return wrong(ts, l, what, t);
    *ret = t.text;
    return true;
}

static bool expr_of_word(struct templates *ts, struct lexer *l, struct token t, struct expr *ret)
{
    str rest = t.text, head;
    if (str_eq(t.text, STR("true")) || str_eq(t.text, STR("false"))) {
        *ret = (struct expr){ .kind = EXPR_BOOL, .head = t.text, .at = l->at };
        return true;
    }
    if (!str_cut(&rest, '.', &head)) {
        *ret = (struct expr){ .kind = EXPR_PATH, .head = t.text, .at = l->at };
        return gen_is_name(t.text) || wrong(ts, l, "a name (a-z, 0-9, _) is wanted", t);
    }
    bool is_key = str_eq(head, STR("t"));
    *ret = (struct expr){
        .kind = is_key ? EXPR_KEY : EXPR_PATH,
        .head = is_key ? rest : head,
        .tail = is_key ? STR_NONE : rest,
        .at = l->at,
    };
    return (gen_is_name(head) && (is_key ? gen_is_word(rest) : gen_is_name(rest))) ||
           wrong(ts, l, "FIELD, VARIABLE.FIELD or t.KEY is wanted", t);
}

static bool take_bindings(struct templates *ts, struct lexer *l, struct binding *list, size_t *n)
{
    do {
        if (*n == FIELDS_MAX)
            return gen_complain(ts->complaints, l->at, "more than %d values", FIELDS_MAX);
        struct binding *b = &list[(*n)++];
        if (!take_name(ts, l, "a name is wanted", &b->name) || !head_expr(ts, l, &b->value))
            return false;
    } while (lexer_take(l, ','));
    return lexer_take(l, ')') || wrong(ts, l, ", or ) is wanted", lexer_peek(l));
}

/* t.key(name value, ...) */
static bool take_args(struct templates *ts, struct lexer *l, struct expr *ret)
{
    struct binding list[FIELDS_MAX];
    if (ret->kind != EXPR_KEY || !lexer_take(l, '('))
        return true;
    if (!take_bindings(ts, l, list, &ret->n_args))
        return false;
    struct binding *args = arena_array(ts->arena, struct binding, ret->n_args);
    memcpy(args, list, ret->n_args * sizeof *args);
    ret->args = args;
    return true;
}

bool head_expr(struct templates *ts, struct lexer *l, struct expr *ret)
{
    struct token t = lexer_next(l);
    if (t.kind == TOKEN_STRING) {
        *ret = (struct expr){ .kind = EXPR_LITERAL, .head = t.text, .at = l->at };
        return true;
    }
    if (t.kind != TOKEN_WORD)
        return wrong(ts, l, "a value is wanted: FIELD, VARIABLE.FIELD, t.KEY, \"text\" or asset \"NAME\"", t);
    if (!str_eq(t.text, STR("asset")))
        return expr_of_word(ts, l, t, ret) && take_args(ts, l, ret);
    t = lexer_next(l);
    *ret = (struct expr){ .kind = EXPR_ASSET, .head = t.text, .at = l->at };
    return t.kind == TOKEN_STRING || wrong(ts, l, "an asset is written asset \"NAME\"", t);
}

static bool take_type(struct templates *ts, struct lexer *l, struct type *ret)
{
    *ret = (struct type){ .is_list = lexer_take(l, '[') };
    if (!take_name(ts, l, "a type is wanted: text, url, bool, i64, [type]", &ret->name))
        return false;
    if (str_eq(ret->name, STR("text")))
        ret->kind = TYPE_TEXT;
    else if (str_eq(ret->name, STR("url")))
        ret->kind = TYPE_URL;
    else if (str_eq(ret->name, STR("i64")))
        ret->kind = TYPE_I64;
    else
        ret->kind = TYPE_RECORD;
    if (ret->is_list && !lexer_take(l, ']'))
        return wrong(ts, l, "] is wanted", lexer_peek(l));
    return true;
}

/* "bool" is a C word and so no name of ours. */
static bool take_field_type(struct templates *ts, struct lexer *l, struct type *ret)
{
    if (lexer_take_word(l, STR("bool"))) {
        *ret = (struct type){ .kind = TYPE_BOOL, .name = STR("bool") };
        return true;
    }
    return take_type(ts, l, ret);
}

static bool take_field(struct templates *ts, struct lexer *l, struct record *r)
{
    if (r->n == FIELDS_MAX)
        return gen_complain(ts->complaints, l->at, "more than %d fields", FIELDS_MAX);
    struct field *f = &r->fields[r->n];
    if (!take_name(ts, l, "a field name is wanted (a-z, 0-9, _; no word of C)", &f->name) ||
        !take_field_type(ts, l, &f->type))
        return false;
    for (size_t i = 0; i < r->n; i++) {
        if (str_eq(r->fields[i].name, f->name))
            return gen_complain(ts->complaints, l->at, "the field %.*s is declared twice", STR_ARG(f->name));
    }
    r->n++;
    return true;
}

static bool take_record(struct templates *ts, struct lexer *l, struct record *r)
{
    r->at = l->at;
    struct token t = lexer_next(l);
    if (t.kind != TOKEN_WORD || !gen_is_word(t.text))
        return wrong(ts, l, "a name is wanted", t);
    r->name = t.text;
    if (!lexer_take(l, '('))
        return wrong(ts, l, "( is wanted", lexer_peek(l));
    if (lexer_take(l, ')'))
        return true;
    do {
        if (!take_field(ts, l, r))
            return false;
    } while (lexer_take(l, ','));
    return lexer_take(l, ')') || wrong(ts, l, ", or ) is wanted", lexer_peek(l));
}

bool head_type(struct templates *ts, struct lexer *l)
{
    struct record *r = arena_new(ts->arena, struct record);
    if (!take_record(ts, l, r))
        return false;
    if (!gen_is_name(r->name))
        return gen_complain(ts->complaints, l->at, "\"%.*s\" is a word of C", STR_ARG(r->name));
    struct record **at = &ts->records;
    for (; *at; at = &(*at)->next) {
        if (str_eq((*at)->name, r->name))
            return gen_complain(ts->complaints, l->at, "the type %.*s is declared twice", STR_ARG(r->name));
    }
    *at = r;
    return r->n > 0 || gen_complain(ts->complaints, l->at, "a type has at least one field");
}

bool head_template(struct templates *ts, struct template *t, str word, struct lexer *l)
{
    if (t->kind != TEMPLATE_NONE)
        return gen_complain(ts->complaints, l->at, "a file holds one page, layout or mail");
    if (!take_record(ts, l, &t->params))
        return false;
    if (str_eq(word, STR("page")))
        t->kind = TEMPLATE_PAGE;
    else
        t->kind = str_eq(word, STR("mail")) ? TEMPLATE_MAIL : TEMPLATE_LAYOUT;
    for (const struct template *other = ts->list; other; other = other->next) {
        if (other->kind == t->kind && str_eq(other->params.name, t->params.name))
            return gen_complain(ts->complaints, l->at, "%.*s is declared twice", STR_ARG(t->params.name));
    }
    return true;
}

bool head_use(struct templates *ts, struct template *t, struct lexer *l)
{
    if (t->kind != TEMPLATE_PAGE || str_given(t->layout))
        return gen_complain(ts->complaints, l->at, "{{use}} stands once, after {{page}}");
    t->layout_at = l->at;
    struct token name = lexer_next(l);
    if (name.kind != TOKEN_WORD || !gen_is_word(name.text))
        return wrong(ts, l, "the name of a layout is wanted", name);
    t->layout = name.text;
    if (!lexer_take(l, '('))
        return wrong(ts, l, "( is wanted", lexer_peek(l));
    if (lexer_take(l, ')'))
        return true;
    return take_bindings(ts, l, t->bindings, &t->n_bindings);
}

/* before NULL: any record; otherwise only those declared earlier, so that C sees them in order. */
static bool link_record(struct templates *ts, struct record *r, const struct record *before)
{
    for (size_t i = 0; i < r->n; i++) {
        struct type *type = &r->fields[i].type;
        if (type->kind != TYPE_RECORD)
            continue;
        for (const struct record *other = ts->records; other && other != before; other = other->next) {
            if (str_eq(other->name, type->name))
                type->record = other;
        }
        if (!type->record)
            return gen_complain(ts->complaints, r->at,
                                "there is no type %.*s (text, url, bool, i64, or a {{type}} "
                                "declared before)",
                                STR_ARG(type->name));
        if (!type->is_list)
            return gen_complain(ts->complaints, r->at, "a record is passed as a list: [%.*s]", STR_ARG(type->name));
    }
    return true;
}

bool head_link(struct templates *ts)
{
    for (struct record *r = ts->records; r; r = r->next) {
        if (!link_record(ts, r, r))
            return false;
    }
    for (struct template *t = ts->list; t; t = t->next) {
        if (!link_record(ts, &t->params, NULL))
            return false;
    }
    return true;
}
