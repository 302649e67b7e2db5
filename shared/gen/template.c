/* Reads templates into the form of template.h: one recursive descent over {{directives}} and the text between them. */
#include "shared/gen/template.h"

#include "shared/gen/lexer.h"
#include "shared/gen/template_head.h"

#define NESTING_MAX 16
#define INCLUDE_DEPTH_MAX 4
#define INCLUDES_MAX 500

enum stop { STOP_FILE = 1, STOP_END, STOP_ELSE };

struct parser {
    struct templates *ts;
    struct template *template;
    const struct gen_file *file;
    size_t pos;
    int line;
    int nesting;
    int includes;
    struct node **tail; /* where the next node goes */
};

static bool parse_nodes(struct parser *p, enum stop *stop);

static struct gen_place place_of(const struct parser *p)
{
    return (struct gen_place){ p->file->path, p->line };
}

static int lines_in(str s)
{
    int n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

static struct node *node_add(struct parser *p, enum node_kind kind, struct gen_place at)
{
    struct node *n = arena_new(p->ts->arena, struct node);
    n->kind = kind;
    n->at = at;
    *p->tail = n;
    p->tail = &n->next;
    return n;
}

/* ---- one directive and the text before it ---- */

struct directive {
    str before; /* fixed text */
    int line_before;
    struct lexer words;
    struct gen_place at;
    bool is_comment;
};

static bool is_blank(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != ' ' && s.p[i] != '\t')
            return false;
    }
    return true;
}

static bool is_block(const struct directive *d)
{
    struct token t = lexer_peek(&d->words);
    return d->is_comment ||
           (t.kind == TOKEN_WORD && str_has_word(STR("type page layout mail use include content if else "
                                                     "each end"),
                                                 t.text));
}

/* A block directive alone on its line leaves no empty line behind. */
static void trim_line(struct parser *p, struct directive *d)
{
    str text = p->file->text;
    size_t indent = d->before.n;
    while (indent && (d->before.p[indent - 1] == ' ' || d->before.p[indent - 1] == '\t'))
        indent--;
    bool starts_line = indent ? d->before.p[indent - 1] == '\n' : d->before.p == text.p || d->before.p[-1] == '\n';
    size_t end = p->pos;
    while (end < text.n && (text.p[end] == ' ' || text.p[end] == '\t' || text.p[end] == '\r'))
        end++;
    if (!starts_line || (end < text.n && text.p[end] != '\n'))
        return;
    d->before.n = indent;
    if (end < text.n) {
        end++;
        p->line++;
    }
    p->pos = end;
}

static size_t find(str text, size_t from, const char *two)
{
    for (size_t i = from; i + 1 < text.n; i++) {
        if (text.p[i] == two[0] && text.p[i + 1] == two[1])
            return i;
    }
    return text.n;
}

/* Cuts the next piece. *found is false when only fixed text is left. */
static bool directive_next(struct parser *p, struct directive *d, bool *found)
{
    str text = p->file->text;
    size_t open = find(text, p->pos, "{{");
    *d = (struct directive){ .before = { text.p + p->pos, open - p->pos }, .line_before = p->line };
    p->line += lines_in(d->before);
    d->at = place_of(p);
    *found = open < text.n;
    if (!*found) {
        p->pos = text.n;
        return true;
    }
    size_t close = find(text, open + 2, "}}");
    if (close == text.n)
        return gen_complain(p->ts->complaints, d->at, "{{ is never closed by }}");
    str inside = { text.p + open + 2, close - open - 2 };
    d->words = (struct lexer){ inside, d->at };
    d->is_comment = inside.n && inside.p[0] == '#';
    p->line += lines_in(inside);
    p->pos = close + 2;
    if (is_block(d))
        trim_line(p, d);
    return true;
}

/* ---- blocks ---- */

static bool ends_here(struct parser *p, const struct directive *d)
{
    if (lexer_at_end(&d->words))
        return true;
    struct token t = lexer_peek(&d->words);
    return gen_complain(p->ts->complaints, d->at, "unexpected \"%.*s\" at the end of the directive", STR_ARG(t.text));
}

static bool parse_body(struct parser *p, const struct directive *d, struct node **body, enum stop *stop)
{
    struct node **outer = p->tail;
    p->tail = body;
    if (++p->nesting > NESTING_MAX)
        return gen_complain(p->ts->complaints, d->at, "blocks are nested more than %d deep", NESTING_MAX);
    if (!parse_nodes(p, stop))
        return false;
    p->nesting--;
    p->tail = outer;
    if (*stop == STOP_FILE)
        return gen_complain(p->ts->complaints, d->at, "this block has no {{end}} in the same file");
    return true;
}

static bool parse_if(struct parser *p, struct directive *d)
{
    struct node *n = node_add(p, NODE_IF, d->at);
    n->negated = lexer_take_word(&d->words, STR("not"));
    enum stop stop = STOP_FILE;
    if (!head_expr(p->ts, &d->words, &n->expr) || !ends_here(p, d) || !parse_body(p, d, &n->body, &stop))
        return false;
    if (stop == STOP_ELSE && !parse_body(p, d, &n->otherwise, &stop))
        return false;
    return stop == STOP_END || gen_complain(p->ts->complaints, d->at, "this {{if}} has two {{else}}");
}

static bool parse_each(struct parser *p, struct directive *d)
{
    struct node *n = node_add(p, NODE_EACH, d->at);
    if (!head_expr(p->ts, &d->words, &n->expr))
        return false;
    if (!lexer_take_word(&d->words, STR("as")))
        return gen_complain(p->ts->complaints, d->at, "a loop is written {{each LIST as NAME}}");
    n->variable = lexer_next(&d->words).text;
    if (!gen_is_name(n->variable))
        return gen_complain(p->ts->complaints, d->at, "\"%.*s\" is not a name (a-z, 0-9, _)", STR_ARG(n->variable));
    enum stop stop = STOP_FILE;
    if (!ends_here(p, d) || !parse_body(p, d, &n->body, &stop))
        return false;
    return stop == STOP_END || gen_complain(p->ts->complaints, d->at, "a loop has no {{else}}");
}

static const struct gen_file *file_named(const struct templates *ts, str name)
{
    for (size_t i = 0; i < ts->n_files; i++) {
        str path = ts->files[i].path;
        if (str_ends(path, name) && path.n > name.n && path.p[path.n - name.n - 1] == '/')
            return &ts->files[i];
    }
    return NULL;
}

static bool parse_include(struct parser *p, struct directive *d)
{
    struct token name = lexer_next(&d->words);
    const struct gen_file *file = name.kind == TOKEN_STRING ? file_named(p->ts, name.text) : NULL;
    if (!file || name.text.p[0] != '_')
        return gen_complain(p->ts->complaints, d->at,
                            "{{include \"_NAME\"}} names a file of this folder that begins "
                            "with an underscore");
    if (p->includes == INCLUDE_DEPTH_MAX || p->ts->n_includes++ == INCLUDES_MAX)
        return gen_complain(p->ts->complaints, d->at, "files include each other more than %d deep or %d times",
                            INCLUDE_DEPTH_MAX, INCLUDES_MAX);
    struct parser inner = *p;
    inner.file = file;
    inner.pos = 0;
    inner.line = 1;
    inner.includes++;
    enum stop stop = STOP_FILE;
    if (!ends_here(p, d) || !parse_nodes(&inner, &stop))
        return false;
    p->tail = inner.tail;
    return stop == STOP_FILE ||
           gen_complain(p->ts->complaints, d->at, "the included file has an {{end}} or {{else}} too many");
}

static bool parse_declaration(struct parser *p, struct directive *d, str word)
{
    if (p->nesting || p->includes)
        return gen_complain(p->ts->complaints, d->at, "declarations stand at the top of a file");
    if (str_eq(word, STR("type")))
        return head_type(p->ts, &d->words) && ends_here(p, d);
    if (str_eq(word, STR("use")))
        return head_use(p->ts, p->template, &d->words) && ends_here(p, d);
    return head_template(p->ts, p->template, word, &d->words) && ends_here(p, d);
}

static bool parse_directive(struct parser *p, struct directive *d)
{
    str word = lexer_peek(&d->words).text;
    if (d->is_comment)
        return true;
    if (!is_block(d)) {
        struct node *n = node_add(p, NODE_HOLE, d->at);
        return head_expr(p->ts, &d->words, &n->expr) && ends_here(p, d);
    }
    lexer_next(&d->words);
    if (str_eq(word, STR("if")))
        return parse_if(p, d);
    if (str_eq(word, STR("each")))
        return parse_each(p, d);
    if (str_eq(word, STR("include")))
        return parse_include(p, d);
    if (str_eq(word, STR("content"))) {
        node_add(p, NODE_CONTENT, d->at);
        return ends_here(p, d);
    }
    return parse_declaration(p, d, word);
}

static bool parse_nodes(struct parser *p, enum stop *stop)
{
    for (;;) {
        struct directive d;
        bool found;
        if (!directive_next(p, &d, &found))
            return false;
        if (d.before.n) {
            struct gen_place at = { p->file->path, d.line_before };
            node_add(p, NODE_FIXED, at)->text = d.before;
        }
        *stop = STOP_FILE;
        if (!found)
            return true;
        if (lexer_take_word(&d.words, STR("end"))) {
            *stop = STOP_END;
            return ends_here(p, &d);
        }
        if (lexer_take_word(&d.words, STR("else"))) {
            *stop = STOP_ELSE;
            return ends_here(p, &d);
        }
        if (!parse_directive(p, &d))
            return false;
    }
}

/* ---- files ---- */

static bool is_include_only(str path)
{
    str rest = path, head;
    while (str_cut(&rest, '/', &head))
        ;
    return rest.n && rest.p[0] == '_';
}

static bool is_empty_lines(str s)
{
    str line;
    while (str_cut(&s, '\n', &line)) {
        if (!is_blank(line))
            return false;
    }
    return is_blank(s);
}

static bool check_file(struct templates *ts, const struct template *t, struct gen_place at)
{
    bool is_mail_file = str_ends(at.path, STR(".txt"));
    if (t->kind != TEMPLATE_NONE && (t->kind == TEMPLATE_MAIL) != is_mail_file)
        return gen_complain(ts->complaints, at, "mails stand in .txt files, pages and layouts in .html files");
    if (t->kind != TEMPLATE_NONE)
        return true;
    for (const struct node *n = t->body; n; n = n->next) {
        if (n->kind != NODE_FIXED || !is_empty_lines(n->text))
            return gen_complain(ts->complaints, n->at, "text before {{page}}, {{layout}} or {{mail}}, or none of them");
    }
    return true;
}

static bool parse_file(struct templates *ts, const struct gen_file *file)
{
    struct template *t = arena_new(ts->arena, struct template);
    t->kind = TEMPLATE_NONE;
    struct parser p = { .ts = ts, .template = t, .file = file, .line = 1, .tail = &t->body };
    enum stop stop = STOP_FILE;
    if (!parse_nodes(&p, &stop))
        return false;
    if (stop != STOP_FILE)
        return gen_complain(ts->complaints, place_of(&p), "an {{end}} or {{else}} without {{if}} or {{each}}");
    if (!check_file(ts, t, (struct gen_place){ file->path, 1 }))
        return false;
    struct template **at = &ts->list;
    while (*at)
        at = &(*at)->next;
    *at = t;
    return true;
}

bool templates_parse(struct templates *ts)
{
    for (size_t i = 0; i < ts->n_files; i++) {
        if (!is_include_only(ts->files[i].path) && !parse_file(ts, &ts->files[i]))
            return false;
    }
    return head_link(ts);
}
