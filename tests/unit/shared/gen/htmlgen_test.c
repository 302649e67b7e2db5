/* The template compiler: what it writes, and every mistake that must stop a build. */
#include "shared/gen/htmlgen.h"

#include "tests/support/test.h"

#define LAYOUT                                                                                                         \
    "{{layout layout(title text, go url)}}\n<!doctype html>\n<html><head><title>{{title}}</title>"                     \
    "{{if go}}<meta http-equiv=\"refresh\" content=\"0;url={{go}}\">{{end}}</head><body>{{content}}</body></html>\n"

static struct text_entry entries[] = {
    { .key = { "hello", 5 }, .text = { "Hello", 5 } },
    { .key = { "dear", 4 }, .text = { "Dear {app}, {n}", 15 }, .args = { { "app", 3 }, { "n", 1 } }, .n_args = 2 },
    { .key = { "left", 4 }, .text = { "one", 3 }, .plural = { "{n}", 3 }, .args = { { "n", 1 } }, .n_args = 1 },
    { .key = { "ours", 4 }, .text = { "Ours", 4 }, .only_english = true },
};
#define N_ENTRIES (sizeof entries / sizeof entries[0])
static const str assets[] = { { "auth.css", 8 }, { "frame.js", 8 } };

struct run {
    bool good;
    str complaint, header, code;
};

static struct run run_as(struct arena *a, bool translated, const struct gen_file *files, size_t n)
{
    struct htmlgen_input in = { .app = STR("app"),
                                .templates = files,
                                .n_templates = n,
                                .translated = translated,
                                .texts = { entries, N_ENTRIES },
                                .assets = assets,
                                .n_assets = 2 };
    struct htmlgen_output out;
    struct run run = { .good = htmlgen_run(a, &in, &out) };
    run.complaint = buf_str(&out.complaints.text);
    run.header = buf_str(&out.header);
    run.code = buf_str(&out.code);
    return run;
}

static struct run run_files(struct arena *a, const struct gen_file *files, size_t n)
{
    return run_as(a, false, files, n);
}

/* page.html with this text, next to layout.html and an included file. */
static struct run run_page(struct arena *a, const char *text)
{
    const struct gen_file files[] = { { STR("web/app/_part.html"), STR("<b>{{name}}</b>\n") },
                                      { STR("web/app/_open.html"), STR("{{if name}}") },
                                      { STR("web/app/layout.html"), STR(LAYOUT) },
                                      { STR("web/app/page.html"), str_of(text) } };
    return run_files(a, files, 4);
}

static bool holds(str text, const char *word)
{
    return memmem(text.p, text.n, word, strlen(word)) != NULL;
}

/* The same of a server that is in every language; its layout has no words. */
static struct run run_translated(struct arena *a, const char *text)
{
    const struct gen_file files[] = { { STR("web/app/layout.html"), STR(LAYOUT) },
                                      { STR("web/app/page.html"), str_of(text) } };
    return run_as(a, true, files, 2);
}

static void check_said(struct run run, const char *text, const char *want)
{
    if (run.good)
        test_fail(__FILE__, __LINE__, "is taken: %s", text);
    if (!holds(run.complaint, want))
        test_fail(__FILE__, __LINE__, "%s\n# got:  %.*s# want: %s", text, STR_ARG(run.complaint), want);
}

static void check_complaint(struct arena *a, const char *text, const char *want)
{
    check_said(run_page(a, text), text, want);
}

#define PAGE "{{page page(name text, link url, n i64, on bool, list [text])}}\n"

TEST(holes_are_escaped_by_their_place)
{
    struct run run = run_page(arena, PAGE "<a title=\"x {{name}} y\" href=\"{{link}}\">{{name}} {{n}}</a>\n"
                                          "<textarea>{{name}}</textarea>");
    CHECK_STR(run.complaint, STR(""));
    CHECK(run.good);
    CHECK(holds(run.code, "buf_add(out, STR(\"<a title=\\\"x \"));\n    html_add_attr(out, p->name);"));
    CHECK(holds(run.code, "html_add_url(out, p->link);"));
    CHECK(holds(run.code, "html_add_text(out, p->name);"));
    CHECK(holds(run.code, "buf_add_i64(out, p->n);"));
    CHECK(holds(run.header, "    struct {\n        const str *items;\n        size_t n;\n    } list;\n"));
    CHECK(holds(run.header, "void page_page(struct buf *out, const struct page_page *p);"));
}

TEST(blocks_become_c)
{
    struct run run =
        run_page(arena, PAGE "{{if not on}}<p>a</p>{{else}}<p>b</p>{{end}}{{each list as x}}<i>{{x}}</i>{{end}}"
                             "{{if n}}<hr>{{end}}{{if list}}<hr>{{end}}{{# nothing }}");
    CHECK_STR(run.complaint, STR(""));
    CHECK(holds(run.code, "if (!(p->on)) {"));
    CHECK(holds(run.code, "} else {"));
    CHECK(holds(run.code, "for (size_t i0 = 0; i0 < p->list.n; i0++) {"));
    CHECK(holds(run.code, "html_add_text(out, *e0);"));
    CHECK(holds(run.code, "if (p->n != 0) {"));
    CHECK(holds(run.code, "if ((p->list).n > 0) {"));
    CHECK(!holds(run.code, "nothing"));
}

TEST(a_layout_surrounds_its_page)
{
    struct run run =
        run_page(arena, PAGE "{{use layout(title t.hello, go link)}}\n<p>{{include \"_part.html\"}}</p>\n");
    CHECK_STR(run.complaint, STR(""));
    CHECK(holds(run.code, "buf_add(out, text_html(lang, TEXT_HELLO));"));
    CHECK(holds(run.code, "if ((p->link).n > 0) {"));
    CHECK(holds(run.code, "content=\\\"0;url=\"));\n        html_add_url(out, p->link);"));
    CHECK(holds(run.code, "<body>\" \"<p>\" \"<b>\"));\n    html_add_text(out, p->name);"));
    CHECK(holds(run.code, "</b>\\n\" \"</p>\\n\" \"</body></html>\\n"));
}

TEST(a_literal_is_escaped_when_it_is_compiled)
{
    struct run run = run_page(arena, PAGE "{{use layout(title \"A & <B>\", go \"\")}}<p>x</p>");
    CHECK_STR(run.complaint, STR(""));
    CHECK(holds(run.code, "<title>\" \"A &amp; &lt;B&gt;\" \"</title>"));
    CHECK(holds(run.code, "if (false) {"));
}

TEST(assets_stand_in_scripts_and_styles)
{
    struct run run = run_page(arena, PAGE "<link rel=\"stylesheet\" href=\"{{asset \"auth.css\"}}\">"
                                          "<script src=\"{{asset \"frame.js\"}}\" defer></script>");
    CHECK_STR(run.complaint, STR(""));
    CHECK(holds(run.code, "href=\\\"\" ASSET_URL_AUTH_CSS \"\\\">"));
}

TEST(an_attribute_may_be_there_or_not)
{
    CHECK(run_page(arena, PAGE "<p{{if on}} class=\"a{{if name}} {{name}}{{end}}\"{{end}}>x</p>").good);
    CHECK(run_page(arena, PAGE "<input{{if on}} checked{{end}}>").good);
    CHECK(run_page(arena, PAGE "<input {{if on}}checked{{end}} value=\"{{name}}\">").good);
    check_complaint(arena, PAGE "<p{{if on}} class{{end}}=\"x\">x</p>", "this character cannot stand here");
    check_complaint(arena, PAGE "<p{{if on}} a{{end}}b=\"x\">x</p>", "this character cannot stand here");
}

TEST(holes_stand_nowhere_else)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "<script>{{name}}</script>", "page.html:2: a hole may not stand inside script" },
        { "<script>x</script>", "page.html:2: nothing may stand inside script" },
        { "\n\n<style>{{name}}</style>", "page.html:4: this element is not allowed" },
        { "<p style=\"{{name}}\">", "page.html:2: this attribute is not allowed" },
        { "<p onclick=\"{{name}}\">", "event attributes are not allowed" },
        { "<p ONCLICK=\"x\">", "event attributes are not allowed" },
        { "<p class={{name}}>", "must stand in double quotes" },
        { "<p class=x>", "written in double quotes" },
        { "<p class='x'>", "written in double quotes" },
        { "<{{name}}>", "a hole may not be a tag name" },
        { "<p{{name}}>", "a hole may not be a tag name" },
        { "<p {{name}}>", "a hole may not be an attribute name" },
        { "<p a{{name}}=\"x\">", "a hole may not be an attribute name" },
        { "<p a=\"x\"{{name}}>", "a hole may not be an attribute name" },
        { "<!-- {{name}} -->", "a hole may not stand in a declaration" },
        { "<!-- x -->", "only <!doctype html>" },
        { "<p><!-- x --></p>", "comments are not allowed" },
        { "<!doctype {{name}}>", "a hole may not stand in a declaration" },
        { "<iframe srcdoc=\"{{name}}\"></iframe>", "this attribute is not allowed" },
        { "<iframe>{{name}}</iframe>", "a hole may not stand inside script and iframe" },
        { "<img srcset=\"{{link}}\">", "a hole may not stand in this attribute" },
        { "<object data=\"{{link}}\">", "this element is not allowed" },
        { "<base href=\"{{link}}\">", "this element is not allowed" },
        { "<a xlink:href=\"{{link}}\">", "a hole may not stand in this attribute" },
        { "<svg><a href=\"{{link}}\">x</a></svg>", "in an attribute of svg" },
        { "<meta content=\"{{link}}\">", "in a meta element" },
        { "<meta content=\"0;url={{name}}\">", "in a meta element" },
        { "<meta content=\"0;url={{link}}x\">", "must be the whole URL" },
        { "<meta name=\"{{name}}\">", "in a meta element" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_complaint(arena, arena_cstr(arena, arena_printf(arena, PAGE "%s", cases[i].text)), cases[i].want);
}

TEST(addresses_are_whole_and_of_their_type)
{
    check_complaint(arena, PAGE "<a href=\"{{name}}\">x</a>", "only a value of type url");
    check_complaint(arena, PAGE "<a href=\"/x/{{link}}\">x</a>", "must be the whole URL");
    check_complaint(arena, PAGE "<a href=\"{{link}}?a=1\">x</a>", "must be the whole URL");
    check_complaint(arena, PAGE "<a href=\"{{link}}{{link}}\">x</a>", "must be the whole URL");
    check_complaint(arena, PAGE "<a href=\"{{if on}}/x{{end}}{{link}}\">x</a>", "must be the whole URL");
    check_complaint(arena, PAGE "<form action=\"{{name}}\"></form>", "only a value of type url");
    check_complaint(arena, PAGE "<button formaction=\"{{name}}\">x</button>", "only a value of type url");
    check_complaint(arena, PAGE "<img src=\"{{name}}\">", "only a value of type url");
    check_complaint(arena, PAGE "<script src=\"{{link}}\"></script>", "only an asset");
    check_complaint(arena, PAGE "<link href=\"{{link}}\">", "only an asset");
    CHECK(run_page(arena, PAGE "<a href=\"{{if on}}{{link}}{{else}}/x{{end}}\">{{link}}</a>").good);
}

TEST(html_is_strict)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "<p>", "an element is left open" },
        { "<p></div>", "does not close the innermost" },
        { "</p>", "closes nothing" },
        { "a < b", "written &lt;" },
        { "<p/>", "only void elements" },
        { "<title><b></title>", "written &lt;" },
        { "<title></textarea>", "does not close the innermost" },
        { "<p a=\"b\"c=\"d\">", "cannot stand here in a tag" },
        { "<p \"x\">", "cannot stand here in a tag" },
        { "</p x>", "holds nothing but its name" },
        { "<p><![CDATA[x]]></p>", "markup declarations" },
        { "<?php x ?>", "written &lt;" },
        { "\x01", "control characters" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_complaint(arena, arena_cstr(arena, arena_printf(arena, PAGE "%s", cases[i].text)), cases[i].want);
}

TEST(branches_end_at_the_same_place)
{
    check_complaint(arena, PAGE "{{if on}}<p>{{end}}x</p>", "the branches of this {{if}} end at different places");
    check_complaint(arena, PAGE "{{if on}}<p>{{else}}<b>{{end}}x</p>", "the branches of this {{if}}");
    check_complaint(arena, PAGE "<p {{if on}}a=\"{{end}}\">", "the branches of this {{if}}");
    check_complaint(arena, PAGE "<p a{{if on}}=\"x\"{{else}} b=\"{{end}}\">x</p>", "the branches of this {{if}}");
    check_complaint(arena, PAGE "{{each list as x}}<p>{{end}}</p>", "the loop must end where it began");
    check_complaint(arena, PAGE "{{use layout(title name, go link)}}\n</body><p>", "the page leaves an element open");
    check_complaint(arena, PAGE "{{use layout(title name, go link)}}\n<p>", "the page leaves an element open");
}

TEST(names_are_known)
{
    check_complaint(arena, PAGE "<p>{{nam}}</p>",
                    "page.html:2: there is no \"nam\" here; page has: name, link, n, on, list");
    check_complaint(arena, PAGE "<p>{{t.nothing}}</p>", "no text \"nothing\"");
    check_complaint(arena, PAGE "<img src=\"{{asset \"x.svg\"}}\">", "no file \"x.svg\"");
    check_complaint(arena, PAGE "<p>{{name.x}}</p>", "has no fields");
    check_complaint(arena, PAGE "{{each list as x}}{{x.y}}{{end}}", "is no record");
    check_complaint(arena, PAGE "{{each name as x}}{{end}}", "wants a list");
    check_complaint(arena, PAGE "<p>{{list}}</p>", "only text, url and i64 can be written");
    check_complaint(arena, PAGE "<p>{{on}}</p>", "only text, url and i64 can be written");
    check_complaint(arena, PAGE "{{use none()}}", "there is no layout none");
    check_complaint(arena, PAGE "{{use layout(title name)}}<p>x</p>", "gives no value for go");
    check_complaint(arena, PAGE "{{use layout(title name, go name)}}<p>x</p>", "another type for go");
    check_complaint(arena, PAGE "{{use layout(title name, go link, x on)}}<p>x</p>", "no parameter x");
    check_complaint(arena, "{{page page(rows [row])}}", "there is no type row");
    check_complaint(arena, "{{type row(a text)}}{{page page(r row)}}", "passed as a list");
    check_complaint(arena, "{{type row(rows [row])}}{{page page(rows [row])}}", "there is no type row");
}

TEST(records_are_read_field_by_field)
{
    struct run run = run_page(arena, "{{type row(a text, more [text])}}\n{{page page(rows [row])}}\n"
                                     "{{each rows as r}}<p>{{r.a}}{{each r.more as m}}{{m}}{{end}}</p>{{end}}");
    CHECK_STR(run.complaint, STR(""));
    CHECK(holds(run.header, "struct row {\n    str a;"));
    CHECK(holds(run.code, "html_add_text(out, e0->a);"));
    CHECK(holds(run.code, "i1 < e0->more.n"));
    check_complaint(arena, "{{type row(a text)}}\n{{page page(rows [row])}}\n{{each rows as r}}{{r.b}}{{end}}",
                    "page.html:3: there is no \"b\" here; row has: a");
    check_complaint(arena, "{{type row(a text)}}\n{{page page(rows [row])}}\n{{each rows as r}}{{r}}{{end}}",
                    "name one of its");
}

TEST(directives_are_whole)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { PAGE "{{if on}}", "page.html:2: this block has no {{end}}" },
        { PAGE "{{end}}", "without {{if}} or {{each}}" },
        { PAGE "{{else}}", "without {{if}} or {{each}}" },
        { PAGE "{{if on}}{{else}}{{else}}{{end}}", "two {{else}}" },
        { PAGE "{{each list as x}}{{else}}{{end}}", "a loop has no {{else}}" },
        { PAGE "{{each list}}{{end}}", "{{each LIST as NAME}}" },
        { PAGE "{{each list as int}}{{end}}", "is not a name" },
        { PAGE "{{name", "never closed" },
        { PAGE "{{name x}}", "unexpected \"x\"" },
        { PAGE "{{}}", "a value is wanted" },
        { PAGE "{{*}}", "a value is wanted" },
        { PAGE "{{\"a}}", "a value is wanted" },
        { PAGE "{{Name}}", "a name (a-z, 0-9, _) is wanted" },
        { PAGE PAGE, "one page, layout or mail" },
        { PAGE "{{if on}}" PAGE "{{end}}", "at the top of a file" },
        { PAGE "{{content}}", "in a layout" },
        { PAGE "{{include \"_none.html\"}}", "names a file of this folder" },
        { PAGE "{{include \"layout.html\"}}", "begins with an underscore" },
        { PAGE "{{include \"_open.html\"}}{{end}}", "this block has no {{end}} in the same file" },
        { "<p>x</p>", "text before {{page}}" },
        { "{{page page(a text, a url)}}", "declared twice" },
        { "{{page page(int text)}}", "a field name is wanted" },
        { "{{page page(a [text)}}", "] is wanted" },
        { "{{page page(a)}}", "a type is wanted" },
        { "{{page page(a text}}", ", or ) is wanted" },
        { "{{type r()}}" PAGE, "at least one field" },
        { "{{type r(a text)}}{{type r(a text)}}" PAGE, "declared twice" },
        { "{{mail page(a text)}}\nSubject: x\n\ny", "mails stand in .txt files" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_complaint(arena, cases[i].text, cases[i].want);
}

TEST(nesting_and_includes_have_an_end)
{
    str deep = str_of(PAGE);
    for (int i = 0; i < 40; i++)
        deep = arena_printf(arena, "%.*s{{if on}}", STR_ARG(deep));
    check_complaint(arena, arena_cstr(arena, deep), "nested more than 16");
    str elements = str_of(PAGE);
    for (int i = 0; i < 60; i++)
        elements = arena_printf(arena, "%.*s<b>", STR_ARG(elements));
    check_complaint(arena, arena_cstr(arena, elements), "nested too deeply");
    const struct gen_file circle[] = { { STR("web/app/_a.html"),
                                         STR("{{include \"_a.html\"}}{{include \"_a.html\"}}") },
                                       { STR("web/app/p.html"), STR("{{page p()}}{{include \"_a.html\"}}") } };
    struct run run = run_files(arena, circle, 2);
    CHECK(!run.good && holds(run.complaint, "include each other"));
}

TEST(a_mail_has_subject_and_text)
{
    const struct gen_file mail = {
        STR("web/app/code.txt"),
        STR("{{mail code(name text, n i64)}}\nSubject: Hello {{name}}\n\n{{if n}}\n{{n}} & \"{{name}}\"\n"
            "{{end}}\n{{t.hello}}\n")
    };
    struct run run = run_files(arena, &mail, 1);
    CHECK_STR(run.complaint, STR(""));
    CHECK(holds(run.header, "void mail_code_subject(struct buf *out, const struct mail_code *p);"));
    CHECK(holds(run.code, "buf_add(out, STR(\"Hello \"));\n    mail_add_text(out, p->name);\n}"));
    CHECK(
        holds(run.code, "if (p->n != 0) {\n        buf_add_i64(out, p->n);\n        buf_add(out, STR(\" & \\\"\"));"));
    CHECK(holds(run.code, "buf_add(out, text_in(lang, TEXT_HELLO));"));
    const struct gen_file bare = { STR("web/app/code.txt"), STR("{{mail code(name text)}}\nHello\n") };
    CHECK(holds(run_files(arena, &bare, 1).complaint, "begins with a line \"Subject: ...\""));
    const struct gen_file page = { STR("web/app/code.txt"), STR("{{page code(name text)}}\nHello\n") };
    CHECK(holds(run_files(arena, &page, 1).complaint, "mails stand in .txt files"));
}

TEST(what_is_around_a_page_comes_in_a_frame)
{
    struct run run = run_translated(arena, PAGE "<link rel=\"stylesheet\" href=\"{{frame.sheet}}\">"
                                                "{{if frame.logo}}<img src=\"{{frame.logo}}\">{{end}}{{frame.name}}");
    CHECK(run.good);
    CHECK(holds(run.code, "html_add_url(out, frame->sheet);"));
    CHECK(holds(run.code, "html_add_text(out, frame->name);"));
    check_said(run_translated(arena, PAGE "{{frame.css}}"), "css", "a frame has: name, host");
    check_said(run_translated(arena, PAGE "<script src=\"{{frame.sheet}}\"></script>"), "script", "only an asset");
    check_said(run_translated(arena, PAGE "<link rel=\"stylesheet\" href=\"{{frame.logo}}\">"), "link",
               "only an asset");
}

TEST(a_text_with_holes_takes_the_values_in_the_order_of_the_language)
{
    struct run run = run_page(arena, PAGE "<p>{{t.dear(n n, app name)}}</p>");
    CHECK_STR(run.complaint, STR(""));
    CHECK(holds(run.code, "str rest = text_html(lang, TEXT_DEAR);"));
    CHECK(holds(run.code, "buf_add(out, STR(\"<bdi class=\\\"app\\\">\"));\n"
                          "                html_add_text(out, p->name);\n"
                          "                buf_add(out, STR(\"</bdi>\"));"));
    CHECK(holds(run.code, "if (hole == 2) {\n                buf_add_i64(out, p->n);\n"));
    run = run_page(arena, PAGE "<p title=\"{{t.dear(n n, app name)}}\"></p>");
    CHECK(holds(run.code, "html_add_attr(out, p->name);") && !holds(run.code, "bdi"));
}

TEST(the_values_are_those_of_the_holes)
{
    check_complaint(arena, PAGE "{{t.dear}}", "t.dear wants a value for {app}");
    check_complaint(arena, PAGE "{{t.dear(n n)}}", "t.dear wants a value for {app}");
    check_complaint(arena, PAGE "{{t.dear(n n, app name, x name)}}", "the text has other holes");
    check_complaint(arena, PAGE "{{t.hello(n n)}}", "the text has other holes");
    check_complaint(arena, PAGE "{{t.dear(n n, app \"Bob\")}}", "in the hole of a text stands a field");
    check_complaint(arena, PAGE "{{t.dear(n n, app on)}}", "only text, url and i64");
    check_complaint(arena, PAGE "{{t.left(n n)}}", "t.left counts something");
    check_complaint(arena, PAGE "{{t.dear(n n, app name}}", ", or ) is wanted");
    check_complaint(arena, PAGE "{{use layout(title t.dear, go \"\")}}x", "cannot have any here");
}

TEST(a_translated_page_has_no_words_of_its_own)
{
    struct run run = run_translated(arena, PAGE "<b lang=\"{{language.tag}}\" dir=\"{{language.direction}}\">"
                                                "{{t.hello}} – {{name}} (1)</b>");
    CHECK_STR(run.complaint, STR(""));
    CHECK(holds(run.header, "void page_page(struct buf *out, enum language lang, const struct frame *frame, "
                            "const struct page_page *p);"));
    CHECK(holds(run.code, "html_add_attr(out, language_tags[lang]);"));
    static const char *const worded[] = {
        PAGE "<b>Hello</b>",
        PAGE "<b>\xd0\x9f</b>",
        PAGE "<b>&copy;</b>",
        PAGE "<img alt=\"Logo\">",
        PAGE "<a title=\"{{name}} x\">1</a>",
        PAGE "<a aria-label=\"x\">1</a>",
        PAGE "<input placeholder=\"x\">",
        PAGE "{{\"word\"}}",
        PAGE "{{use layout(title \"Word\", go \"\")}}<b>1</b>",
    };
    for (size_t i = 0; i < sizeof worded / sizeof worded[0]; i++)
        check_said(run_translated(arena, worded[i]), worded[i], "words stand in web/text");
    check_said(run_translated(arena, PAGE "{{t.ours}}"), "ours", "has no text \"ours\"");
    check_said(run_translated(arena, PAGE "{{language.name}}"), "name", "of the language there is");
}

TEST(a_translated_mail_keeps_names_apart_and_comes_whole)
{
    const struct gen_file mail = { STR("web/app/code.txt"),
                                   STR("{{mail code(name text, n i64)}}\nSubject: {{t.hello}}\n\n"
                                       "{{t.dear(app name, n n)}}\n\n    {{name}}\n") };
    struct run run = run_as(arena, true, &mail, 1);
    CHECK_STR(run.complaint, STR(""));
    CHECK(
        holds(run.header, "struct letter mail_code(struct arena *a, enum language lang, const struct mail_code *p);"));
    CHECK(holds(run.code, "mail_add_name(out, p->name, language_is_rtl(lang));"));
    CHECK(holds(run.code, "mail_code_subject(&subject, lang, p);"));
    const struct gen_file worded = { STR("web/app/code.txt"),
                                     STR("{{mail code(name text)}}\nSubject: {{t.hello}}\n\nBye\n") };
    CHECK(holds(run_as(arena, true, &worded, 1).complaint, "words stand in web/text"));
}
