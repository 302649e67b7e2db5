/* What a partner says in mails, and how their text becomes an HTML alternative that says the same. */
#include "authsrv/domain/account/letter.h"

#include "authsrv/domain/account/mail_words.h"
#include "tests/support/test.h"

static const str tags[] = { { "en", 2 }, { "de", 2 } };
static const struct languages there = { tags, sizeof tags / sizeof tags[0] };

static const struct json_value *document(struct arena *a, const char *text)
{
    const struct json_value *doc;
    CHECK(json_parse(a, str_of(text), &doc));
    return doc;
}

/* "mails.code.de.subject", or "good" */
static str judged(struct arena *a, const char *text)
{
    struct branding_problem problem;
    return mail_words_judge(a, document(a, text), &there, &problem) ? STR("good") : problem.param;
}

static str subject(struct arena *a, const char *words)
{
    return judged(a, arena_cstr(a, arena_printf(a, "{\"code\":{\"de\":{\"subject\":\"%s\"}}}", words)));
}

static str intro(struct arena *a, const char *words)
{
    return judged(a, arena_cstr(a, arena_printf(a, "{\"code\":{\"de\":{\"intro\":\"%s\"}}}", words)));
}

static void found(struct arena *a, const char *mails, str app, struct mail_words *ret)
{
    const struct mail_names names = { app, app };
    mail_words_find(a, document(a, mails), MAIL_OF_code, STR("de"), &names, ret);
}

#define OF_SUBJECT STR("mails.code.de.subject")
#define OF_INTRO STR("mails.code.de.intro")

TEST(words_of_partners_are_known_mails_languages_and_parts)
{
    CHECK_STR(judged(arena, "{}"), STR("good"));
    CHECK_STR(judged(arena, "{\"code\":{},\"sign_up\":{\"en\":{}},\"approval\":{\"de\":{\"footer\":\"x\"}}}"),
              STR("good"));
    CHECK_STR(judged(arena, "[]"), STR("mails"));
    CHECK_STR(judged(arena, "{\"reset\":{}}"), STR("mails.reset"));
    CHECK_STR(judged(arena, "{\"code\":1}"), STR("mails.code"));
    CHECK_STR(judged(arena, "{\"code\":{\"sv\":{}}}"), STR("mails.code.sv"));
    CHECK_STR(judged(arena, "{\"code\":{\"de\":\"x\"}}"), STR("mails.code.de"));
    CHECK_STR(judged(arena, "{\"code\":{\"de\":{\"html\":\"x\"}}}"), STR("mails.code.de.html"));
    CHECK_STR(judged(arena, "{\"code\":{\"de\":{\"intro\":1}}}"), OF_INTRO);
}

TEST(a_subject_is_one_line_without_another_header)
{
    CHECK_STR(subject(arena, "Your code for {app}, by {partner}"), STR("good"));
    CHECK_STR(subject(arena, ""), OF_SUBJECT);
    CHECK_STR(subject(arena, "   "), OF_SUBJECT);
    CHECK_STR(subject(arena, "Hello\\nBcc: eve@evil.example"), OF_SUBJECT);
    CHECK_STR(subject(arena, "Hello\\r\\nBcc: eve@evil.example"), OF_SUBJECT);
    CHECK_STR(subject(arena, "Hello\\tthere"), OF_SUBJECT);
    CHECK_STR(subject(arena, "abc\\u202egfe"), OF_SUBJECT);
    CHECK_STR(subject(arena, "abc\\u2028def"), OF_SUBJECT);
    str long_one = arena_printf(arena, "%0*d", 121, 0);
    CHECK_STR(subject(arena, arena_cstr(arena, long_one)), OF_SUBJECT);
    CHECK_STR(subject(arena, arena_cstr(arena, (str){ long_one.p, 120 })), STR("good"));
}

TEST(holes_are_the_two_names_and_nothing_else)
{
    CHECK_STR(intro(arena, "{app}{partner}"), STR("good"));
    const char *const bad[] = {
        "{code}", "{}", "{app", "app}", "{{app}}", "{ app }", "{app partner}", "%s {disown_url}"
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_STR(intro(arena, bad[i]), OF_INTRO);
}

TEST(an_introduction_is_a_few_lines_without_addresses)
{
    CHECK_STR(intro(arena, "Dear reader,\\n\\nwelcome to {app}."), STR("good"));
    CHECK_STR(intro(arena, "1\\n2\\n3\\n4\\n5\\n6"), STR("good"));
    CHECK_STR(intro(arena, "1\\n2\\n3\\n4\\n5\\n6\\n7"), OF_INTRO);
    CHECK_STR(intro(arena, "1\\n"), OF_INTRO);
    CHECK_STR(intro(arena, "ok\\n    12345678"), OF_INTRO);
    const char *const bad[] = { "see https://evil.example",
                                "HTTP://evil",
                                "WWW.evil.example",
                                "x://y",
                                "Mailto:a",
                                "evil.example/verify",
                                "at evil.example./x",
                                "1.evil.example:80/x",
                                "{app}.example/x",
                                "evil.{app}/x",
                                "evil.example",
                                "a@evil.example",
                                "write to evil.io today",
                                "{app}.example",
                                "x.{app}",
                                "b\u00fc.example",
                                "1.example" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_STR(intro(arena, bad[i]), OF_INTRO);
    CHECK_STR(intro(arena, "24/7, and/or 1.5/2, Co./Ltd., z.B. am 3. Mai, U.S.A., e.V. /"), STR("good"));
}

TEST(a_name_in_a_hole_makes_no_address_and_nothing_that_stands_apart)
{
    const char *mails = "{\"code\":{\"de\":{\"subject\":\"{app}: Code\",\"intro\":\"Hallo\\n{app}\","
                        "\"footer\":\"See {app}/verify\"}}}";
    struct mail_words words;
    found(arena, mails, STR("https://evil.example/x"), &words);
    CHECK(!str_given(words.subject) && !str_given(words.intro) && !str_given(words.footer));
    found(arena, mails, STR("evil.example"), &words);
    CHECK_STR(words.subject, STR("evil.example: Code"));
    CHECK(str_given(words.intro) && !str_given(words.footer));
    found(arena, mails, STR("    12345678"), &words);
    CHECK(!str_given(words.subject) && !str_given(words.intro) && str_given(words.footer));
    found(arena, mails, STR("Ink"), &words);
    CHECK_STR(words.footer, STR("See Ink/verify"));
}

TEST(words_are_found_by_mail_and_language_with_the_names_in_their_holes)
{
    const struct json_value *mails = document(
        arena, "{\"code\":{\"de\":{\"subject\":\"{app}: Ihr Code\",\"footer\":\"Gruss\\n{partner}, {partner}\"}}}");
    const struct mail_names names = { STR("Ink {partner}"), STR("Wordsmiths") };
    struct mail_words words;
    mail_words_find(arena, mails, MAIL_OF_code, STR("de"), &names, &words);
    CHECK_STR(words.subject, STR("Ink {partner}: Ihr Code"));
    CHECK_STR(words.footer, STR("Gruss\nWordsmiths, Wordsmiths"));
    CHECK(!str_given(words.intro));
    mail_words_find(arena, mails, MAIL_OF_code, STR("en"), &names, &words);
    CHECK(!str_given(words.subject) && !str_given(words.footer));
    mail_words_find(arena, NULL, MAIL_OF_approval, STR("de"), &names, &words);
    CHECK(!str_given(words.subject));
}

/* times x text */
static const char *many(struct arena *a, const char *text, size_t times)
{
    struct buf out;
    buf_init(&out, a, 65536);
    for (size_t i = 0; i < times; i++)
        buf_add(&out, str_of(text));
    return arena_cstr(a, buf_str(&out));
}

/* The longest name: 64 characters of 4 bytes between isolates. */
static str longest_name(struct arena *a)
{
    return str_of(arena_cstr(a, arena_printf(a, "\xe2\x81\xa8%s\xe2\x81\xa9", many(a, "\xf0\x9f\x96\x8b", 64))));
}

static const char *mails_of(struct arena *a, const char *part, const char *words)
{
    return arena_cstr(a, arena_printf(a, "{\"code\":{\"de\":{\"%s\":\"%s\"}}}", part, words));
}

TEST(words_are_measured_with_the_longest_names_and_all_that_are_allowed_can_be_filled)
{
    const str name = longest_name(arena);
    struct mail_words words;
    CHECK_I64(name.n, MAIL_NAME_MAX_BYTES);

    const char *three = arena_cstr(arena, arena_printf(arena, "{app}{partner}{app}%s", many(arena, "x", 101)));
    const char *more = "{app}{partner}{app}{app}";
    CHECK_STR(subject(arena, three), STR("good"));
    found(arena, mails_of(arena, "subject", three), name, &words);
    CHECK_I64(words.subject.n, 3 * MAIL_NAME_MAX_BYTES + 101);
    CHECK_STR(subject(arena, more), OF_SUBJECT);
    CHECK_STR(subject(arena, many(arena, "{app}", 24)), OF_SUBJECT);
    found(arena, mails_of(arena, "subject", more), name, &words);
    CHECK(!str_given(words.subject));

    const char *line = many(arena, "{app}", 5);
    const char *full = arena_cstr(
        arena, arena_printf(arena, "%s\\n%s\\n%s\\n%s", line, line, line, many(arena, "y", 4096 - 15 * 262 - 3)));
    CHECK_STR(intro(arena, full), STR("good"));
    found(arena, mails_of(arena, "intro", full), name, &words);
    CHECK_I64(words.intro.n, MAIL_WORDS_MAX_BYTES);
    CHECK_STR(intro(arena, arena_cstr(arena, arena_printf(arena, "%sy", full))), OF_INTRO);
    CHECK_STR(intro(arena, arena_cstr(arena, arena_printf(arena, "%s\\n{app}", full))), OF_INTRO);
}

TEST(words_that_were_kept_before_they_were_measured_are_not_said)
{
    const char *line = many(arena, "{app}", 40);
    const char *six =
        arena_cstr(arena, arena_printf(arena, "%s\\n%s\\n%s\\n%s\\n%s\\n%s", line, line, line, line, line, line));
    struct mail_words words;
    found(arena, mails_of(arena, "footer", six), longest_name(arena), &words);
    CHECK(!str_given(words.footer));
    found(arena, mails_of(arena, "footer", six), STR("Ink"), &words);
    CHECK_I64(words.footer.n, 6 * 40 * 3 + 5);
}

TEST(a_letter_is_split_into_words_and_what_stands_apart)
{
    const struct letter_part *p;
    size_t n = letter_split(
        arena,
        STR("Dear Ada,\nwelcome.\n\nYour code:\n\n    12345678\n\n\n    https://as.example/not-me?k=1\n    "
            "javascript:alert(1)\nBye"),
        STR("https://as.example"), &p);
    CHECK_I64(n, 6);
    CHECK(p[0].kind == LETTER_WORDS && p[0].lines.n == 2);
    CHECK_STR(p[0].lines.items[1], STR("welcome."));
    CHECK(p[2].kind == LETTER_APART);
    CHECK_STR(p[2].lines.items[0], STR("12345678"));
    CHECK(p[3].kind == LETTER_LINK);
    CHECK_STR(p[3].lines.items[0], STR("https://as.example/not-me?k=1"));
    CHECK(p[4].kind == LETTER_APART);
    CHECK_STR(p[5].lines.items[0], STR("Bye"));
    CHECK_I64(letter_split(arena, STR(""), STR("https://as.example"), &p), 0);
}

TEST(a_link_leads_home_and_what_a_client_says_nowhere)
{
    const struct letter_part *p;
    const char *const others[] = { "https://evil.example/x",  "https://as.example.evil.example/",
                                   "https://as.example@evil", "https://as.example:81/",
                                   "http://as.example/",      "https://as.example" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        CHECK_I64(letter_split(arena, arena_printf(arena, "    %s", others[i]), STR("https://as.example"), &p), 1);
        CHECK(p[0].kind == LETTER_APART);
    }
    CHECK_I64(letter_split(arena, STR("    https://as.example/t/approve/1"), STR("https://as.example/t"), &p), 1);
    CHECK(p[0].kind == LETTER_LINK);
}
