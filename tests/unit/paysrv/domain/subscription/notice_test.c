/* Whom is told ahead of what, and until when that is of use. */
#include "paysrv/domain/subscription/notice.h"

#include "shared/base/civil.h"
#include "tests/support/test.h"

#define DAY_S 86400

static instant day(int64_t year, int month, int date)
{
    return instant_of_seconds(civil_days((struct civil_date){ year, month, date }) * DAY_S);
}

static struct notice_facts yearly(void)
{
    return (struct notice_facts){ .charge_at = day(2027, 3, 15),
                                  .due_minor = 9900,
                                  .unit = RECURRENCE_YEAR,
                                  .count = 1,
                                  .exp_year = 2039,
                                  .exp_month = 11 };
}

static bool is_only(const struct notice_facts *f, enum notice_kind kind, instant at)
{
    struct notice n[2];
    return notices_of(f, n) == 1 && n[0].kind == kind && n[0].at.us == at.us;
}

TEST(a_charge_after_half_a_year_or_more_is_told_of_a_week_ahead_and_others_are_not)
{
    static const struct {
        enum recurrence_unit unit;
        int64_t count;
        bool is_told;
    } cases[] = { { RECURRENCE_YEAR, 1, true },  { RECURRENCE_MONTH, 6, true },  { RECURRENCE_MONTH, 5, false },
                  { RECURRENCE_WEEK, 26, true }, { RECURRENCE_WEEK, 25, false }, { RECURRENCE_DAY, 30, false },
                  { RECURRENCE_DAY, 182, true } };
    struct notice n[2];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct notice_facts f = yearly();
        f.unit = cases[i].unit;
        f.count = cases[i].count;
        CHECK(cases[i].is_told ? is_only(&f, NOTICE_RENEWAL, day(2027, 3, 8)) : notices_of(&f, n) == 0);
    }
}

TEST(a_price_says_how_long_ahead_and_above_what_amount)
{
    struct notice_facts f = yearly();
    const int32_t month = 30, never = 0;
    const int64_t limit = 9899, more = 9900;
    struct notice n[2];
    f.days = &month;
    CHECK(is_only(&f, NOTICE_RENEWAL, day(2027, 2, 13)));
    f.days = &never;
    CHECK_I64((int64_t)notices_of(&f, n), 0);
    f.above = &limit;
    CHECK(is_only(&f, NOTICE_RENEWAL, day(2027, 3, 8)));
    f.above = &more;
    CHECK_I64((int64_t)notices_of(&f, n), 0);
    f = yearly();
    f.due_minor = 0; /* his balance pays */
    CHECK_I64((int64_t)notices_of(&f, n), 0);
}

TEST(the_end_of_a_trial_is_told_of_three_days_ahead)
{
    struct notice_facts f = yearly();
    f.unit = RECURRENCE_WEEK;
    f.is_trial = true;
    CHECK(is_only(&f, NOTICE_TRIAL_END, day(2027, 3, 12)));
}

TEST(a_card_is_good_until_its_month_is_over_and_told_of_when_the_charge_is_later)
{
    struct notice_facts f = yearly();
    f.unit = RECURRENCE_MONTH;
    f.exp_year = 2027;
    f.exp_month = 2;
    CHECK(is_only(&f, NOTICE_CARD_EXPIRING, day(2027, 3, 1)));
    f.exp_month = 3;
    struct notice n[2];
    CHECK_I64((int64_t)notices_of(&f, n), 0);
    CHECK(card_outlives(2027, 12, (instant){ day(2028, 1, 1).us - 1 }) && !card_outlives(2027, 12, day(2028, 1, 1)));
}

TEST(late_is_in_time_until_the_charge)
{
    const struct notice_facts f = yearly();
    struct notice n[2];
    CHECK_I64((int64_t)notices_of(&f, n), 1);
    CHECK(!notice_is_due(&n[0], f.charge_at, (instant){ n[0].at.us - 1 }) &&
          notice_is_due(&n[0], f.charge_at, n[0].at));
    CHECK(notice_is_due(&n[0], f.charge_at, (instant){ f.charge_at.us - 1 }) &&
          !notice_is_due(&n[0], f.charge_at, f.charge_at));
}
