/* The HTML of a letter has a bound that no words of a partner exceed. */
#include "authsrv/flow/partner/branded_mail.h"

#include "authsrv/domain/account/mail_words.h"
#include "tests/support/test.h"

/* The longest that escaping makes: n quotes, in lines of that many. */
static str quotes(struct arena *a, size_t n, size_t line)
{
    struct buf out;
    buf_init(&out, a, n);
    for (size_t i = 1; i <= n; i++)
        buf_add_char(&out, i % line ? '"' : '\n');
    return buf_str(&out);
}

static struct letter dressed(struct arena *a, str subject, str words, str ours)
{
    const colour colours[PALETTE_N] = { { 0 } };
    struct letter letter = { .subject = subject,
                             .text = arena_printf(a, "%.*s\n\n%.*s\n\n%.*s", STR_ARG(words), STR_ARG(ours),
                                                  STR_ARG(words)) };
    const struct letter_look look = { LANGUAGE_EN, quotes(a, MAIL_NAME_MAX_BYTES, SIZE_MAX), STR("https://as.example"),
                                      colours };
    letter_dress(a, &look, &letter);
    return letter;
}

TEST(the_longest_words_of_quotes_become_html)
{
    str subject = quotes(arena, MAIL_SUBJECT_MAX_BYTES, SIZE_MAX);
    const char *ours = "Who asks.\n\n    12345678\n\n    https://as.example/not-me?a=1&b=2\n\nBye";
    const struct letter letter = dressed(arena, subject, quotes(arena, MAIL_WORDS_MAX_BYTES, 800), str_of(ours));
    CHECK(str_given(letter.html));
    CHECK(letter.html.n > 2 * 6 * (MAIL_WORDS_MAX_BYTES - 6) && letter.html.n <= LETTER_HTML_MAX_BYTES);
    CHECK(str_ends(letter.html, STR("</html>\n")));
}

TEST(a_letter_whose_html_could_be_too_long_is_text)
{
    const struct letter letter = dressed(arena, STR("Hello"), quotes(arena, LETTER_MAX_BYTES, 2), STR("x"));
    CHECK(!str_given(letter.html));
    CHECK(str_given(letter.text));
}
