/* See writer.h. */
#include "shared/gen/writer.h"

void writer_fixed(struct writer *w, str text)
{
    if (text.n == 0)
        return;
    buf_add_char(&w->fixed, '"');
    gen_c_literal(&w->fixed, text);
    buf_add(&w->fixed, STR("\" "));
}

void writer_line(struct writer *w)
{
    for (int i = 0; i < w->indent; i++)
        buf_add(w->code, STR("    "));
}

void writer_flush(struct writer *w)
{
    if (w->fixed.n == 0)
        return;
    writer_line(w);
    str text = buf_str(&w->fixed);
    buf_printf(w->code, "buf_add(out, STR(%.*s));\n", (int)text.n - 1, text.p);
    buf_init(&w->fixed, w->lookup.arena, CODE_MAX_BYTES);
}

/* Of any script; what begins with 0xe2 is punctuation: dashes, quotes. */
static bool is_letter(char c)
{
    unsigned char u = (unsigned char)c;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (u >= 0xc3 && u != 0xe2);
}

/* In element text, in what is read out or shown of attributes, and in mails. */
static bool is_spoken(const struct writer *w)
{
    static const char *const spoken[] = { "alt", "title", "placeholder", "aria-label", "aria-description", "label" };
    if (w->is_mail || w->html.state == HTML_TEXT || w->html.state == HTML_RCDATA)
        return true;
    for (size_t i = 0; w->html.state == HTML_VALUE && i < sizeof spoken / sizeof spoken[0]; i++)
        if (str_eq((str){ w->html.attr.p, w->html.attr.n }, str_of(spoken[i])))
            return true;
    return false;
}

bool writer_wordless(struct writer *w, str text, struct gen_place at)
{
    bool is_checked = w->lookup.in->translated && is_spoken(w);
    for (size_t i = 0; is_checked && i < text.n; i++)
        if (is_letter(text.p[i]))
            return gen_complain(w->lookup.complaints, at, "words stand in web/text: {{t.KEY}}");
    return true;
}

static const char *hole_function(const struct writer *w, enum html_hole hole, const struct value *v)
{
    if (v->type.kind == TYPE_I64)
        return "buf_add_i64(out, ";
    if (w->is_mail)
        return "mail_add_text(out, ";
    switch (hole) {
    case HTML_HOLE_TEXT:
        return "html_add_text(out, ";
    case HTML_HOLE_ATTR:
        return "html_add_attr(out, ";
    case HTML_HOLE_URL:
        break;
    }
    return "html_add_url(out, ";
}

static enum html_value html_kind(const struct value *v)
{
    if (v->kind == VALUE_ASSET)
        return HTML_VALUE_ASSET;
    if (v->is_sheet)
        return HTML_VALUE_SHEET;
    return v->type.kind == TYPE_URL ? HTML_VALUE_URL : HTML_VALUE_TEXT;
}

static bool fixed_write(struct writer *w, const struct value *v, struct gen_place at)
{
    struct buf escaped;
    buf_init(&escaped, w->lookup.arena, CODE_MAX_BYTES);
    htmlgen_escape(&escaped, v->c);
    writer_fixed(w, w->is_mail ? v->c : buf_str(&escaped));
    return writer_wordless(w, v->c, at);
}

/* ---- texts ---- */

static const struct expr *arg_named(const struct expr *key, str name)
{
    for (size_t i = 0; i < key->n_args; i++)
        if (str_eq(key->args[i].name, name))
            return &key->args[i].value;
    return NULL;
}

/* A name or an address has a direction of its own; a class of the hole's name tells styles what it is. */
static bool arg_write(struct writer *w, const struct scope *scope, const struct expr *e, str name)
{
    struct value v;
    if (!value_of(&w->lookup, scope, e, &v))
        return false;
    bool is_plain = v.type.kind == TYPE_I64;
    bool in_element = !is_plain && !w->is_mail && w->html.state == HTML_TEXT;
    if (v.kind != VALUE_C)
        return gen_complain(w->lookup.complaints, e->at, "in the hole of a text stands a field");
    if (in_element)
        writer_fixed(w, arena_printf(w->lookup.arena, "<bdi class=\"%.*s\">", STR_ARG(name)));
    if (!is_plain && w->is_mail) {
        writer_line(w);
        buf_printf(w->code, "mail_add_name(out, %.*s, language_is_rtl(lang));\n", STR_ARG(v.c));
    } else if (!writer_hole(w, scope, e, e->at))
        return false;
    if (in_element)
        writer_fixed(w, STR("</bdi>"));
    return true;
}

static bool args_write(struct writer *w, const struct scope *scope, const struct expr *key, const struct value *v)
{
    writer_line(w);
    buf_printf(w->code, "for (int hole; (hole = text_step(&rest, out)) != 0;) {\n");
    w->indent++;
    for (size_t i = 0; i < v->text->n_args; i++) {
        const struct expr *e = arg_named(key, v->text->args[i]);
        if (!e)
            return gen_complain(w->lookup.complaints, key->at, "t.%.*s wants a value for {%.*s}", STR_ARG(key->head),
                                STR_ARG(v->text->args[i]));
        writer_line(w);
        buf_printf(w->code, "if (hole == %zu) {\n", i + 1);
        w->indent++;
        if (!arg_write(w, scope, e, v->text->args[i]))
            return false;
        writer_flush(w);
        w->indent--;
        writer_line(w);
        buf_add(w->code, STR("}\n"));
    }
    w->indent--;
    writer_line(w);
    buf_add(w->code, STR("}\n"));
    return true;
}

static bool text_write(struct writer *w, const struct scope *scope, const struct expr *e, const struct value *v)
{
    str text =
        arena_printf(w->lookup.arena, "%s(lang, TEXT_%.*s)", w->is_mail ? "text_in" : "text_html", STR_ARG(v->c));
    if (str_given(v->text->plural))
        return gen_complain(w->lookup.complaints, e->at, "t.%.*s counts something: code says it", STR_ARG(e->head));
    if (e->n_args > v->text->n_args || (e->kind != EXPR_KEY && v->text->n_args > 0))
        return gen_complain(w->lookup.complaints, e->at, "the text has other holes, or cannot have any here");
    writer_flush(w);
    writer_line(w);
    if (v->text->n_args == 0) {
        buf_printf(w->code, "buf_add(out, %.*s);\n", STR_ARG(text));
        return true;
    }
    buf_add(w->code, STR("{\n"));
    w->indent++;
    writer_line(w);
    buf_printf(w->code, "str rest = %.*s;\n", STR_ARG(text));
    if (!args_write(w, scope, e, v))
        return false;
    w->indent--;
    writer_line(w);
    buf_add(w->code, STR("}\n"));
    return true;
}

bool writer_hole(struct writer *w, const struct scope *scope, const struct expr *e, struct gen_place at)
{
    struct value v;
    if (!value_of(&w->lookup, scope, e, &v))
        return false;
    if (v.type.is_list || v.type.kind == TYPE_BOOL || v.type.kind == TYPE_RECORD)
        return gen_complain(w->lookup.complaints, at,
                            "only text, url and i64 can be written; a bool is for {{if}}, a "
                            "list for {{each}}");
    enum html_hole hole = HTML_HOLE_TEXT;
    const char *wrong = w->is_mail ? NULL : html_hole(&w->html, html_kind(&v), &hole);
    if (wrong)
        return gen_complain(w->lookup.complaints, at, "%s", wrong);
    switch (v.kind) {
    case VALUE_ASSET:
        buf_printf(&w->fixed, "%.*s ", STR_ARG(v.c));
        return true;
    case VALUE_FIXED:
        return fixed_write(w, &v, at);
    case VALUE_KEY:
        return text_write(w, scope, e, &v);
    case VALUE_C:
        writer_flush(w);
        writer_line(w);
        buf_printf(w->code, "%s%.*s);\n", hole_function(w, hole, &v), STR_ARG(v.c));
        return true;
    }
    return false;
}
