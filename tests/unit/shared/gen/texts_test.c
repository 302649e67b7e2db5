/* The texts of pages and their catalogues: what is read, what must stop a build, and the tables that are written. */
#include "shared/gen/texts.h"

#include "tests/support/test.h"

#define HEADER "msgid \"\"\nmsgstr \"\"\n\"Language: de\\n\"\n\"Plural-Forms: nplurals=2; plural=n != 1;\\n\"\n"
#define HELLO "\nmsgctxt \"hello\"\nmsgid \"Hello {app}\"\nmsgstr \"Hallo {app}\"\n"
#define LEFT                                                                                                           \
    "\nmsgctxt \"left\"\nmsgid \"{n} day\"\nmsgid_plural \"{n} days\"\nmsgstr[0] \"ein Tag\"\nmsgstr[1] \"{n} "        \
    "Tage\"\n"

static bool holds(str text, const char *word)
{
    return memmem(text.p, text.n, word, strlen(word)) != NULL;
}

static bool english(struct arena *a, const char *text, struct texts *ret, str *complaint)
{
    struct gen_file file = { STR("web/text/en.txt"), str_of(text) };
    struct gen_complaints c = { 0 };
    buf_init(&c.text, a, 4096);
    *ret = (struct texts){ 0 };
    bool good = texts_parse(a, &file, false, &c, ret);
    *complaint = buf_str(&c.text);
    return good;
}

static struct texts two(struct arena *a)
{
    struct texts texts;
    str complaint;
    CHECK(english(a, "hello = Hello {app}\nleft = {n} day | {n} days\n", &texts, &complaint));
    return texts;
}

static str german(struct arena *a, const char *text, struct catalogue *ret)
{
    struct gen_file file = { STR("web/locale/de.po"), str_of(text) };
    struct gen_complaints c = { 0 };
    struct texts texts = two(a);
    buf_init(&c.text, a, 4096);
    bool good = catalogue_parse(a, &file, &texts, &c, ret);
    CHECK(good == (c.text.n == 0));
    return buf_str(&c.text);
}

TEST(texts_have_keys_once)
{
    struct texts texts;
    str complaint;
    CHECK(english(arena, "# x\n\na = b = c\nb_2 = d\n", &texts, &complaint));
    CHECK(texts.n == 2);
    CHECK(!english(arena, "a = b\na = c\n", &texts, &complaint));
    CHECK_STR(complaint, STR("web/text/en.txt:2: the key a stands here twice\n"));
    CHECK(!english(arena, "a\n", &texts, &complaint));
    CHECK(!english(arena, "a =\n", &texts, &complaint));
    CHECK(!english(arena, "A = b\n", &texts, &complaint));
    CHECK(!english(arena, "a = b |\n", &texts, &complaint));
    CHECK(!english(arena, "a = b\x01\n", &texts, &complaint));
}

TEST(texts_name_their_holes)
{
    struct texts texts;
    str complaint;
    CHECK(english(arena, "a = {x} and {y_2} and {x}\nb = {n} day | {n} days of {z}\n", &texts, &complaint));
    CHECK(texts.entries[0].n_args == 2 && texts.entries[1].n_args == 2);
    CHECK_STR(texts.entries[0].args[1], STR("y_2"));
    CHECK_STR(texts.entries[1].plural, STR("{n} days of {z}"));
    CHECK(!english(arena, "a = {x\n", &texts, &complaint));
    CHECK(!english(arena, "a = {}\n", &texts, &complaint));
    CHECK(!english(arena, "a = {a}{b}{c}{d}{e}\n", &texts, &complaint));
    CHECK(holds(complaint, "more than 4 holes"));
}

TEST(catalogues_are_read_as_gettext_has_them)
{
    struct catalogue c;
    CHECK_STR(german(arena, HEADER HELLO LEFT, &c), STR(""));
    CHECK_STR(c.tag, STR("de"));
    CHECK_STR(c.plural, STR("n != 1"));
    CHECK(c.n_forms == 2);
    CHECK_STR(c.of[0].forms[0], STR("Hallo {app}"));
    CHECK_STR(c.of[1].forms[1], STR("{n} Tage"));
    CHECK_STR(german(arena,
                     "# Somebody\n" HEADER "\n#: login.html\n#, c-format\nmsgctxt \"hello\"\n"
                     "msgid \"\"\n\"Hello \"\n\"{app}\"\nmsgstr \"\\\"Hallo\\\" \"\n\"{app}\"\n" LEFT,
                     &c),
              STR(""));
    CHECK_STR(c.of[0].forms[0], STR("\"Hallo\" {app}"));
}

static void check_refused(struct arena *a, const char *text, const char *want)
{
    struct catalogue c;
    str complaint = german(a, text, &c);
    if (!holds(complaint, want))
        test_fail(__FILE__, __LINE__, "%s\n# got:  %.*s# want: %s", text, STR_ARG(complaint), want);
}

TEST(a_catalogue_out_of_step_stops_the_build)
{
    check_refused(arena, HEADER HELLO, "left is missing");
    check_refused(arena, HEADER LEFT HELLO, "the text here is \"Hello {app}\" (hello) now");
    check_refused(arena, HEADER HELLO LEFT HELLO, "no text is meant by this message");
    check_refused(arena, HEADER "\nmsgctxt \"hello\"\nmsgid \"Hello, {app}\"\nmsgstr \"x\"\n" LEFT, "(hello) now");
    check_refused(arena, HEADER "\nmsgctxt \"hello\"\nmsgid \"Hello {app}\"\nmsgstr \"\"\n" LEFT, "is not translated");
    check_refused(arena, HEADER "\n#, fuzzy\nmsgctxt \"hello\"\nmsgid \"Hello {app}\"\nmsgstr \"{app}\"\n" LEFT,
                  "marked as fuzzy");
    check_refused(arena, HEADER "\nmsgctxt \"hello\"\nmsgid \"Hello {app}\"\nmsgstr \"Hallo\"\n" LEFT,
                  "the hole {app} is missing");
    check_refused(arena, HEADER "\nmsgctxt \"hello\"\nmsgid \"Hello {app}\"\nmsgstr \"{app} {ap}\"\n" LEFT,
                  "the English text has no hole {ap}");
    check_refused(arena, HEADER "\nmsgctxt \"hello\"\nmsgid \"Hello {app}\"\nmsgstr \"{app}\\n\"\n" LEFT, "one line");
    check_refused(arena,
                  HEADER HELLO "\nmsgctxt \"left\"\nmsgid \"{n} day\"\nmsgid_plural \"{n} days\"\nmsgstr[0] \"x\"\n",
                  "not as many forms");
}

TEST(a_catalogue_that_is_none_stops_the_build)
{
    check_refused(arena, HELLO LEFT, "the first message is the header");
    check_refused(arena, "msgid \"\"\nmsgstr \"\"\n\"Language: de\\n\"\n", "Plural-Forms");
    check_refused(arena, "msgid \"\"\nmsgstr \"\"\n\"Language: fr\\n\"\n\"Plural-Forms: nplurals=1; plural=0;\\n\"\n",
                  "Language: ");
    check_refused(arena,
                  "msgid \"\"\nmsgstr \"\"\n\"Language: de\\n\"\n\"Plural-Forms: nplurals=1; plural=exit(1);\\n\"\n",
                  "an expression of n");
    check_refused(arena, HEADER "msgtxt \"hello\"\n", "is wanted");
    check_refused(arena, HEADER "\"more\n", "in double quotes");
    check_refused(arena, HEADER "msgctxt \"a\"b\"\n", "a quote in a string");
    check_refused(arena, HEADER "msgctxt \"a\\t\"\n", "only \\n");
    check_refused(arena, HEADER "msgctxt \"hello\"\nmsgid \"Hello {app}\"\nmsgstr[1] \"x\"\n", "msgstr, or msgstr[0]");
}

static str merged(struct arena *a, const char *text)
{
    struct gen_file file = { STR("web/locale/de.po"), str_of(text) };
    struct gen_complaints c = { 0 };
    struct texts texts = two(a);
    struct buf out;
    buf_init(&c.text, a, 4096);
    buf_init(&out, a, 65536);
    CHECK(catalogue_merge(a, &file, &texts, &c, &out));
    return buf_str(&out);
}

TEST(merging_brings_a_catalogue_in_step_and_loses_nothing)
{
    CHECK_STR(merged(arena, HEADER HELLO LEFT), STR(HEADER HELLO LEFT));
    str fresh = merged(arena, HEADER);
    CHECK(holds(fresh, "msgctxt \"hello\"\nmsgid \"Hello {app}\"\nmsgstr \"\"\n"));
    CHECK(holds(fresh, "msgid_plural \"{n} days\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n"));
    str changed = merged(arena, HEADER LEFT "\nmsgctxt \"hello\"\nmsgid \"Hi {app}\"\nmsgstr \"Servus {app}\"\n"
                                            "\nmsgctxt \"gone\"\nmsgid \"Gone\"\nmsgstr \"Weg\"\n");
    CHECK(holds(changed, "#, fuzzy\nmsgctxt \"hello\"\nmsgid \"Hello {app}\"\nmsgstr \"Servus {app}\"\n"));
    CHECK(holds(changed, LEFT) && !holds(changed, "gone"));
    CHECK_STR(merged(arena, arena_cstr(arena, changed)), changed);
}

TEST(texts_become_tables_plain_and_escaped)
{
    struct texts texts;
    struct catalogue c;
    struct buf header, code;
    str complaint;
    buf_init(&header, arena, 65536);
    buf_init(&code, arena, 65536);
    CHECK_STR(german(arena, HEADER HELLO LEFT, &c), STR(""));
    texts = two(arena);
    texts_write(arena, &texts, &c, 1, &header, &code);
    CHECK(holds(buf_str(&header), "TEXT_HELLO = 1,\n    TEXT_LEFT = 2,\n"));
    CHECK(holds(buf_str(&header), "LANGUAGE_EN,\n    LANGUAGE_DE,\n    LANGUAGES\n"));
    CHECK(holds(buf_str(&code), "[TEXT_HELLO] = { \"Hallo \\001\", 7 }"));
    CHECK(holds(buf_str(&code), "[TEXT_LEFT + 1] = { \"\\001 Tage\", 6 }"));
    CHECK(holds(buf_str(&code), "[LANGUAGE_DE] = plural_DE,"));
    CHECK(holds(buf_str(&code), "(unsigned)(n != 1);\n    return form < 2 ? form : 0;\n"));
    CHECK(english(arena, "a = A & \"B\"\n", &texts, &complaint));
    texts_write(arena, &texts, NULL, 0, &header, &code);
    CHECK(holds(buf_str(&code), "[TEXT_A] = { \"A & \\\"B\\\"\", 7 }"));
    CHECK(holds(buf_str(&code), "[TEXT_A] = { \"A &amp; &quot;B&quot;\", 21 }"));
}
