/* Limits of payouts, and four eyes. */
#include "paysrv/domain/payout/payout_limit.h"

#include "tests/support/test.h"

TEST(payout_limits_hold_to_the_minor_unit)
{
    const struct payout_limits l = { 500, 10000, 15000, 40000, 3, 0 };
    const struct payout_usage none = { 0 }, some = { 9000, 2, 36000 }, many = { 100, 3, 100 }, month = { 0, 0, 39000 };
    CHECK_I64(payout_limit_judge(&l, &none, 499), LIMIT_LEAST);
    CHECK_I64(payout_limit_judge(&l, &none, 500), LIMIT_KEPT);
    CHECK_I64(payout_limit_judge(&l, &none, 10000), LIMIT_KEPT);
    CHECK_I64(payout_limit_judge(&l, &none, 10001), LIMIT_MOST);
    CHECK_I64(payout_limit_judge(&l, &some, 6000), LIMIT_PER_MONTH);
    CHECK_I64(payout_limit_judge(&l, &some, 4000), LIMIT_KEPT);
    CHECK_I64(payout_limit_judge(&l, &some, 6001), LIMIT_PER_DAY);
    CHECK_I64(payout_limit_judge(&l, &month, 1001), LIMIT_PER_MONTH);
    CHECK_I64(payout_limit_judge(&l, &many, 500), LIMIT_COUNT);
    CHECK_STR(payout_limit_explain(arena, LIMIT_LEAST, &l, STR("EUR")), STR("at least 5.00 EUR"));
    CHECK_STR(payout_limit_explain(arena, LIMIT_MOST, &l, STR("EUR")), STR("at most 100.00 EUR"));
}

TEST(payout_limits_that_are_not_set_limit_nothing)
{
    const struct payout_limits l = { 0 };
    const struct payout_usage used = { INT64_MAX, INT64_MAX, INT64_MAX };
    CHECK_I64(payout_limit_judge(&l, &used, INT64_MAX), LIMIT_KEPT);
    CHECK(!payout_needs_approval(&l, INT64_MAX));
}

TEST(payout_limits_do_not_overflow)
{
    const struct payout_limits l = { .per_day_minor = INT64_MAX };
    const struct payout_usage used = { .day_minor = INT64_MAX };
    CHECK_I64(payout_limit_judge(&l, &used, 1), LIMIT_PER_DAY);
}

TEST(payout_limits_name_whose_days_they_count_and_leave_room)
{
    const struct payout_limits l = { .per_day_minor = 100, .per_month_minor = 200, .count_per_day = 3 };
    CHECK_STR(payout_limit_explain(arena, LIMIT_PER_DAY, &l, STR("EUR")),
              STR("with those before, a day (UTC) at most 1.00 EUR"));
    CHECK_STR(payout_limit_explain(arena, LIMIT_PER_MONTH, &l, STR("EUR")),
              STR("with those before, a month (UTC) at most 2.00 EUR"));
    CHECK_STR(payout_limit_explain(arena, LIMIT_COUNT, &l, STR("EUR")), STR("at most 3 payouts a day (UTC)"));
    CHECK(payout_limits_fit(0, 1) && payout_limits_fit(1, 0) && payout_limits_fit(5, 5));
    CHECK(!payout_limits_fit(6, 5));
}

TEST(payout_approval_is_needed_from_the_threshold_on)
{
    const struct payout_limits l = { .approve_from_minor = 100 };
    CHECK(!payout_needs_approval(&l, 99));
    CHECK(payout_needs_approval(&l, 100));
}

TEST(payout_approval_is_kept_by_what_demands_it_of_no_less)
{
    CHECK(payout_approval_is_kept(0, 0));
    CHECK(payout_approval_is_kept(0, 100));
    CHECK(payout_approval_is_kept(100, 100));
    CHECK(payout_approval_is_kept(100, 99));
    CHECK(!payout_approval_is_kept(100, 101));
    CHECK(!payout_approval_is_kept(100, 0));
}

TEST(payout_approval_has_its_reasons_and_the_service_alone_is_no_operator)
{
    struct approval_reasons why = { .has = { [APPROVAL_SCREENING] = true } };
    CHECK(!approval_is_operators(&why));
    CHECK_STR(approval_reasons_list(arena, &why).items[0], STR("screening"));
    why.has[APPROVAL_NEW_ACCOUNT] = true;
    CHECK(approval_is_operators(&why));
    const str_array list = approval_reasons_list(arena, &why);
    CHECK_I64((int64_t)list.n, 2);
    CHECK_STR(list.items[0], STR("new_account"));
    why.has[APPROVAL_AMOUNT] = true;
    CHECK_I64((int64_t)approval_reasons_list(arena, &why).n, 3);
    why = (struct approval_reasons){ .has = { [APPROVAL_AMOUNT] = true } };
    CHECK(approval_is_operators(&why));
    why = (struct approval_reasons){ .has = { [APPROVAL_FREQUENT] = true } };
    CHECK(approval_is_operators(&why));
    why = (struct approval_reasons){ { false } };
    CHECK(!approval_is_operators(&why));
    CHECK_I64((int64_t)approval_reasons_list(arena, &why).n, 0);
}

TEST(payout_approval_takes_two_who_did_not_ask)
{
    CHECK_I64(approval_judge(STR("ann"), STR("eve"), STR("ada"), 0), APPROVAL_NOTED);
    CHECK_I64(approval_judge(STR("bob"), STR("eve"), STR("ada"), 1), APPROVAL_ENOUGH);
    CHECK_I64(approval_judge(STR("eve"), STR("eve"), STR("ada"), 1), APPROVAL_OWN);
    CHECK_I64(approval_judge(STR("ada"), STR("eve"), STR("ada"), 1), APPROVAL_OWN);
    CHECK_I64(approval_judge(STR("ann"), STR_NONE, STR_NONE, 0), APPROVAL_NOTED);
}

TEST(accounts_of_the_command_line_are_one_person)
{
    CHECK_I64(approval_judge(STR("uid:0"), STR("uid:107"), STR_NONE, 1), APPROVAL_OWN);
    CHECK_I64(approval_judge(STR("uid:0"), STR("ann"), STR_NONE, 1), APPROVAL_ENOUGH);
    CHECK_I64(approval_judge(STR("ann"), STR("uid:107"), STR_NONE, 1), APPROVAL_ENOUGH);
}

TEST(payout_periods_are_days_and_months_of_utc)
{
    instant at = { 1795470504563000 };
    CHECK_STR(payout_day(arena, at), STR("2026-11-23"));
    CHECK_STR(payout_month(arena, at), STR("2026-11"));
}

TEST(payout_step_up_counts_from_the_day_or_the_last_log_in_of_its_kind)
{
    const struct payout_limits l = { .step_up_from_minor = 5000, .step_up_acr = STR("urn:2fa phr") };
    const instant midnight = { DAYS(20001).us }, now = instant_add(midnight, HOURS(9));
    struct user_login login = { STR("urn:1fa"), instant_add(midnight, HOURS(8)) };
    CHECK_I64(payout_step_up_since(&l, &login, now).us, midnight.us);
    login.acr = STR("phr");
    CHECK_I64(payout_step_up_since(&l, &login, now).us, login.at.us);
    login.at = (instant){ midnight.us - 1 };
    CHECK_I64(payout_step_up_since(&l, &login, now).us, midnight.us);
    CHECK_I64(payout_step_up_since(&l, &login, midnight).us, midnight.us);
}

TEST(payout_step_up_is_for_the_amount_the_level_and_the_age_of_the_log_in)
{
    const instant now = { 1000000000000000 };
    const struct payout_limits l = { .step_up_from_minor = 5000,
                                     .step_up_acr = STR("urn:2fa phr"),
                                     .step_up_max_age_s = 300 };
    struct user_login login = { STR("urn:1fa"), now };
    CHECK(!payout_needs_step_up(&l, 4999, &login, now));
    CHECK(payout_needs_step_up(&l, 5000, &login, now));
    login.acr = STR("phr");
    CHECK(!payout_needs_step_up(&l, 5000, &login, now));
    CHECK(!payout_needs_step_up(&l, 5000, &login, instant_add(now, SECONDS(300))));
    CHECK(payout_needs_step_up(&l, 5000, &login, instant_add(now, SECONDS(301))));
    login.at = (instant){ 0 };
    CHECK(payout_needs_step_up(&l, 5000, &login, now));
    login = (struct user_login){ STR_NONE, now };
    CHECK(payout_needs_step_up(&l, INT64_MAX, &login, now));
    login.acr = STR("");
    CHECK(payout_needs_step_up(&l, 5000, &login, now));
    login.acr = STR("urn:2fa phr");
    CHECK(payout_needs_step_up(&l, 5000, &login, now));
    const struct payout_limits none = { 0 };
    CHECK(!payout_needs_step_up(&none, INT64_MAX, &login, now));
}

TEST(acr_values_fit_into_a_challenge)
{
    CHECK(acr_values_valid(STR("urn:stoa:acr:2fa phr")) && acr_values_valid(STR("~")));
    static const char *const bad[] = { "", " ", "\"", "a\"b", "a\\b", "a\nb", "\u00e9", "\x7f" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!acr_values_valid(str_of(bad[i])));
    char *text = arena_cstr(arena, arena_printf(arena, "%0201d", 0));
    CHECK(acr_values_valid((str){ text, 200 }) && !acr_values_valid((str){ text, 201 }));
}
