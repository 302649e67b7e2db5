/* The state machine of payments and the judgement of what the acquirer does not know (SECURITY O 357 to 362). */
#include "paysrv/domain/payment/payment.h"

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

TEST(payment_that_is_authorised_is_captured_or_canceled)
{
    for (unsigned to = 0; to < PAYMENT_STATUS_COUNT; to++)
        CHECK(payment_may_become(PAYMENT_REQUIRES_CAPTURE, (enum payment_status)to) ==
              (to == PAYMENT_SUCCEEDED || to == PAYMENT_CANCELED));
    CHECK(payment_may_become(PAYMENT_PROCESSING, PAYMENT_REQUIRES_CAPTURE));
    CHECK(payment_may_become(PAYMENT_REQUIRES_ACTION, PAYMENT_REQUIRES_CAPTURE));
    CHECK(!payment_may_become(PAYMENT_REQUIRES_PAYMENT_METHOD, PAYMENT_REQUIRES_CAPTURE));
    CHECK_I64(payment_status_at(STR("requires_capture"), AT(10), AT(20)), PAYMENT_REQUIRES_CAPTURE);
}

TEST(payment_has_taken_what_was_captured)
{
    const int64_t captured = 300, nothing = 0;
    CHECK_I64(payment_taken(PAYMENT_SUCCEEDED, 1000, NULL), 1000);
    CHECK_I64(payment_taken(PAYMENT_PROCESSING, 1000, NULL), 0);
    CHECK_I64(payment_taken(PAYMENT_REQUIRES_CAPTURE, 1000, &captured), 300);
    CHECK_I64(payment_taken(PAYMENT_SUCCEEDED, 1000, &captured), 300);
    CHECK_I64(payment_taken(PAYMENT_CANCELED, 1000, &nothing), 0);
}

TEST(operations_are_told_by_their_names)
{
    enum call_op op;
    for (unsigned i = 0; i < CALL_OP_COUNT; i++) {
        CHECK(call_op_parse(call_op_name((enum call_op)i), &op));
        CHECK_I64(op, i);
    }
    CHECK(!call_op_parse(STR("late"), &op));
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

static enum absent_verdict absent(enum call_state state, instant created_at, instant sent_at, instant now)
{
    const struct absent_basis basis = { state, created_at, sent_at, SECONDS(60), HOURS(24) };
    return call_absent_judge(&basis, now);
}

TEST(call_not_known_there_waits_for_what_is_on_its_way)
{
    CHECK_I64(absent(CALL_INTENT, AT(0), AT(0), AT(1)), ABSENT_SEND);
    CHECK_I64(absent(CALL_SENT, AT(0), AT(1), AT(61)), ABSENT_WAIT);
    CHECK_I64(absent(CALL_SENT, AT(0), AT(1), AT(62)), ABSENT_SEND);
    CHECK_I64(absent(CALL_UNKNOWN, AT(0), AT(1), AT(30)), ABSENT_WAIT);
    CHECK_I64(absent(CALL_UNKNOWN, AT(0), AT(1), AT(90)), ABSENT_SEND);
}

TEST(call_past_the_retention_is_only_asked_for)
{
    CHECK_I64(absent(CALL_UNKNOWN, AT(0), AT(1), AT(24 * 3600 + 1)), ABSENT_ASK_ONLY);
    CHECK_I64(absent(CALL_INTENT, AT(0), AT(0), AT(24 * 3600 + 1)), ABSENT_ASK_ONLY);
    CHECK_I64(absent(CALL_ACTION, AT(0), AT(1), AT(3600)), ABSENT_ASK_ONLY);
}
