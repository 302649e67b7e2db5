/* Walks the parsed templates once: follows the HTML, checks every hole where it stands, and writes C. */
#include "shared/gen/htmlgen.h"

#include "shared/gen/writer.h"

static bool write_nodes(struct writer *w, const struct scope *scope, const struct node *list);

void htmlgen_escape(struct buf *out, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&':
            buf_add(out, STR("&amp;"));
            break;
        case '<':
            buf_add(out, STR("&lt;"));
            break;
        case '>':
            buf_add(out, STR("&gt;"));
            break;
        case '"':
            buf_add(out, STR("&quot;"));
            break;
        case '\'':
            buf_add(out, STR("&#39;"));
            break;
        default:
            buf_add_char(out, s.p[i]);
        }
    }
}

/* ---- nodes ---- */

static bool words_check(struct writer *w, char c, struct gen_place at)
{
    return c == '<' || writer_wordless(w, (str){ &c, 1 }, at);
}

static bool fixed_text(struct writer *w, str text, struct gen_place at)
{
    writer_fixed(w, text);
    if (w->is_mail)
        return writer_wordless(w, text, at);
    for (size_t i = 0, wrong_at; i < text.n; i++) {
        at.line += i > 0 && text.p[i - 1] == '\n';
        if (!words_check(w, text.p[i], at))
            return false;
        const char *wrong = html_feed(&w->html, (str){ text.p + i, 1 }, &wrong_at);
        if (wrong)
            return gen_complain(w->lookup.complaints, at, "%s", wrong);
    }
    return true;
}

static bool write_branch(struct writer *w, const struct scope *scope, const struct node *list)
{
    w->indent++;
    bool written = write_nodes(w, scope, list);
    writer_flush(w);
    w->indent--;
    return written;
}

static bool write_if(struct writer *w, const struct scope *scope, const struct node *n)
{
    str condition;
    if (!value_condition(&w->lookup, scope, &n->expr, &condition))
        return false;
    writer_flush(w);
    writer_line(w);
    buf_printf(w->code, n->negated ? "if (!(%.*s)) {\n" : "if (%.*s) {\n", STR_ARG(condition));
    struct html before = w->html;
    if (!write_branch(w, scope, n->body))
        return false;
    struct html after = w->html;
    w->html = before;
    if (n->otherwise) {
        writer_line(w);
        buf_add(w->code, STR("} else {\n"));
        if (!write_branch(w, scope, n->otherwise))
            return false;
    }
    writer_line(w);
    buf_add(w->code, STR("}\n"));
    return w->is_mail || html_join(&w->html, &after) ||
           gen_complain(w->lookup.complaints, n->at,
                        "the branches of this {{if}} end at different places of the HTML "
                        "(open elements or attributes differ)");
}

static str item_type(const struct writer *w, const struct type *type)
{
    switch (type->kind) {
    case TYPE_TEXT:
    case TYPE_URL:
        return STR("str");
    case TYPE_I64:
        return STR("int64_t");
    case TYPE_BOOL:
        return STR("bool");
    case TYPE_RECORD:
        break;
    }
    return arena_printf(w->lookup.arena, "struct %.*s", STR_ARG(type->name));
}

static bool write_each(struct writer *w, const struct scope *scope, const struct node *n)
{
    struct value v;
    if (!value_of(&w->lookup, scope, &n->expr, &v))
        return false;
    if (!v.type.is_list)
        return gen_complain(w->lookup.complaints, n->at, "{{each}} wants a list");
    int number = w->loops++;
    struct type item = v.type;
    item.is_list = false;
    struct loop loop = { n->variable, item, arena_printf(w->lookup.arena, "e%d", number), scope->loops };
    struct scope inner = *scope;
    inner.loops = &loop;
    writer_flush(w);
    writer_line(w);
    buf_printf(w->code, "for (size_t i%d = 0; i%d < %.*s.n; i%d++) {\n", number, number, STR_ARG(v.c), number);
    w->indent++;
    writer_line(w);
    buf_printf(w->code, "const %.*s *e%d = &%.*s.items[i%d];\n", STR_ARG(item_type(w, &item)), number, STR_ARG(v.c),
               number);
    writer_line(w);
    buf_printf(w->code, "(void)e%d;\n", number);
    w->indent--;
    struct html before = w->html;
    if (!write_branch(w, &inner, n->body))
        return false;
    writer_line(w);
    buf_add(w->code, STR("}\n"));
    return w->is_mail || html_join(&w->html, &before) ||
           gen_complain(w->lookup.complaints, n->at, "the loop must end where it began in the HTML");
}

static bool write_content(struct writer *w, const struct scope *scope, const struct node *n)
{
    if (!scope->page || !w->content)
        return gen_complain(w->lookup.complaints, n->at, "{{content}} stands once, in a layout");
    if (w->html.state != HTML_TEXT)
        return gen_complain(w->lookup.complaints, n->at, "{{content}} stands in the text of an element");
    const struct node *page = w->content;
    w->content = NULL;
    struct html before = w->html;
    return write_nodes(w, scope->page_scope, page) &&
           (html_join(&w->html, &before) ||
            gen_complain(w->lookup.complaints, scope->page->params.at, "the page leaves an element open"));
}

static bool write_nodes(struct writer *w, const struct scope *scope, const struct node *list)
{
    for (const struct node *n = list; n; n = n->next) {
        bool written = false;
        switch (n->kind) {
        case NODE_FIXED:
            written = fixed_text(w, n->text, n->at);
            break;
        case NODE_HOLE:
            written = writer_hole(w, scope, &n->expr, n->at);
            break;
        case NODE_IF:
            written = write_if(w, scope, n);
            break;
        case NODE_EACH:
            written = write_each(w, scope, n);
            break;
        case NODE_CONTENT:
            written = write_content(w, scope, n);
            break;
        }
        if (!written)
            return false;
    }
    return true;
}

/* ---- functions ---- */

/* Pages that are in English only have no language to choose, and look as they are. A mail has nothing around it. */
static const char *reader_parameters(const struct writer *w, bool is_mail)
{
    if (!w->lookup.in->translated)
        return "";
    return is_mail ? "enum language lang, " : "enum language lang, const struct frame *frame, ";
}

static void function_begin(struct writer *w, const char *kind, str name, const char *suffix)
{
    struct arena *a = w->lookup.arena;
    buf_printf(w->code, "\nvoid %s_%.*s%s(struct buf *out, %sconst struct %s_%.*s *p)\n{\n", kind, STR_ARG(name),
               suffix, reader_parameters(w, w->is_mail), kind, STR_ARG(name));
    if (!w->lookup.in->translated)
        buf_add(w->code, STR("    const enum language lang = LANGUAGE_EN;\n"));
    else if (!w->is_mail)
        buf_add(w->code, STR("    frame = frame ? frame : &frame_none;\n"));
    buf_add(w->code, STR("    (void)p;\n    (void)lang;\n"));
    w->indent = 1;
    w->loops = 0;
    buf_init(&w->fixed, a, CODE_MAX_BYTES);
    html_start(&w->html);
}

static void function_end(struct writer *w)
{
    writer_flush(w);
    buf_add(w->code, STR("}\n"));
}

static const struct template *layout_named(const struct templates *ts, str name)
{
    for (const struct template *t = ts->list; t; t = t->next) {
        if (t->kind == TEMPLATE_LAYOUT && str_eq(t->params.name, name))
            return t;
    }
    return NULL;
}

static bool check_bindings(struct writer *w, const struct template *page, const struct template *layout)
{
    for (size_t i = 0; i < page->n_bindings; i++) {
        bool known = false;
        for (size_t k = 0; k < layout->params.n; k++)
            known = known || str_eq(page->bindings[i].name, layout->params.fields[k].name);
        if (!known)
            return gen_complain(w->lookup.complaints, page->layout_at, "the layout %.*s has no parameter %.*s",
                                STR_ARG(layout->params.name), STR_ARG(page->bindings[i].name));
    }
    return true;
}

static bool write_page(struct writer *w, const struct templates *ts, const struct template *page)
{
    struct scope scope = { .params = &page->params };
    const struct node *top = page->body;
    struct scope outer = scope;
    w->is_mail = false;
    w->content = NULL;
    if (str_given(page->layout)) {
        const struct template *layout = layout_named(ts, page->layout);
        if (!layout)
            return gen_complain(w->lookup.complaints, page->layout_at, "there is no layout %.*s",
                                STR_ARG(page->layout));
        if (!check_bindings(w, page, layout))
            return false;
        outer = (struct scope){ .params = &layout->params, .page = page, .page_scope = &scope };
        w->content = page->body;
        top = layout->body;
    }
    bool has_content = page->body != NULL;
    function_begin(w, "page", page->params.name, "");
    if (!write_nodes(w, &outer, top))
        return false;
    function_end(w);
    if (w->content && has_content)
        return gen_complain(w->lookup.complaints, page->layout_at, "the layout has no {{content}}");
    return (w->html.state == HTML_TEXT && w->html.depth == 0) ||
           gen_complain(w->lookup.complaints, page->params.at, "an element is left open at the end of the page");
}

/* Cuts the list after the first line break of its fixed text; the rest, without empty lines, is returned. */
static struct node *cut_first_line(struct arena *a, struct node *list)
{
    for (struct node *n = list; n; n = n->next) {
        str rest = n->text, line;
        if (n->kind != NODE_FIXED || !str_cut(&rest, '\n', &line))
            continue;
        struct node *after = arena_new(a, struct node);
        *after = *n;
        n->text = line;
        n->next = NULL;
        while (rest.n && rest.p[0] == '\n')
            rest = (str){ rest.p + 1, rest.n - 1 };
        after->text = rest;
        return after;
    }
    return NULL;
}

/* Subject and text at once. */
static void write_letter(struct writer *w, str name)
{
    int n = (int)name.n;
    buf_printf(w->code,
               "\nstruct letter mail_%.*s(struct arena *a, enum language lang, const struct mail_%.*s *p)\n{\n"
               "    struct buf subject, text;\n    buf_init(&subject, a, LETTER_MAX_BYTES);\n"
               "    buf_init(&text, a, LETTER_MAX_BYTES);\n    mail_%.*s_subject(&subject, lang, p);\n"
               "    mail_%.*s_text(&text, lang, p);\n"
               "    return (struct letter){ .subject = buf_str(&subject), .text = buf_str(&text) };\n}\n",
               n, name.p, n, name.p, n, name.p, n, name.p);
}

static bool write_mail(struct writer *w, const struct template *mail)
{
    struct scope scope = { .params = &mail->params };
    struct node *first = mail->body;
    w->is_mail = true;
    if (!first || first->kind != NODE_FIXED || !str_starts(first->text, STR("Subject: ")))
        return gen_complain(w->lookup.complaints, mail->params.at, "a mail begins with a line \"Subject: ...\"");
    first->text = (str){ first->text.p + 9, first->text.n - 9 };
    const struct node *text = cut_first_line(w->lookup.arena, first);
    if (!text)
        return gen_complain(w->lookup.complaints, mail->params.at, "a mail has a text after its subject");
    function_begin(w, "mail", mail->params.name, "_subject");
    if (!write_nodes(w, &scope, first))
        return false;
    function_end(w);
    function_begin(w, "mail", mail->params.name, "_text");
    if (!write_nodes(w, &scope, text))
        return false;
    function_end(w);
    if (w->lookup.in->translated)
        write_letter(w, mail->params.name);
    return true;
}

/* ---- header ---- */

static void write_fields(struct writer *w, struct buf *header, const struct record *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct field *f = &r->fields[i];
        str c = item_type(w, &f->type);
        if (f->type.is_list)
            buf_printf(header, "    struct {\n        const %.*s *items;\n        size_t n;\n    } %.*s;\n", STR_ARG(c),
                       STR_ARG(f->name));
        else
            buf_printf(header, "    %.*s %.*s;\n", STR_ARG(c), STR_ARG(f->name));
    }
    if (r->n == 0)
        buf_add(header, STR("    char unused;\n"));
}

static void write_mail_header(struct writer *w, struct buf *header, str name)
{
    static const char *const parts[] = { "subject", "text" };
    for (size_t i = 0; i < 2; i++)
        buf_printf(header, "void mail_%.*s_%s(struct buf *out, %sconst struct mail_%.*s *p);\n", STR_ARG(name),
                   parts[i], reader_parameters(w, true), STR_ARG(name));
    if (w->lookup.in->translated)
        buf_printf(header, "struct letter mail_%.*s(struct arena *a, enum language lang, const struct mail_%.*s *p);\n",
                   STR_ARG(name), STR_ARG(name));
}

static void write_header(struct writer *w, struct buf *header, const struct templates *ts)
{
    buf_printf(header,
               "/* Made by htmlgen from web/%.*s. Do not edit. */\n#pragma once\n\n#include <stdint.h>\n\n"
               "#include \"shared/base/buf.h\"\n%s",
               STR_ARG(w->lookup.in->app),
               w->lookup.in->translated ? "#include \"shared/text/html.h\"\n#include \"web/text.h\"\n" : "");
    for (const struct record *r = ts->records; r; r = r->next) {
        buf_printf(header, "\nstruct %.*s {\n", STR_ARG(r->name));
        write_fields(w, header, r);
        buf_add(header, STR("};\n"));
    }
    for (const struct template *t = ts->list; t; t = t->next) {
        if (t->kind != TEMPLATE_PAGE && t->kind != TEMPLATE_MAIL)
            continue;
        const char *kind = t->kind == TEMPLATE_PAGE ? "page" : "mail";
        str name = t->params.name;
        buf_printf(header, "\nstruct %s_%.*s {\n", kind, STR_ARG(name));
        write_fields(w, header, &t->params);
        buf_add(header, STR("};\n"));
        if (t->kind == TEMPLATE_PAGE)
            buf_printf(header, "void page_%.*s(struct buf *out, %sconst struct page_%.*s *p);\n", STR_ARG(name),
                       reader_parameters(w, false), STR_ARG(name));
        else
            write_mail_header(w, header, name);
    }
}

bool htmlgen_run(struct arena *a, const struct htmlgen_input *in, struct htmlgen_output *ret)
{
    buf_init(&ret->header, a, CODE_MAX_BYTES);
    buf_init(&ret->code, a, CODE_MAX_BYTES);
    ret->complaints = (struct gen_complaints){ 0 };
    buf_init(&ret->complaints.text, a, CODE_MAX_BYTES);
    struct templates ts = {
        .arena = a, .complaints = &ret->complaints, .files = in->templates, .n_files = in->n_templates
    };
    if (!templates_parse(&ts))
        return false;
    struct writer w = { .lookup = { a, &ret->complaints, in }, .code = &ret->code };
    write_header(&w, &ret->header, &ts);
    buf_printf(&ret->code,
               "/* Made by htmlgen from web/%.*s. Do not edit. */\n#include \"web/%.*s/pages.h\"\n\n"
               "#include \"shared/text/html.h\"\n#include \"web/assets.h\"\n#include \"web/text.h\"\n",
               STR_ARG(in->app), STR_ARG(in->app));
    for (const struct template *t = ts.list; t; t = t->next) {
        if (t->kind == TEMPLATE_PAGE && !write_page(&w, &ts, t))
            return false;
        if (t->kind == TEMPLATE_MAIL && !write_mail(&w, t))
            return false;
    }
    return true;
}
