/* Reads gettext catalogues, as strictly as msgfmt --check and a little more, and brings them in step. See texts.h. */
#include "shared/gen/texts.h"

#define MESSAGES_MAX 2100
#define STRING_MAX_BYTES 8192

enum field { FIELD_NONE, FIELD_CONTEXT, FIELD_ID, FIELD_PLURAL, FIELD_FORM };

struct message {
    struct gen_place at;
    bool is_fuzzy;
    str context, id, plural;
    str forms[TEXT_FORMS];
    size_t n_forms;
};

struct reader {
    struct arena *arena;
    struct gen_complaints *complaints;
    struct gen_place at;
    struct message *messages;
    size_t n;
    bool next_is_fuzzy;
    enum field field; /* which a line that is only a string goes on */
};

static bool wrong(const struct reader *r, const char *what)
{
    return gen_complain(r->complaints, r->at, "%s", what);
}

/* ---- lines ---- */

static bool string_read(const struct reader *r, str s, struct buf *out)
{
    if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
        return wrong(r, "a string is written in double quotes");
    for (size_t i = 1; i + 1 < s.n; i++) {
        char c = s.p[i];
        if (c == '"')
            return wrong(r, "a quote in a string is written \\\"");
        if (c == '\\') {
            c = s.p[++i];
            if (i + 1 == s.n || (c != 'n' && c != '"' && c != '\\'))
                return wrong(r, "only \\n, \\\" and \\\\ are known");
            c = c == 'n' ? '\n' : c;
        }
        if (out->n == STRING_MAX_BYTES)
            return wrong(r, "the string is too long");
        buf_add_char(out, c);
    }
    return true;
}

static str *field_of(struct reader *r)
{
    if (r->n == 0)
        return NULL;
    struct message *m = &r->messages[r->n - 1];
    switch (r->field) {
    case FIELD_NONE:
        return NULL;
    case FIELD_CONTEXT:
        return &m->context;
    case FIELD_ID:
        return &m->id;
    case FIELD_PLURAL:
        return &m->plural;
    case FIELD_FORM:
        return &m->forms[m->n_forms - 1];
    }
    return NULL;
}

static bool string_add(struct reader *r, str quoted)
{
    struct buf out;
    str *field = field_of(r);
    buf_init(&out, r->arena, STRING_MAX_BYTES + 1);
    if (!field)
        return wrong(r, "a string without msgctxt, msgid or msgstr before it");
    if (str_given(*field))
        buf_add(&out, *field);
    if (!string_read(r, quoted, &out))
        return false;
    *field = out.n ? buf_str(&out) : STR("");
    return true;
}

static bool message_begin(struct reader *r)
{
    if (r->n == MESSAGES_MAX)
        return wrong(r, "too many messages");
    r->messages[r->n++] = (struct message){ .at = r->at, .is_fuzzy = r->next_is_fuzzy };
    r->next_is_fuzzy = false;
    return true;
}

/* "msgid", "msgstr[2]": sets which field comes. */
static bool keyword_read(struct reader *r, str word)
{
    bool is_form = str_starts(word, STR("msgstr"));
    struct message *m = r->n ? &r->messages[r->n - 1] : NULL;
    bool begins = str_eq(word, STR("msgctxt")) || (str_eq(word, STR("msgid")) && (!m || m->n_forms > 0));
    if (begins && !message_begin(r))
        return false;
    m = r->n ? &r->messages[r->n - 1] : NULL;
    if (is_form && m && str_given(m->id)) {
        str want = str_given(m->plural) ? arena_printf(r->arena, "msgstr[%zu]", m->n_forms) : STR("msgstr");
        if (!str_eq(word, want) || m->n_forms == (str_given(m->plural) ? TEXT_FORMS : 1))
            return wrong(r, "msgstr, or msgstr[0], msgstr[1] and so on after msgid_plural");
        m->n_forms++;
        r->field = FIELD_FORM;
        return true;
    }
    if (str_eq(word, STR("msgctxt")))
        r->field = FIELD_CONTEXT;
    else if (str_eq(word, STR("msgid")))
        r->field = FIELD_ID;
    else if (str_eq(word, STR("msgid_plural")) && m)
        r->field = FIELD_PLURAL;
    else
        return wrong(r, "msgctxt, msgid, msgid_plural, msgstr or a comment is wanted");
    return true;
}

static bool line_read(struct reader *r, str line)
{
    str rest = line, word;
    if (line.n && line.p[line.n - 1] == '\r')
        return wrong(r, "lines end with a line feed alone");
    if (line.n == 0 || line.p[0] == '#') {
        r->next_is_fuzzy = r->next_is_fuzzy || (str_starts(line, STR("#,")) && memmem(line.p, line.n, "fuzzy", 5));
        return true;
    }
    if (line.p[0] == '"')
        return string_add(r, line);
    return str_cut(&rest, ' ', &word) ? keyword_read(r, word) && string_add(r, rest) : keyword_read(r, line);
}

static bool messages_read(struct reader *r, const struct gen_file *file)
{
    str rest = file->text;
    r->messages = arena_array(r->arena, struct message, MESSAGES_MAX);
    for (r->at = (struct gen_place){ file->path, 1 }; rest.n; r->at.line++) {
        str line = rest;
        if (!str_cut(&rest, '\n', &line))
            rest.n = 0;
        if (!line_read(r, line))
            return false;
    }
    r->at.line = 1;
    bool has_header = r->n && !str_given(r->messages[0].context) && r->messages[0].id.n == 0 && r->messages[0].n_forms;
    return has_header || wrong(r, "the first message is the header: msgid \"\"");
}

/* ---- the header ---- */

static bool is_plural_rule(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("n0123456789 ()%&|=!<>?:", s.p[i]))
            return false;
    return s.n > 0;
}

static bool header_line(str header, str name, str *ret)
{
    while (str_cut(&header, '\n', ret))
        if (str_starts(*ret, name)) {
            *ret = (str){ ret->p + name.n, ret->n - name.n };
            return true;
        }
    return false;
}

/* "nplurals=2; plural=n != 1;" */
static bool plural_forms_read(struct reader *r, struct catalogue *ret)
{
    str line, count;
    str header = r->messages[0].forms[0];
    if (!header_line(header, STR("Plural-Forms: nplurals="), &line) || !str_cut(&line, ';', &count) || count.n != 1 ||
        count.p[0] < '1' || count.p[0] > '0' + TEXT_FORMS || !str_starts(line, STR(" plural=")) || line.n < 10 ||
        line.p[line.n - 1] != ';')
        return wrong(r, "the header has a line \"Plural-Forms: nplurals=2; plural=n != 1;\"");
    ret->n_forms = (size_t)(count.p[0] - '0');
    ret->plural = (str){ line.p + 8, line.n - 9 };
    if (!header_line(header, STR("Language: "), &line) || !str_eq(line, ret->tag))
        return wrong(r, "the header has a line \"Language: \" with the tag of the file's name");
    return is_plural_rule(ret->plural) || wrong(r, "the plural rule is an expression of n");
}

static str tag_of(str path)
{
    str rest = path, head;
    while (str_cut(&rest, '/', &head))
        ;
    return str_ends(rest, STR(".po")) ? (str){ rest.p, rest.n - 3 } : rest;
}

/* ---- against the texts ---- */

static bool same(str a, str b)
{
    return str_given(a) == str_given(b) && str_eq(a, b);
}

static bool is_of(const struct message *m, const struct text_entry *e)
{
    return str_eq(m->context, e->key) && same(m->id, e->text) && same(m->plural, e->plural);
}

/* Every name of the English text, and no other. Where a number chooses the form it may be left out. */
static bool holes_check(struct reader *r, const struct text_entry *e, str text)
{
    bool used[TEXT_ARGS_MAX] = { false };
    str before, name;
    while (str_cut(&text, '{', &before)) {
        size_t i = 0;
        if (!str_cut(&text, '}', &name))
            return wrong(r, "a hole is written {name}");
        while (i < e->n_args && !str_eq(e->args[i], name))
            i++;
        if (i == e->n_args)
            return gen_complain(r->complaints, r->at, "the English text has no hole {%.*s}", STR_ARG(name));
        used[i] = true;
    }
    for (size_t i = 0; i < e->n_args; i++)
        if (!used[i] && !str_given(e->plural))
            return gen_complain(r->complaints, r->at, "the hole {%.*s} is missing", STR_ARG(e->args[i]));
    return true;
}

static bool message_check(struct reader *r, const struct message *m, const struct text_entry *e, size_t n_forms)
{
    r->at = m->at;
    if (!is_of(m, e))
        return gen_complain(r->complaints, r->at,
                            "the text here is \"%.*s\" (%.*s) now; htmlgen merge brings the catalogue in step",
                            STR_ARG(e->text), STR_ARG(e->key));
    if (m->is_fuzzy)
        return wrong(r, "this translation is marked as fuzzy");
    if (m->n_forms != (str_given(e->plural) ? n_forms : 1))
        return wrong(r, "not as many forms as the header says");
    for (size_t i = 0; i < m->n_forms; i++) {
        if (m->forms[i].n == 0)
            return gen_complain(r->complaints, r->at, "%.*s is not translated", STR_ARG(e->key));
        if (gen_has_control(m->forms[i]))
            return wrong(r, "a text is one line without control characters");
        if (!holes_check(r, e, m->forms[i]))
            return false;
    }
    return true;
}

bool catalogue_parse(struct arena *a, const struct gen_file *file, const struct texts *texts, struct gen_complaints *c,
                     struct catalogue *ret)
{
    struct reader r = { .arena = a, .complaints = c };
    *ret = (struct catalogue){ .tag = tag_of(file->path), .path = file->path };
    if (!messages_read(&r, file) || !plural_forms_read(&r, ret))
        return false;
    ret->of = arena_array(a, struct text_form, texts->n + 1);
    size_t at = 1;
    for (size_t i = 0; i < texts->n; i++) {
        const struct text_entry *e = &texts->entries[i];
        if (e->only_english)
            continue;
        if (at == r.n)
            return gen_complain(c, r.at, "%.*s is missing; htmlgen merge brings the catalogue in step",
                                STR_ARG(e->key));
        if (!message_check(&r, &r.messages[at], e, ret->n_forms))
            return false;
        memcpy(ret->of[i].forms, r.messages[at++].forms, sizeof ret->of[i].forms);
    }
    if (at < r.n)
        r.at = r.messages[at].at;
    return at == r.n || wrong(&r, "no text is meant by this message; htmlgen merge brings the catalogue in step");
}

/* ---- merging ---- */

static void string_write(struct buf *out, const char *word, str text)
{
    buf_printf(out, "%s \"", word);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"' || text.p[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, text.p[i]);
    }
    buf_add(out, STR("\"\n"));
}

static void header_write(struct buf *out, str header)
{
    str line;
    buf_add(out, STR("msgid \"\"\nmsgstr \"\"\n"));
    while (str_cut(&header, '\n', &line))
        buf_printf(out, "\"%.*s\\n\"\n", STR_ARG(line));
}

static void message_write(struct buf *out, const struct message *m, const struct text_entry *e, size_t n_forms)
{
    buf_add_char(out, '\n');
    if (m && m->is_fuzzy)
        buf_add(out, STR("#, fuzzy\n"));
    string_write(out, "msgctxt", e->key);
    string_write(out, "msgid", e->text);
    if (!str_given(e->plural)) {
        string_write(out, "msgstr", m ? m->forms[0] : STR(""));
        return;
    }
    string_write(out, "msgid_plural", e->plural);
    for (size_t i = 0; i < n_forms; i++) {
        char word[16] = "msgstr[0]";
        word[7] = (char)('0' + i);
        string_write(out, word, m ? m->forms[i] : STR(""));
    }
}

/* A text that was changed keeps its translation, marked: whoever translates decides. */
static struct message *message_find(struct reader *r, const struct text_entry *e)
{
    for (size_t i = 1; i < r->n; i++) {
        struct message *m = &r->messages[i];
        if (!str_eq(m->context, e->key))
            continue;
        m->is_fuzzy = m->is_fuzzy || (!is_of(m, e) && m->forms[0].n > 0);
        return m;
    }
    return NULL;
}

bool catalogue_merge(struct arena *a, const struct gen_file *file, const struct texts *texts, struct gen_complaints *c,
                     struct buf *ret)
{
    struct reader r = { .arena = a, .complaints = c };
    struct catalogue head = { .tag = tag_of(file->path) };
    if (!messages_read(&r, file) || !plural_forms_read(&r, &head))
        return false;
    header_write(ret, r.messages[0].forms[0]);
    for (size_t i = 0; i < texts->n; i++)
        if (!texts->entries[i].only_english)
            message_write(ret, message_find(&r, &texts->entries[i]), &texts->entries[i], head.n_forms);
    return true;
}
