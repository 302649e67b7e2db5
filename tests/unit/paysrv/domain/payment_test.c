/* The state machine of payments and the judgement of what the acquirer does not know (SECURITY O 357 to 362). */
#include "paysrv/domain/payment.h"

#include "tests/support/test.h"

#define AT(seconds)                                                                                                    \
    (instant)                                                                                                          \
    {                                                                                                                  \
        (int64_t)(seconds) * 1000000                                                                                   \
    }

TEST(payment_succeeds_only_out_of_an_attempt)
{
    CHECK(payment_may_become(PAYMENT_REQUIRES_PAYMENT_METHOD, PAYMENT_PROCESSING));
    CHECK(payment_may_become(PAYMENT_PROCESSING, PAYMENT_SUCCEEDED));
    CHECK(payment_may_become(PAYMENT_REQUIRES_ACTION, PAYMENT_SUCCEEDED));
    CHECK(!payment_may_become(PAYMENT_REQUIRES_PAYMENT_METHOD, PAYMENT_SUCCEEDED));
    CHECK(!payment_may_become(PAYMENT_PROCESSING, PAYMENT_CANCELED));
}

TEST(payment_that_is_final_stays)
{
    static const enum payment_status final[] = { PAYMENT_SUCCEEDED, PAYMENT_CANCELED, PAYMENT_EXPIRED };
    for (size_t i = 0; i < 3; i++) {
        CHECK(payment_is_final(final[i]));
        for (unsigned to = 0; to < PAYMENT_STATUS_COUNT; to++)
            CHECK(!payment_may_become(final[i], (enum payment_status)to));
    }
    CHECK(!payment_is_final(PAYMENT_PROCESSING));
}

TEST(payment_status_names_round_trip)
{
    enum payment_status back;
    for (unsigned i = 0; i < PAYMENT_STATUS_COUNT; i++) {
        CHECK(payment_status_parse(payment_status_name((enum payment_status)i), &back));
        CHECK_I64(back, i);
    }
    CHECK(!payment_status_parse(STR("paid"), &back));
    CHECK(!payment_status_parse(STR("Succeeded"), &back));
}

TEST(payment_expires_only_while_nobody_pays)
{
    CHECK_I64(payment_status_at(STR("requires_payment_method"), AT(10), AT(9)), PAYMENT_REQUIRES_PAYMENT_METHOD);
    CHECK_I64(payment_status_at(STR("requires_payment_method"), AT(10), AT(10)), PAYMENT_EXPIRED);
    CHECK_I64(payment_status_at(STR("processing"), AT(10), AT(20)), PAYMENT_PROCESSING);
    CHECK_I64(payment_status_at(STR("succeeded"), AT(10), AT(20)), PAYMENT_SUCCEEDED);
}

TEST(payment_unknown_outcome_is_never_a_decline)
{
    CHECK_I64(payment_status_after(OUTCOME_UNKNOWN), PAYMENT_PROCESSING);
    CHECK_I64(payment_status_after(OUTCOME_DECLINED), PAYMENT_REQUIRES_PAYMENT_METHOD);
    CHECK_I64(payment_status_after(OUTCOME_ACTION), PAYMENT_REQUIRES_ACTION);
    CHECK_I64(payment_status_after(OUTCOME_SUCCEEDED), PAYMENT_SUCCEEDED);
}

TEST(call_not_known_there_waits_for_what_is_on_its_way)
{
    const duration bound = SECONDS(60);
    CHECK_I64(call_absent_judge(CALL_INTENT, AT(0), AT(0), bound, AT(1)), ABSENT_SEND);
    CHECK_I64(call_absent_judge(CALL_SENT, AT(0), AT(1), bound, AT(61)), ABSENT_WAIT);
    CHECK_I64(call_absent_judge(CALL_SENT, AT(0), AT(1), bound, AT(62)), ABSENT_SEND);
    CHECK_I64(call_absent_judge(CALL_UNKNOWN, AT(0), AT(1), bound, AT(30)), ABSENT_WAIT);
    CHECK_I64(call_absent_judge(CALL_UNKNOWN, AT(0), AT(1), bound, AT(90)), ABSENT_SEND);
}

TEST(call_past_the_retention_is_only_asked_for)
{
    CHECK_I64(call_absent_judge(CALL_UNKNOWN, AT(0), AT(1), SECONDS(60), AT(24 * 3600 + 1)), ABSENT_ASK_ONLY);
    CHECK_I64(call_absent_judge(CALL_INTENT, AT(0), AT(0), SECONDS(60), AT(24 * 3600 + 1)), ABSENT_ASK_ONLY);
    CHECK_I64(call_absent_judge(CALL_ACTION, AT(0), AT(1), SECONDS(60), AT(3600)), ABSENT_ASK_ONLY);
}
