/* What of a payment is held until it is delivered (MONEY 6.A9, docs/decisions/0063). */
#include "paysrv/domain/payment/deal.h"

#include "tests/support/test.h"

TEST(deal_releases_what_is_held_and_ends_with_the_last_of_it)
{
    struct deal_state d = { .captured_minor = 1000, .is_settled = true };
    int64_t amount;
    bool ends;
    CHECK_I64(deal_release_judge(&d, 300, &amount, &ends), DEAL_GOOD);
    CHECK_I64(amount, 300);
    CHECK(!ends);
    d.released_minor = 300;
    CHECK_I64(deal_release_judge(&d, 701, &amount, &ends), DEAL_TOO_LARGE);
    CHECK_I64(deal_release_judge(&d, 0, &amount, &ends), DEAL_GOOD);
    CHECK_I64(amount, 700);
    CHECK(ends);
    d.is_over = true;
    CHECK_I64(deal_release_judge(&d, 0, &amount, &ends), DEAL_OVER);
    d = (struct deal_state){ 0 };
    CHECK_I64(deal_release_judge(&d, 0, &amount, &ends), DEAL_NOT_PAID);
}

/* A refund under way might come to nothing, and an authorisation may bring more: neither is the end. */
TEST(deal_goes_on_while_more_may_come)
{
    struct deal_state d = { .captured_minor = 1000, .returned_minor = 100, .returning_minor = 200, .is_settled = true };
    int64_t amount;
    bool ends;
    CHECK_I64(deal_open_minor(&d), 700);
    CHECK_I64(deal_release_judge(&d, 701, &amount, &ends), DEAL_TOO_LARGE);
    CHECK_I64(deal_release_judge(&d, 0, &amount, &ends), DEAL_GOOD);
    CHECK_I64(amount, 700);
    CHECK(!ends);
    d.returning_minor = 0;
    d.is_settled = false;
    CHECK_I64(deal_release_judge(&d, 0, &amount, &ends), DEAL_GOOD);
    CHECK(!ends);
}

TEST(deal_lets_go_what_was_released_not_before_its_day)
{
    struct deal_state d = { .captured_minor = 1000, .returned_minor = 200, .released_minor = 300 };
    CHECK_I64(deal_gone_minor(&d, true), 200);
    CHECK_I64(deal_gone_minor(&d, false), 500);
    d.returned_minor = 900; /* also of what was released */
    CHECK_I64(deal_gone_minor(&d, false), 1000);
    CHECK_I64(deal_open_minor(&d), 0);
    d.is_over = true;
    d.returned_minor = 0;
    CHECK_I64(deal_gone_minor(&d, false), 1000);
    CHECK_I64(deal_gone_minor(&d, true), 0);
}

TEST(deal_ends_are_named_and_durations_bounded)
{
    enum deal_end end;
    CHECK(deal_end_parse(STR("return"), &end) && end == DEAL_RETURNS);
    CHECK(!deal_end_parse(STR("never"), &end));
    CHECK(deal_after_is_taken(STR("P14D")) && deal_after_is_taken(STR("PT1H")) && deal_after_is_taken(STR("P12M")));
    CHECK(!deal_after_is_taken(STR("PT59M")) && !deal_after_is_taken(STR("P13M")) &&
          !deal_after_is_taken(STR("P400D")));
    CHECK(!deal_after_is_taken(STR("14")));
}
