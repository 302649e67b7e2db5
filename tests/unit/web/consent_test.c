/* The words that a buyer agrees to, and their version, change together. */
#include "paysrv/domain/consent.h"

#include "tests/support/test.h"
#include "web/text.h"

TEST(the_consent_of_a_version_has_these_words)
{
    CHECK_STR(STR(CONSENT_VERSION), STR("2026-11-26"));
    CHECK(str_ends(text_of(TEXT_PAY_SAVE_CARD), /* after the store's name */
                   STR(" may keep this card and charge it for what I order there, also when I am not present, until I "
                       "withdraw. I get a mail with a link to withdraw.")));
}
