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
        *ret = (struct value){ VALUE_C, loop->item, arena_printf(l->arena, "*%.*s", STR_ARG(loop->c)) };
        return !str_given(e->tail) ||
               gen_complain(l->complaints, e->at, "\"%.*s\" is no record and has no fields", STR_ARG(e->head));
    }
    if (!str_given(e->tail))
        return gen_complain(l->complaints, e->at, "\"%.*s\" is a record: name one of its fields", STR_ARG(e->head));
    const struct field *f = field_of(loop->item.record, e->tail);
    if (!f)
        return unknown(l, e, e->tail, loop->item.record);
    *ret = (struct value){ VALUE_C, f->type, arena_printf(l->arena, "%.*s->%.*s", STR_ARG(loop->c), STR_ARG(f->name)) };
    return true;
}

static bool fits(const struct type *want, const struct type *got)
{
    if (want->is_list || got->is_list)
        return want->is_list && got->is_list && str_eq(want->name, got->name);
    return want->kind == got->kind || (want->kind == TYPE_TEXT && got->kind == TYPE_URL);
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
    if (!f)
        return unknown(l, e, e->head, scope->params);
    if (str_given(e->tail))
        return gen_complain(l->complaints, e->at, "\"%.*s\" is no loop variable and has no fields", STR_ARG(e->head));
    if (scope->page)
        return value_bound(l, scope, e, f, ret);
    *ret = (struct value){ VALUE_C, f->type, arena_printf(l->arena, "p->%.*s", STR_ARG(f->name)) };
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
        *ret = (struct value){ VALUE_KEY, text, gen_upper(l->arena, e->head) };
        return is_listed(l->in->keys, l->in->n_keys, e->head) ||
               gen_complain(l->complaints, e->at, "web/text/en.txt has no text \"%.*s\"", STR_ARG(e->head));
    case EXPR_ASSET:
        *ret = (struct value){ VALUE_ASSET, url,
                               arena_printf(l->arena, "ASSET_URL_%.*s", STR_ARG(gen_upper(l->arena, e->head))) };
        return is_listed(l->in->assets, l->in->n_assets, e->head) ||
               gen_complain(l->complaints, e->at, "web/assets has no file \"%.*s\"", STR_ARG(e->head));
    case EXPR_LITERAL:
        *ret = (struct value){ VALUE_FIXED, text, e->head };
        return true;
    case EXPR_BOOL:
        *ret = (struct value){ VALUE_C, yes, e->head };
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
