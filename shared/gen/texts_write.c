/* The tables of the texts as C. A hole becomes one byte, 1 for the first name of the English text. See texts.h. */
#include "shared/gen/htmlgen.h"
#include "shared/gen/texts.h"

#define ENGLISH_FORMS 2
static const str english_plural = STR("n != 1");

struct tables {
    struct arena *arena;
    const struct texts *texts;
    const struct catalogue *catalogues;
    size_t n;
    struct buf *code;
};

static str language_name(struct arena *a, str tag)
{
    return gen_upper(a, tag);
}

/* Escaped or as it is, with its holes as bytes. */
static str compiled(struct arena *a, const struct text_entry *e, str text, bool escaped)
{
    struct buf out;
    buf_init(&out, a, 65536);
    str before, name;
    for (;;) {
        bool more = str_cut(&text, '{', &before);
        if (escaped)
            htmlgen_escape(&out, more ? before : text);
        else
            buf_add(&out, more ? before : text);
        if (!more || !str_cut(&text, '}', &name))
            return buf_str(&out);
        for (size_t i = 0; i < e->n_args; i++)
            if (str_eq(e->args[i], name))
                buf_add_char(&out, (char)(i + 1));
    }
}

static void slot_write(struct tables *t, const struct text_entry *e, str text, bool escaped, size_t form)
{
    str made = compiled(t->arena, e, text, escaped);
    buf_printf(t->code, "    [TEXT_%.*s", STR_ARG(gen_upper(t->arena, e->key)));
    if (form)
        buf_printf(t->code, " + %zu", form);
    buf_add(t->code, STR("] = { \""));
    gen_c_literal(t->code, made);
    buf_printf(t->code, "\", %zu },\n", made.n);
}

static str form_of(const struct catalogue *c, const struct text_entry *e, size_t i, size_t form)
{
    if (!c || e->only_english)
        return form == 0 ? e->text : e->plural;
    return c->of[i].forms[form];
}

static void table_write(struct tables *t, const struct catalogue *c, const char *kind, bool escaped)
{
    size_t n_forms = c ? c->n_forms : ENGLISH_FORMS;
    buf_printf(t->code, "\nstatic const str %s_%.*s[] = {\n", kind,
               STR_ARG(c ? language_name(t->arena, c->tag) : STR("EN")));
    for (size_t i = 0; i < t->texts->n; i++) {
        const struct text_entry *e = &t->texts->entries[i];
        for (size_t form = 0; form < (str_given(e->plural) ? n_forms : 1); form++)
            slot_write(t, e, form_of(c, e, i, form), escaped, form);
    }
    buf_add(t->code, STR("};\n"));
}

/* declaration: of an array with one element for each language */
static void list_write(struct tables *t, const char *declaration, const char *prefix)
{
    buf_printf(t->code, "\nstatic %s = {\n    [LANGUAGE_EN] = %sEN,\n", declaration, prefix);
    for (size_t i = 0; i < t->n; i++) {
        str upper = language_name(t->arena, t->catalogues[i].tag);
        buf_printf(t->code, "    [LANGUAGE_%.*s] = %s%.*s,\n", STR_ARG(upper), prefix, STR_ARG(upper));
    }
    buf_add(t->code, STR("};\n"));
}

/* A rule that names a form which the header has not would lead out of the table: such a number has the first form. */
static void plural_write(struct tables *t, str name, str rule, size_t n_forms)
{
    buf_printf(t->code,
               "\nstatic unsigned plural_%.*s(uint64_t n)\n{\n    (void)n;\n    unsigned form = (unsigned)(%.*s);\n"
               "    return form < %zu ? form : 0;\n}\n",
               STR_ARG(name), STR_ARG(rule), n_forms);
}

/* Scripts that are written from right to left, by the languages that are likely to be added. */
static bool is_rtl(str tag)
{
    str language = tag;
    str_cut(&language, '-', &language);
    return str_has_word(STR("ar fa he ur yi ps ckb sd ug"), language);
}

static void languages_write(struct tables *t)
{
    buf_add(t->code, STR("\nconst str language_tags[LANGUAGES] = {\n    [LANGUAGE_EN] = { \"en\", 2 },\n"));
    for (size_t i = 0; i < t->n; i++) {
        const struct catalogue *c = &t->catalogues[i];
        buf_printf(t->code, "    [LANGUAGE_%.*s] = { \"%.*s\", %zu },\n", STR_ARG(language_name(t->arena, c->tag)),
                   STR_ARG(c->tag), c->tag.n);
    }
    buf_add(t->code, STR("};\n\nbool language_is_rtl(enum language l)\n{\n    (void)l;\n    return false"));
    for (size_t i = 0; i < t->n; i++)
        if (is_rtl(t->catalogues[i].tag))
            buf_printf(t->code, " || l == LANGUAGE_%.*s", STR_ARG(language_name(t->arena, t->catalogues[i].tag)));
    buf_add(t->code, STR(";\n}\n"));
}

static void header_write(struct arena *a, const struct texts *texts, const struct catalogue *catalogues, size_t n,
                         struct buf *header)
{
    size_t at = 1;
    buf_add(header, STR("/* Made by htmlgen from web/text and web/locale. Do not edit. */\n#pragma once\n\n"
                        "#include <stdint.h>\n\n#include \"shared/base/str.h\"\n\nenum text_key {\n"));
    for (size_t i = 0; i < texts->n; i++) {
        const struct text_entry *e = &texts->entries[i];
        buf_printf(header, "    TEXT_%.*s = %zu,\n", STR_ARG(gen_upper(a, e->key)), at);
        at += str_given(e->plural) ? TEXT_FORMS : 1;
    }
    buf_add(header, STR("};\n\n/* English is what is there without a choice. */\nenum language {\n    LANGUAGE_EN,\n"));
    for (size_t i = 0; i < n; i++)
        buf_printf(header, "    LANGUAGE_%.*s,\n", STR_ARG(language_name(a, catalogues[i].tag)));
    buf_add(header,
            STR("    LANGUAGES\n};\n\n/* The tags of BCP 47. */\nextern const str language_tags[LANGUAGES];\n"
                "bool language_is_rtl(enum language l);\n\n"
                "/* The text as it is, and escaped for HTML; holes are bytes below 9 (shared/text/html.h). */\n"
                "str text_in(enum language l, enum text_key key);\nstr text_html(enum language l, enum text_key key);\n"
                "/* In the form for that number. */\n"
                "str text_counted(enum language l, enum text_key key, uint64_t n);\n"
                "/* English: for what is in no other language yet. */\nstr text_of(enum text_key key);\n"));
}

void texts_write(struct arena *a, const struct texts *texts, const struct catalogue *catalogues, size_t n,
                 struct buf *header, struct buf *code)
{
    struct tables t = { a, texts, catalogues, n, code };
    header_write(a, texts, catalogues, n, header);
    buf_add(code, STR("/* Made by htmlgen from web/text and web/locale. Do not edit. */\n#include \"web/text.h\"\n"));
    table_write(&t, NULL, "plain", false);
    table_write(&t, NULL, "html", true);
    plural_write(&t, STR("EN"), english_plural, ENGLISH_FORMS);
    for (size_t i = 0; i < n; i++) {
        table_write(&t, &catalogues[i], "plain", false);
        table_write(&t, &catalogues[i], "html", true);
        plural_write(&t, language_name(a, catalogues[i].tag), catalogues[i].plural, catalogues[i].n_forms);
    }
    list_write(&t, "const str *const plain[LANGUAGES]", "plain_");
    list_write(&t, "const str *const html[LANGUAGES]", "html_");
    list_write(&t, "unsigned (*const plural[LANGUAGES])(uint64_t n)", "plural_");
    languages_write(&t);
    buf_add(code, STR("\nstr text_in(enum language l, enum text_key key)\n{\n    return plain[l][key];\n}\n\n"
                      "str text_html(enum language l, enum text_key key)\n{\n    return html[l][key];\n}\n\n"
                      "str text_counted(enum language l, enum text_key key, uint64_t n)\n{\n"
                      "    return plain[l][(unsigned)key + plural[l](n)];\n}\n\n"
                      "str text_of(enum text_key key)\n{\n    return plain_EN[key];\n}\n"));
}
