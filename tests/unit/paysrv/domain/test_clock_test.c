/* Setting a test clock forward: durations of ISO 8601, calendars and limits; what the test bank does. */
#include "paysrv/domain/test_clock.h"

#include "paysrv/domain/bank/test_bank.h"
#include "tests/support/test.h"

static instant at(const char *text)
{
    instant ret = { 0 };
    CHECK(instant_parse(str_of(text), &ret));
    return ret;
}

static const char *after(struct arena *a, const char *from, const char *by)
{
    struct calendar_duration d;
    if (!calendar_duration_parse(str_of(by), &d))
        return "refused";
    return arena_cstr(a, instant_iso(a, calendar_duration_add(at(from), &d)));
}

#define CHECK_AFTER(from, by, to) CHECK_STR(str_of(after(arena, from, by)), STR(to))

TEST(calendar_durations_are_added_by_the_calendar)
{
    CHECK_AFTER("2027-01-31T10:00:00Z", "P1M", "2027-02-28T10:00:00Z");
    CHECK_AFTER("2028-01-31T10:00:00Z", "P1M", "2028-02-29T10:00:00Z");
    CHECK_AFTER("2028-02-29T00:00:00Z", "P1Y", "2029-02-28T00:00:00Z");
    CHECK_AFTER("2026-11-26T21:00:00Z", "P32D", "2026-12-28T21:00:00Z");
    CHECK_AFTER("2026-11-26T21:00:00Z", "P1Y2M3W4DT5H6M7S", "2028-02-21T02:06:07Z");
    CHECK_AFTER("2026-12-31T23:59:59Z", "PT1S", "2027-01-01T00:00:00Z");
    CHECK_AFTER("2026-12-31T00:00:00Z", "P0D", "2026-12-31T00:00:00Z");
}

TEST(calendar_durations_of_another_form_are_refused)
{
    static const char *const wrong[] = { "",     "P",    "PT",        "1D",     "P1",       "PD",    "P1DT",
                                         "P1H",  "PT1D", "P1D1Y",     "P1M1M",  "P-1D",     "P1.5D", "p1d",
                                         "P1D ", " P1D", "P1234567D", "PT1H1H", "P1DT1HT1M" };
    struct calendar_duration d = { 7, 7 };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (calendar_duration_parse(str_of(wrong[i]), &d))
            test_fail(__FILE__, __LINE__, "%s is taken", wrong[i]);
        CHECK_I64(d.months + d.seconds, 14);
    }
}

/* So far that the sum of some of them would be a time near to now again. */
TEST(calendar_durations_that_no_time_can_hold_are_too_far)
{
    static const char *const far[] = { "P584555Y",  "P292278Y", "P999999Y999999M999999W999999D",
                                       "PT999999H", "P999999W", "P999999D",
                                       "P2Y1D",     "P24MT1S" };
    instant wall = at("2026-11-26T21:00:00Z"), latest = at("2046-11-26T21:00:00Z");
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        struct calendar_duration d;
        CHECK(calendar_duration_parse(str_of(far[i]), &d));
        CHECK(advance_judge(wall, calendar_duration_add(wall, &d), wall) == ADVANCE_TOO_FAR);
        CHECK(advance_judge(latest, calendar_duration_add(latest, &d), wall) == ADVANCE_TOO_FAR);
    }
}

TEST(a_test_clock_goes_forward_only_and_not_too_far)
{
    instant wall = at("2026-11-26T21:00:00Z"), now = at("2028-01-31T00:00:00Z");
    CHECK(advance_judge(now, now, wall) == ADVANCE_NOT_FORWARD);
    CHECK(advance_judge(now, wall, wall) == ADVANCE_NOT_FORWARD);
    CHECK(advance_judge(now, instant_add(now, SECONDS(1)), wall) == ADVANCE_GOOD);
    CHECK(advance_judge(now, at("2030-01-31T00:00:00Z"), wall) == ADVANCE_GOOD);
    CHECK(advance_judge(now, at("2030-01-31T00:00:01Z"), wall) == ADVANCE_TOO_FAR);
    now = at("2046-01-01T00:00:00Z");
    CHECK(advance_judge(now, at("2046-11-26T21:00:00Z"), wall) == ADVANCE_GOOD);
    CHECK(advance_judge(now, at("2046-11-26T21:00:01Z"), wall) == ADVANCE_TOO_LATE);
}

TEST(the_test_bank_does_what_the_name_says)
{
    str reason;
    CHECK(test_bank_fate_of(STR("Reject AC04"), &reason) == TEST_BANK_REJECTS);
    CHECK_STR(reason, STR("AC04"));
    CHECK(test_bank_fate_of(STR("Return AC06"), &reason) == TEST_BANK_RETURNS);
    CHECK_STR(reason, STR("AC06"));
    CHECK(test_bank_fate_of(STR("Silent"), &reason) == TEST_BANK_IS_SILENT);
    static const char *const paid[] = { "Anna Return",  "Return",           "Return ac06",
                                        "Return AC061", "Reject AC04 GmbH", "Silent Night" };
    for (size_t i = 0; i < sizeof paid / sizeof paid[0]; i++) {
        CHECK(test_bank_fate_of(str_of(paid[i]), &reason) == TEST_BANK_PAYS);
        CHECK(!str_given(reason));
    }
}

static enum test_bank_step bank_does(enum test_bank_fate fate, enum payout_state state, int64_t hours)
{
    instant at;
    return test_bank_judge(fate, state, (instant){ 0 }, DAYS(3), (instant){ HOURS(hours).us }, &at);
}

TEST(the_test_bank_answers_after_a_day_and_returns_after_three)
{
    instant at = { 0 };
    CHECK(test_bank_judge(TEST_BANK_PAYS, PAYOUT_SENT, (instant){ 5 }, DAYS(3), (instant){ 5 }, &at) == TEST_BANK_WAIT);
    CHECK_I64(at.us, DAYS(1).us + 5);
    CHECK(bank_does(TEST_BANK_PAYS, PAYOUT_SENT, 24) == TEST_BANK_PAY);
    CHECK(bank_does(TEST_BANK_REJECTS, PAYOUT_SENT, 24) == TEST_BANK_REJECT);
    CHECK(bank_does(TEST_BANK_RETURNS, PAYOUT_SENT, 24) == TEST_BANK_PAY);
    CHECK(bank_does(TEST_BANK_RETURNS, PAYOUT_PAID, 71) == TEST_BANK_WAIT);
    CHECK(bank_does(TEST_BANK_RETURNS, PAYOUT_PAID, 72) == TEST_BANK_RETURN);
    CHECK(bank_does(TEST_BANK_IS_SILENT, PAYOUT_SENT, 71) == TEST_BANK_WAIT);
    CHECK(bank_does(TEST_BANK_IS_SILENT, PAYOUT_SENT, 72) == TEST_BANK_GIVE_UP);
    CHECK(bank_does(TEST_BANK_PAYS, PAYOUT_PAID, 99) == TEST_BANK_DONE);
    CHECK(bank_does(TEST_BANK_RETURNS, PAYOUT_RETURNED, 99) == TEST_BANK_DONE);
}
