/* See html_value.h. */
#include "shared/gen/html_value.h"

static bool is_listed(const str *list, size_t n, str s)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(list[i], s))
            return true;
    }
    return false;
}

static const struct text_entry *text_of_key(const struct lookup *l, str key)
{
    for (size_t i = 0; i < l->in->texts.n; i++) {
        const struct text_entry *e = &l->in->texts.entries[i];
        if (str_eq(e->key, key))
            return l->in->translated && e->only_english ? NULL : e;
    }
    return NULL;
}

/* What a page knows of the language it is written in. */
static bool value_of_language(const struct lookup *l, const struct expr *e, struct value *ret)
{
    *ret = (struct value){ .kind = VALUE_C, .type = { .kind = TYPE_TEXT } };
    if (str_eq(e->tail, STR("tag")))
        ret->c = STR("language_tags[lang]");
    else if (str_eq(e->tail, STR("direction")))
        ret->c = STR("(language_is_rtl(lang) ? STR(\"rtl\") : STR(\"ltr\"))");
    else
        return gen_complain(l->complaints, e->at, "of the language there is: language.tag, language.direction");
    return true;
}

/* What is around a page and not its own (struct frame of shared/text/html.h). */
static bool value_of_frame(const struct lookup *l, const struct expr *e, struct value *ret)
{
    *ret = (struct value){ .kind = VALUE_C, .c = arena_printf(l->arena, "frame->%.*s", STR_ARG(e->tail)) };
    ret->is_sheet = str_eq(e->tail, STR("sheet"));
    if (str_has_word(STR("name host"), e->tail))
        ret->type.kind = TYPE_TEXT;
    else if (str_has_word(STR("sheet logo logo_dark language_url"), e->tail))
        ret->type.kind = TYPE_URL;
    else
        return gen_complain(l->complaints, e->at, "a frame has: name, host, sheet, logo, logo_dark, language_url");
    return true;
}

static const struct field *field_of(const struct record *r, str name)
{
    for (size_t i = 0; i < r->n; i++) {
        if (str_eq(r->fields[i].name, name))
            return &r->fields[i];
    }
    return NULL;
}

/* All fields of a record, for the complaint. */
static str names_of(struct arena *a, const struct record *r)
{
    struct buf b;
    buf_init(&b, a, 8192);
    for (size_t i = 0; i < r->n; i++)
        buf_printf(&b, "%s%.*s", i ? ", " : "", STR_ARG(r->fields[i].name));
    return r->n ? buf_str(&b) : STR("none");
}

static bool unknown(const struct lookup *l, const struct expr *e, str name, const struct record *r)
{
    return gen_complain(l->complaints, e->at, "there is no \"%.*s\" here; %.*s has: %.*s", STR_ARG(name),
                        STR_ARG(r->name), STR_ARG(names_of(l->arena, r)));
}

static bool value_in_loop(const struct lookup *l, const struct loop *loop, const struct expr *e, struct value *ret)
{
    if (loop->item.kind != TYPE_RECORD) {
        *ret = (struct value){ .kind = VALUE_C,
                               .type = loop->item,
                               .c = arena_printf(l->arena, "*%.*s", STR_ARG(loop->c)) };
        return !str_given(e->tail) ||
               gen_complain(l->complaints, e->at, "\"%.*s\" is no record and has no fields", STR_ARG(e->head));
    }
    if (!str_given(e->tail))
        return gen_complain(l->complaints, e->at, "\"%.*s\" is a record: name one of its fields", STR_ARG(e->head));
    const struct field *f = field_of(loop->item.record, e->tail);
    if (!f)
        return unknown(l, e, e->tail, loop->item.record);
    *ret = (struct value){ .kind = VALUE_C,
                           .type = f->type,
                           .c = arena_printf(l->arena, "%.*s->%.*s", STR_ARG(loop->c), STR_ARG(f->name)) };
    return true;
}

static bool fits(const struct type *want, const struct type *got)
{
    if (want->is_list || got->is_list)
        return want->is_list && got->is_list && str_eq(want->name, got->name);
    return want->kind == got->kind || (want->kind == TYPE_TEXT && got->kind == TYPE_URL);
}

/* A page's own field for a sheet that our code has made, as a frame has one. */
static bool is_sheet_of_ours(const struct field *f)
{
    return f->type.kind == TYPE_URL && !f->type.is_list && str_eq(f->name, STR("sheet"));
}

static bool value_bound(const struct lookup *l, const struct scope *scope, const struct expr *e, const struct field *f,
                        struct value *ret)
{
    const struct template *page = scope->page;
    for (size_t i = 0; i < page->n_bindings; i++) {
        const struct binding *b = &page->bindings[i];
        if (!str_eq(b->name, f->name))
            continue;
        if (!value_of(l, scope->page_scope, &b->value, ret))
            return false;
        bool is_nothing = ret->kind == VALUE_FIXED && ret->c.n == 0 && !f->type.is_list;
        if (!is_nothing && !fits(&f->type, &ret->type))
            return gen_complain(l->complaints, b->value.at, "the layout wants another type for %.*s", STR_ARG(f->name));
        ret->type = f->type;
        ret->is_sheet = is_sheet_of_ours(f);
        return true;
    }
    return gen_complain(l->complaints, page->layout_at, "{{use}} gives no value for %.*s (%.*s:%d)", STR_ARG(f->name),
                        STR_ARG(e->at.path), e->at.line);
}

static bool value_of_path(const struct lookup *l, const struct scope *scope, const struct expr *e, struct value *ret)
{
    for (const struct loop *loop = scope->loops; loop; loop = loop->outer) {
        if (str_eq(loop->variable, e->head))
            return value_in_loop(l, loop, e, ret);
    }
    const struct field *f = field_of(scope->params, e->head);
    if (!f && str_eq(e->head, STR("language")))
        return value_of_language(l, e, ret);
    if (!f && l->in->translated && str_eq(e->head, STR("frame")) && str_given(e->tail))
        return value_of_frame(l, e, ret);
    if (!f)
        return unknown(l, e, e->head, scope->params);
    if (str_given(e->tail))
        return gen_complain(l->complaints, e->at, "\"%.*s\" is no loop variable and has no fields", STR_ARG(e->head));
    if (scope->page)
        return value_bound(l, scope, e, f, ret);
    *ret = (struct value){ .kind = VALUE_C, .type = f->type, .c = arena_printf(l->arena, "p->%.*s", STR_ARG(f->name)) };
    ret->is_sheet = is_sheet_of_ours(f);
    return true;
}

bool value_of(const struct lookup *l, const struct scope *scope, const struct expr *e, struct value *ret)
{
    struct type text = { .kind = TYPE_TEXT };
    struct type url = { .kind = TYPE_URL };
    struct type yes = { .kind = TYPE_BOOL };
    switch (e->kind) {
    case EXPR_PATH:
        return value_of_path(l, scope, e, ret);
    case EXPR_KEY:
        *ret = (struct value){
            .kind = VALUE_KEY, .type = text, .c = gen_upper(l->arena, e->head), .text = text_of_key(l, e->head)
        };
        return ret->text ||
               gen_complain(l->complaints, e->at, "web/text/en.txt has no text \"%.*s\"", STR_ARG(e->head));
    case EXPR_ASSET:
        *ret = (struct value){ .kind = VALUE_ASSET,
                               .type = url,
                               .c = arena_printf(l->arena, "ASSET_URL_%.*s", STR_ARG(gen_upper(l->arena, e->head))) };
        return is_listed(l->in->assets, l->in->n_assets, e->head) ||
               gen_complain(l->complaints, e->at, "web/assets has no file \"%.*s\"", STR_ARG(e->head));
    case EXPR_LITERAL:
        *ret = (struct value){ .kind = VALUE_FIXED, .type = text, .c = e->head };
        return true;
    case EXPR_BOOL:
        *ret = (struct value){ .kind = VALUE_C, .type = yes, .c = e->head };
        return true;
    }
    return false;
}

static bool is_always_there(const struct value *v)
{
    return v->kind == VALUE_KEY || v->kind == VALUE_ASSET;
}

bool value_condition(const struct lookup *l, const struct scope *scope, const struct expr *e, str *ret)
{
    struct value v = { .kind = VALUE_C };
    if (!value_of(l, scope, e, &v))
        return false;
    if (is_always_there(&v))
        *ret = STR("true");
    else if (v.kind == VALUE_FIXED)
        *ret = v.c.n ? STR("true") : STR("false");
    else if (v.type.kind == TYPE_BOOL && !v.type.is_list)
        *ret = v.c;
    else if (v.type.kind == TYPE_I64 && !v.type.is_list)
        *ret = arena_printf(l->arena, "%.*s != 0", STR_ARG(v.c));
    else
        *ret = arena_printf(l->arena, "(%.*s).n > 0", STR_ARG(v.c));
    return true;
}
