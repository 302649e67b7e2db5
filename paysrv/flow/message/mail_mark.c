/* See mail_mark.h. */
#include "paysrv/flow/message/mail_mark.h"

struct letter mail_of_test(struct arena *a, enum language lang, struct letter letter)
{
    str word = text_in(lang, TEXT_MAIL_TEST), note = text_in(lang, TEXT_ACQ_TEST_MODE);
    return (struct letter){
        .subject = arena_printf(a, "[%.*s] %.*s", STR_ARG(word), STR_ARG(letter.subject)),
        .text = arena_printf(a, "%.*s\n\n%.*s", STR_ARG(note), STR_ARG(letter.text)),
    };
}
