/* What Stripe says beside what was asked of it (SECURITY M 326, 328): one thing that differs, and nothing is believed.
 */
#include "paysrv/domain/acquirer/stripe.h"
#include "tests/support/test.h"

TEST(stripe_intent_of_another_mode_currency_name_or_amount_is_wrong)
{
    const struct stripe_wanted wanted = { OP_CHARGE, STR("cha_1"), STR("pay_1"), STR("EUR"), STR("pi_1"), 1000, false };
    const struct stripe_intent good = { .id = STR("pi_1"),
                                        .status = STR("succeeded"),
                                        .currency = STR("eur"),
                                        .capture_method = STR("automatic"),
                                        .key = STR("cha_1"),
                                        .reference = STR("pay_1"),
                                        .amount = 1000,
                                        .amount_received = 1000 };
    struct stripe_intent bad[] = { good, good, good, good, good };
    CHECK_I64(stripe_intent_judge(&good, &wanted).says, STRIPE_SUCCEEDED);
    bad[0].is_live = true;
    bad[1].currency = STR("usd");
    bad[2].amount = 2000;
    bad[3].key = STR("cha_2");
    bad[4].reference = STR("pay_2");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_I64(stripe_intent_judge(&bad[i], &wanted).says, STRIPE_WRONG);
}

TEST(stripe_capture_of_another_intent_or_key_is_wrong)
{
    const struct stripe_wanted wanted = { OP_CAPTURE, STR("cap_1"), STR("pay_1"), STR("EUR"), STR("pi_1"), 300, false };
    struct stripe_intent i = { .id = STR("pi_1"),
                               .status = STR("succeeded"),
                               .currency = STR("eur"),
                               .capture_key = STR("cap_1"),
                               .amount = 1000,
                               .amount_received = 300 };
    CHECK_I64(stripe_intent_judge(&i, &wanted).says, STRIPE_SUCCEEDED);
    i.capture_key = STR("cap_2");
    CHECK_I64(stripe_intent_judge(&i, &wanted).says, STRIPE_WRONG);
    i.capture_key = STR("cap_1");
    i.id = STR("pi_2");
    CHECK_I64(stripe_intent_judge(&i, &wanted).says, STRIPE_WRONG);
}
