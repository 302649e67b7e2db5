/* Mailboxes of sandboxes: MONEY D27. */
#include "paysrv/domain/message/test_mailbox.h"

#include "tests/support/test.h"

static enum test_mailbox of(const char *address)
{
    return test_mailbox_of(str_of(address), STR("payout_code"));
}

TEST(an_address_at_mailbox_invalid_says_what_becomes_of_its_mails)
{
    CHECK(of("bounce@mailbox.invalid") == TEST_MAILBOX_BOUNCES);
    CHECK(of("Bounce@Mailbox.Invalid") == TEST_MAILBOX_BOUNCES);
    CHECK(of("bounce+payout_code@mailbox.invalid") == TEST_MAILBOX_BOUNCES);
    static const char *const taken[] = { "bounce+confirmation_code@mailbox.invalid", "bounce+@mailbox.invalid",
                                         "bounced@mailbox.invalid", "ada+bounce@mailbox.invalid",
                                         "ada@mailbox.invalid" };
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        CHECK(of(taken[i]) == TEST_MAILBOX_TAKES);
    static const char *const ordinary[] = { "bounce@mailbox.example", "bounce@mail.mailbox.invalid",
                                            "mailbox.invalid@example.com", "bounce", "" };
    for (size_t i = 0; i < sizeof ordinary / sizeof ordinary[0]; i++)
        CHECK(of(ordinary[i]) == TEST_MAILBOX_NONE);
}
