/* The words that a buyer agrees to, and their version, change together. */
#include "paysrv/domain/payment/consent.h"

#include "tests/support/test.h"
#include "web/text.h"

TEST(the_consent_of_a_version_has_these_words)
{
    CHECK_STR(STR(CONSENT_VERSION), STR("2026-11-26"));
    CHECK(str_ends(text_of(TEXT_PAY_SAVE_CARD), /* after the store's name */
                   STR(" may keep this card and charge it for what I order there, also when I am not present, until I "
                       "withdraw. I get a mail with a link to withdraw.")));
}

TEST(the_consent_to_another_price_has_these_words)
{
    CHECK_STR(STR(PRICE_CONSENT_VERSION), STR("2026-11-27"));
    CHECK_STR(
        text_of(TEXT_BILLING_AGREE_TEXT),
        STR("I agree to pay the new price from that day on, each time the subscription goes on, until I cancel."));
}
