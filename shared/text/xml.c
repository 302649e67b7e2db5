/* See xml.h; SECURITY P 374 to 377. */
#include "shared/text/xml.h"

#include <expat.h>

#include "shared/base/buf.h"

#define PATH_MAX_BYTES 1024
#define SEPARATOR '\n' /* between namespace and name; no name holds it */

struct reading {
    struct arena *arena;
    XML_Parser parser;
    const struct xml_limits *limits;
    const struct xml_visitor *visitor;
    char path[PATH_MAX_BYTES];
    size_t ends[XML_MAX_DEPTH]; /* length of the path before the element of that depth */
    size_t path_n, depth, elements;
    size_t foreign; /* depth inside an element that is passed over; 0: none */
    str name_space;
    struct buf text;
    bool is_leaf;
    const char *why;
};

static void refuse(struct reading *r, const char *why)
{
    if (r->why)
        return;
    r->why = why;
    XML_StopParser(r->parser, XML_FALSE);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static str trimmed(str s)
{
    while (s.n && is_space(s.p[0]))
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

static struct xml_element element_of(const struct reading *r)
{
    return (struct xml_element){ .path = { r->path, r->path_n }, .name_space = r->name_space };
}

static void path_push(struct reading *r, str name)
{
    size_t more = name.n + (r->depth > 0);
    if (r->depth == XML_MAX_DEPTH || r->path_n + more > PATH_MAX_BYTES) {
        refuse(r, "elements are nested too deeply");
        return;
    }
    r->ends[r->depth++] = r->path_n;
    if (r->depth > 1)
        r->path[r->path_n++] = '/';
    memcpy(r->path + r->path_n, name.p, name.n);
    r->path_n += name.n;
}

static void on_begin(void *context, const char *name, const char **attributes)
{
    struct reading *r = context;
    str local = str_of(name), name_space = STR("");
    (void)str_cut(&local, SEPARATOR, &name_space);
    if (r->why)
        return;
    if (++r->elements > r->limits->elements) {
        refuse(r, "there are too many elements");
        return;
    }
    if (r->depth == 0)
        r->name_space = arena_str(r->arena, name_space);
    if (r->foreign || !str_eq(name_space, r->name_space)) {
        if (++r->foreign > XML_MAX_DEPTH)
            refuse(r, "elements are nested too deeply");
        return;
    }
    path_push(r, local);
    r->text.n = 0;
    r->is_leaf = true;
    struct xml_element e = element_of(r);
    e.attributes = attributes;
    if (!r->why && r->visitor->begin && !r->visitor->begin(r->visitor->context, &e))
        refuse(r, "the document is not of a kind that is taken");
}

static void on_end(void *context, const char *name)
{
    struct reading *r = context;
    (void)name;
    if (r->why)
        return;
    if (r->foreign) {
        r->foreign--;
        return;
    }
    struct xml_element e = element_of(r);
    if (r->is_leaf)
        e.text = trimmed(buf_str(&r->text));
    if (r->visitor->end && !r->visitor->end(r->visitor->context, &e))
        refuse(r, "the document is not of a kind that is taken");
    r->is_leaf = false;
    r->path_n = r->ends[--r->depth];
}

static void on_text(void *context, const char *p, int n)
{
    struct reading *r = context;
    if (r->why || r->foreign || !r->is_leaf)
        return;
    if (r->text.n + (size_t)n > r->limits->text_bytes)
        refuse(r, "a text is too long");
    else
        buf_add(&r->text, (str){ p, (size_t)n });
}

static void on_doctype(void *context, const char *name, const char *system, const char *public, int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    refuse(context, "document type declarations are not taken");
}

static void on_declaration(void *context, const char *version, const char *encoding, int standalone)
{
    (void)version, (void)standalone;
    if (encoding && !str_eq_nocase(str_of(encoding), STR("UTF-8")))
        refuse(context, "the encoding must be UTF-8");
}

/* The parser is told the encoding, so that no other can be chosen by the document's first bytes. */
static XML_Parser parser_make(struct reading *r)
{
    XML_Parser parser = XML_ParserCreateNS("UTF-8", SEPARATOR);
    if (!parser)
        return NULL;
    XML_SetUserData(parser, r);
    XML_SetElementHandler(parser, on_begin, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    XML_SetXmlDeclHandler(parser, on_declaration);
    return parser;
}

bool xml_read(struct arena *a, str document, const struct xml_limits *limits, const struct xml_visitor *visitor,
              str *why)
{
    struct reading r = { .arena = a, .limits = limits, .visitor = visitor };
    if (document.n > limits->bytes) {
        *why = arena_printf(a, "the document is larger than %zu bytes", limits->bytes);
        return false;
    }
    if (document.n && memchr(document.p, 0, document.n)) {
        *why = STR("the encoding must be UTF-8"); /* expat knows UTF-16 by its zero bytes, whatever it was told */
        return false;
    }
    buf_init(&r.text, a, limits->text_bytes + 1);
    r.parser = parser_make(&r);
    if (!r.parser) {
        *why = STR("there is no memory for the document");
        return false;
    }
    bool good = XML_Parse(r.parser, document.p ? document.p : "", (int)document.n, XML_TRUE) == XML_STATUS_OK;
    if (r.why)
        *why = str_of(r.why);
    else if (!good)
        *why = arena_printf(a, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(r.parser),
                            XML_ErrorString(XML_GetErrorCode(r.parser)));
    XML_ParserFree(r.parser);
    return good && !r.why;
}

str xml_attribute(const struct xml_element *e, const char *name)
{
    for (size_t i = 0; e->attributes && e->attributes[i]; i += 2)
        if (strcmp(e->attributes[i], name) == 0)
            return str_of(e->attributes[i + 1]);
    return STR_NONE;
}
