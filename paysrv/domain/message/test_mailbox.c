/* See test_mailbox.h. */
#include "paysrv/domain/message/test_mailbox.h"

enum test_mailbox test_mailbox_of(str address, str kind)
{
    str domain = address, box, word;
    if (!str_cut(&domain, '@', &box) || !str_eq_nocase(domain, STR("mailbox.invalid")))
        return TEST_MAILBOX_NONE;
    str tag = box;
    bool is_tagged = str_cut(&tag, '+', &word);
    if (!str_eq_nocase(is_tagged ? word : box, STR("bounce")))
        return TEST_MAILBOX_TAKES;
    return !is_tagged || str_eq(tag, kind) ? TEST_MAILBOX_BOUNCES : TEST_MAILBOX_TAKES;
}
