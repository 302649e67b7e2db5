/* Limits and shares of captures, and the ways to cancel (MONEY 6.A 12, SECURITY J 268, O 368). */
#include "paysrv/domain/payment/capture.h"

#include "tests/support/test.h"

static struct split_profile story;

#define AT(seconds) ((instant){ (int64_t)(seconds)*1000000 })

static struct capture_basis authorized(int64_t amount, int64_t captured, int64_t refunded)
{
    story = split_of_bp(500, 2500);
    return (struct capture_basis){ .status = PAYMENT_REQUIRES_CAPTURE,
                                   .amount_minor = amount,
                                   .captured_minor = captured,
                                   .returned_minor = refunded,
                                   .authorized_until = AT(100),
                                   .split = &story };
}

TEST(capture_of_everything_is_the_split)
{
    struct capture_basis basis = authorized(1000, 0, 0);
    int64_t amount, shares[SPLIT_RULES_MAX];
    CHECK_I64(capture_judge(&basis, 0, AT(99), &amount, shares), CAPTURE_GOOD);
    CHECK(amount == 1000 && shares[0] == 50 && shares[1] == 250 && shares[2] == 700);
}

TEST(captures_of_parts_end_at_the_split_of_the_whole)
{
    int64_t amount, shares[SPLIT_RULES_MAX], sums[3] = { 0 };
    for (int64_t captured = 0; captured < 101; captured += amount) {
        struct capture_basis basis = authorized(101, captured, 0);
        CHECK_I64(capture_judge(&basis, captured < 98 ? 7 : 0, AT(0), &amount, shares), CAPTURE_GOOD);
        for (int i = 0; i < 3; i++)
            sums[i] += shares[i];
    }
    CHECK_I64(split_allocate(&story, 101, shares), SPLIT_GOOD);
    for (int i = 0; i < 3; i++)
        CHECK_I64(sums[i], shares[i]);
}

TEST(capture_never_exceeds_the_authorisation)
{
    struct capture_basis basis = authorized(1000, 400, 100);
    int64_t amount, shares[SPLIT_RULES_MAX];
    CHECK_I64(capture_judge(&basis, 601, AT(0), &amount, shares), CAPTURE_TOO_LARGE);
    CHECK_I64(capture_judge(&basis, -1, AT(0), &amount, shares), CAPTURE_TOO_LARGE);
    CHECK_I64(capture_judge(&basis, 600, AT(0), &amount, shares), CAPTURE_GOOD);
    basis = authorized(1000, 1000, 0);
    CHECK_I64(capture_judge(&basis, 0, AT(0), &amount, shares), CAPTURE_TOO_LARGE);
}

TEST(capture_needs_an_authorisation_that_is_not_over_and_nothing_on_its_way)
{
    struct capture_basis basis = authorized(1000, 0, 0);
    int64_t amount, shares[SPLIT_RULES_MAX];
    CHECK_I64(capture_judge(&basis, 1, AT(100), &amount, shares), CAPTURE_EXPIRED);
    CHECK_I64(capture_judge(&basis, 1, AT(101), &amount, shares), CAPTURE_EXPIRED);
    basis.is_busy = true;
    CHECK_I64(capture_judge(&basis, 1, AT(0), &amount, shares), CAPTURE_OPEN);
    basis.is_busy = false;
    for (unsigned i = 0; i < PAYMENT_STATUS_COUNT; i++) {
        basis.status = (enum payment_status)i;
        CHECK_I64(capture_judge(&basis, 1, AT(0), &amount, shares),
                  i == PAYMENT_REQUIRES_CAPTURE ? CAPTURE_GOOD : CAPTURE_NOT_AUTHORIZED);
    }
}

TEST(cancellation_follows_the_table_of_statuses)
{
    for (unsigned i = 0; i < PAYMENT_STATUS_COUNT; i++) {
        enum cancel_way way = cancel_judge((enum payment_status)i, false);
        CHECK((way == CANCEL_NEVER) == payment_is_final((enum payment_status)i));
        CHECK((way == CANCEL_WAIT) == (i == PAYMENT_PROCESSING));
        CHECK((way == CANCEL_BY_VOID) == (i == PAYMENT_REQUIRES_CAPTURE));
        CHECK(way != CANCEL_AT_ONCE || payment_may_become((enum payment_status)i, PAYMENT_CANCELED));
    }
    CHECK_I64(cancel_judge(PAYMENT_REQUIRES_CAPTURE, true), CANCEL_WAIT);
}

TEST(warning_of_an_authorisation_is_before_its_end_or_now)
{
    CHECK_I64(authorization_timer(AT(1000), SECONDS(100), AT(0)).us, AT(900).us);
    CHECK_I64(authorization_timer(AT(1000), SECONDS(100), AT(950)).us, AT(950).us);
}
