/* The tokenizer behind htmlgen: a state machine over a strict subset of HTML. See html_context.h. */
#include "shared/gen/html_context.h"

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static bool name_is(const struct html_name *name, const char *word)
{
    return str_eq((str){ name->p, name->n }, str_of(word));
}

static bool name_in(const struct html_name *name, const char *const *words)
{
    for (; *words; words++) {
        if (name_is(name, *words))
            return true;
    }
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

static const char *name_add(struct html_name *name, char c)
{
    if (name->n == HTML_NAME_MAX)
        return "the name is too long";
    if (c >= 'A' && c <= 'Z')
        c = (char)(c - 'A' + 'a');
    name->p[name->n++] = c;
    return NULL;
}

static const char *name_begin(struct html_name *name, char c)
{
    *name = (struct html_name){ 0 };
    return name_add(name, c);
}

static bool is_void(const struct html_name *tag)
{
    return name_in(tag, LIST("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"));
}

static bool in_foreign(const struct html *h)
{
    for (unsigned i = 0; i < h->depth; i++) {
        if (name_in(&h->open[i], LIST("svg", "math")))
            return true;
    }
    return name_in(&h->tag, LIST("svg", "math"));
}

void html_start(struct html *h)
{
    *h = (struct html){ .state = HTML_TEXT };
}

/* The element whose content we are in decides how that content is read. */
static enum html_state content_state(const struct html *h)
{
    if (h->depth == 0)
        return HTML_TEXT;
    const struct html_name *in = &h->open[h->depth - 1];
    if (name_in(in, LIST("title", "textarea")) && !in_foreign(h))
        return HTML_RCDATA;
    return name_in(in, LIST("script", "iframe")) ? HTML_NOTHING : HTML_TEXT;
}

static const char *end_tag_close(struct html *h)
{
    if (h->depth == 0 || h->tag.n == 0)
        return "this end tag closes nothing";
    const struct html_name *in = &h->open[h->depth - 1];
    if (!str_eq((str){ in->p, in->n }, (str){ h->tag.p, h->tag.n }))
        return "this end tag does not close the innermost open element";
    h->depth--;
    h->tag = (struct html_name){ 0 };
    h->state = content_state(h);
    return NULL;
}

static const char *start_tag_close(struct html *h, bool self_closing)
{
    bool has_content = !is_void(&h->tag);
    if (self_closing && has_content) {
        if (!in_foreign(h))
            return "only void elements and elements inside svg may end with />";
        has_content = false;
    }
    if (has_content) {
        if (h->depth == HTML_DEPTH_MAX)
            return "elements are nested too deeply";
        h->open[h->depth++] = h->tag;
    }
    h->tag = (struct html_name){ 0 };
    h->state = content_state(h);
    return NULL;
}

static const char *tag_check(const struct html *h)
{
    if (name_in(&h->tag, LIST("style", "base", "object", "embed", "applet", "frame", "frameset", "plaintext", "xmp",
                              "noembed", "noframes", "listing")))
        return "this element is not allowed: styles and scripts are assets, documents stand alone";
    return NULL;
}

static const char *attr_check(const struct html *h)
{
    if (name_in(&h->attr, LIST("style", "srcdoc")))
        return "this attribute is not allowed: styles are assets";
    if (h->attr.n > 2 && h->attr.p[0] == 'o' && h->attr.p[1] == 'n')
        return "event attributes are not allowed: scripts are assets";
    return NULL;
}

static const char *feed_content(struct html *h, char c)
{
    if (c == '<') {
        h->state = h->state == HTML_TEXT ? HTML_TAG_OPEN : HTML_END_TAG_OPEN;
        return NULL;
    }
    return h->state == HTML_NOTHING ? "nothing may stand inside script and iframe: scripts are assets" : NULL;
}

static const char *feed_tag_open(struct html *h, char c)
{
    if (c == '/') {
        h->tag = (struct html_name){ 0 };
        h->state = HTML_END_NAME;
        return NULL;
    }
    if (c == '!') {
        if (h->depth)
            return "markup declarations and comments are not allowed; a comment is written {{# ... }}";
        h->state = HTML_DOCTYPE;
        h->value = (struct html_name){ 0 };
        return NULL;
    }
    if (!is_letter(c))
        return "'<' in text is written &lt;";
    h->state = HTML_TAG_NAME;
    return name_begin(&h->tag, c);
}

static const char *feed_doctype(struct html *h, char c)
{
    if (c == '>') {
        h->state = HTML_TEXT;
        return name_is(&h->value, "doctype html") ? NULL : "only <!doctype html> is allowed";
    }
    return name_add(&h->value, c);
}

/* What may follow a complete name or value inside a tag. */
static const char *feed_in_tag(struct html *h, char c)
{
    if (is_space(c)) {
        h->state = HTML_BEFORE_ATTR;
        return NULL;
    }
    if (c == '/') {
        h->state = HTML_SLASH;
        return NULL;
    }
    if (c == '>')
        return start_tag_close(h, false);
    if (h->state == HTML_BEFORE_ATTR && is_name_char(c)) {
        h->state = HTML_ATTR_NAME;
        return name_begin(&h->attr, c);
    }
    return "this character cannot stand here in a tag";
}

static const char *feed_tag_name(struct html *h, char c)
{
    if (is_name_char(c))
        return name_add(&h->tag, c);
    const char *wrong = tag_check(h);
    return wrong ? wrong : feed_in_tag(h, c);
}

static const char *feed_end_name(struct html *h, char c)
{
    if (is_name_char(c))
        return name_add(&h->tag, c);
    return c == '>' ? end_tag_close(h) : "an end tag holds nothing but its name";
}

static const char *feed_attr_name(struct html *h, char c)
{
    if (h->state == HTML_ATTR_NAME) {
        if (is_name_char(c))
            return name_add(&h->attr, c);
        const char *wrong = attr_check(h);
        if (wrong)
            return wrong;
    }
    if (c == '=') {
        h->state = HTML_BEFORE_VALUE;
        return NULL;
    }
    if (h->state == HTML_AFTER_ATTR_NAME && is_name_char(c)) {
        h->state = HTML_ATTR_NAME;
        return name_begin(&h->attr, c);
    }
    if (is_space(c)) {
        h->state = HTML_AFTER_ATTR_NAME;
        return NULL;
    }
    return feed_in_tag(h, c);
}

static bool attr_is_url(const struct html_name *attr)
{
    return name_in(attr, LIST("href", "src", "action", "formaction"));
}

static const char *feed_value(struct html *h, char c)
{
    if (c == '"') {
        h->state = HTML_AFTER_VALUE;
        return NULL;
    }
    if (h->value_holed && (attr_is_url(&h->attr) || name_is(&h->tag, "meta")))
        return "a hole must be the whole URL: build the address in code";
    h->value_fixed = true;
    if (h->value.n < HTML_NAME_MAX)
        return name_add(&h->value, c);
    return NULL;
}

static const char *feed_before_value(struct html *h, char c)
{
    if (is_space(c))
        return NULL;
    if (c != '"')
        return "an attribute value is written in double quotes";
    h->state = HTML_VALUE;
    h->value = (struct html_name){ 0 };
    h->value_fixed = h->value_holed = false;
    return NULL;
}

static const char *feed_char(struct html *h, char c)
{
    switch (h->state) {
    case HTML_TEXT:
    case HTML_RCDATA:
    case HTML_NOTHING:
        return feed_content(h, c);
    case HTML_TAG_OPEN:
        return feed_tag_open(h, c);
    case HTML_END_TAG_OPEN:
        return c == '/' ? feed_tag_open(h, c) : "'<' in text is written &lt;";
    case HTML_TAG_NAME:
        return feed_tag_name(h, c);
    case HTML_END_NAME:
        return feed_end_name(h, c);
    case HTML_BEFORE_ATTR:
    case HTML_AFTER_VALUE:
        return feed_in_tag(h, c);
    case HTML_ATTR_NAME:
    case HTML_AFTER_ATTR_NAME:
        return feed_attr_name(h, c);
    case HTML_BEFORE_VALUE:
        return feed_before_value(h, c);
    case HTML_VALUE:
        return feed_value(h, c);
    case HTML_SLASH:
        return c == '>' ? start_tag_close(h, true) : "'/' in a tag must be followed by '>'";
    case HTML_DOCTYPE:
        return feed_doctype(h, c);
    }
    return "unknown state";
}

const char *html_feed(struct html *h, str text, size_t *at)
{
    for (size_t i = 0; i < text.n; i++) {
        *at = i;
        unsigned char c = (unsigned char)text.p[i];
        if ((c < 0x20 && !is_space((char)c)) || c == 0x7f)
            return "control characters are not allowed";
        const char *wrong = feed_char(h, text.p[i]);
        if (wrong)
            return wrong;
    }
    return NULL;
}

/* "0;url=" or "5; url=": the only text that may stand before a hole in a meta element. */
static bool is_refresh_prefix(const struct html_name *v)
{
    unsigned i = 0;
    while (i < v->n && v->p[i] >= '0' && v->p[i] <= '9')
        i++;
    if (i == 0 || i == v->n || v->p[i] != ';')
        return false;
    i++;
    if (i < v->n && v->p[i] == ' ')
        i++;
    return str_eq((str){ v->p + i, v->n - i }, STR("url="));
}

static const char *hole_in_url(struct html *h, enum html_value kind, enum html_hole *ret)
{
    if (h->value_fixed || h->value_holed)
        return "a hole must be the whole URL: build the address in code";
    bool may_load = kind == HTML_VALUE_ASSET || (kind == HTML_VALUE_SHEET && name_is(&h->tag, "link"));
    if (name_in(&h->tag, LIST("script", "link")) && !may_load)
        return "only an asset may be loaded as script or style";
    if (kind == HTML_VALUE_TEXT)
        return "only a value of type url may stand in an address";
    h->value_holed = true;
    *ret = HTML_HOLE_URL;
    return NULL;
}

static const char *hole_in_value(struct html *h, enum html_value kind, enum html_hole *ret)
{
    if (in_foreign(h))
        return "a hole may not stand in an attribute of svg or math";
    if (attr_is_url(&h->attr))
        return hole_in_url(h, kind, ret);
    if (name_is(&h->tag, "meta")) {
        if (!name_is(&h->attr, "content") || h->value_holed || kind != HTML_VALUE_URL || !is_refresh_prefix(&h->value))
            return "in a meta element only a url after \"0;url=\" may be a hole";
        h->value_holed = true;
        *ret = HTML_HOLE_URL;
        return NULL;
    }
    if (name_in(&h->attr, LIST("srcset", "imagesrcset", "poster", "cite", "background", "data", "manifest", "ping",
                               "codebase", "longdesc", "sandbox", "allow", "http-equiv", "integrity", "xmlns")) ||
        memchr(h->attr.p, ':', h->attr.n))
        return "a hole may not stand in this attribute";
    h->value_holed = true;
    *ret = HTML_HOLE_ATTR;
    return NULL;
}

const char *html_hole(struct html *h, enum html_value kind, enum html_hole *ret)
{
    switch (h->state) {
    case HTML_TEXT:
    case HTML_RCDATA:
        *ret = HTML_HOLE_TEXT;
        return NULL;
    case HTML_VALUE:
        return hole_in_value(h, kind, ret);
    case HTML_NOTHING:
        return "a hole may not stand inside script and iframe";
    case HTML_BEFORE_VALUE:
        return "a hole in an attribute must stand in double quotes";
    case HTML_TAG_OPEN:
    case HTML_TAG_NAME:
    case HTML_END_NAME:
    case HTML_END_TAG_OPEN:
        return "a hole may not be a tag name";
    case HTML_BEFORE_ATTR:
    case HTML_ATTR_NAME:
    case HTML_AFTER_ATTR_NAME:
    case HTML_AFTER_VALUE:
    case HTML_SLASH:
        return "a hole may not be an attribute name";
    case HTML_DOCTYPE:
        return "a hole may not stand in a declaration";
    }
    return "unknown state";
}

static bool name_same(const struct html_name *a, const struct html_name *b)
{
    return str_eq((str){ a->p, a->n }, (str){ b->p, b->n });
}

/* Inside a tag, where a name or value may be complete. */
static bool is_between(enum html_state state)
{
    return state == HTML_TAG_NAME || state == HTML_BEFORE_ATTR || state == HTML_ATTR_NAME ||
           state == HTML_AFTER_ATTR_NAME || state == HTML_AFTER_VALUE;
}

/* One branch wrote an attribute, the other did not: both go on where only a space, '/' or '>' may follow. */
static bool join_between(struct html *a, const struct html *b)
{
    if (!is_between(a->state) || !is_between(b->state) || tag_check(a) || attr_check(a) || attr_check(b))
        return false;
    a->state = HTML_AFTER_VALUE;
    return true;
}

bool html_join(struct html *a, const struct html *b)
{
    if (a->state != b->state && !join_between(a, b))
        return false;
    enum html_state state = a->state;
    if (a->depth != b->depth || !name_same(&a->tag, &b->tag))
        return false;
    bool names_matter = state == HTML_ATTR_NAME || state == HTML_AFTER_ATTR_NAME || state == HTML_BEFORE_VALUE ||
                        state == HTML_VALUE || state == HTML_DOCTYPE;
    if (names_matter && !name_same(&a->attr, &b->attr))
        return false;
    for (unsigned i = 0; i < a->depth; i++) {
        if (!name_same(&a->open[i], &b->open[i]))
            return false;
    }
    a->value_fixed = a->value_fixed || b->value_fixed;
    a->value_holed = a->value_holed || b->value_holed;
    if (!name_same(&a->value, &b->value))
        a->value = (struct html_name){ .p = { '?' }, .n = 1 };
    return true;
}
