/* Mails of sandboxes say that they are a test, in the language in which they are written. */
#include "paysrv/flow/message/mail_mark.h"

#include "tests/support/test.h"

TEST(a_mail_of_a_sandbox_says_so_in_every_language)
{
    const struct letter plain = { .subject = STR("Money back"), .text = STR("Text") };
    for (enum language l = 0; l < LANGUAGES; l++) {
        const struct letter mail = mail_of_test(arena, l, plain);
        str word = text_in(l, TEXT_MAIL_TEST), note = text_in(l, TEXT_ACQ_TEST_MODE);
        CHECK_STR(mail.subject, arena_printf(arena, "[%.*s] Money back", STR_ARG(word)));
        CHECK_STR(mail.text, arena_printf(arena, "%.*s\n\nText", STR_ARG(note)));
        CHECK(word.n > 0 && (l == LANGUAGE_EN || !str_eq(note, text_of(TEXT_ACQ_TEST_MODE))));
    }
    CHECK_STR(mail_of_test(arena, LANGUAGE_EN, plain).subject, STR("[Test] Money back"));
    CHECK_STR(mail_of_test(arena, LANGUAGE_RU, plain).subject, STR("[Тест] Money back"));
    CHECK_STR(mail_of_test(arena, LANGUAGE_JA, plain).subject, STR("[テスト] Money back"));
}
