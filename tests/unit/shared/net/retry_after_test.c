/* What Retry-After says: a number, a date in three forms, or nothing. */
#include "shared/net/retry_after.h"

#include "tests/support/test.h"

static int64_t asked(const char *value)
{
    instant now = { 0 };
    CHECK(instant_parse(STR("2026-10-21T07:27:00Z"), &now));
    return retry_after_seconds(str_of(value), now);
}

TEST(a_number_is_seconds)
{
    CHECK_I64(asked("120"), 120);
    CHECK_I64(asked("0"), 0);
    CHECK_I64(asked("0090"), 90);
    CHECK(asked("999999999999999999999999999999") > 86400);
}

TEST(a_date_is_as_long_as_there_is_until_it)
{
    CHECK_I64(asked("Wed, 21 Oct 2026 07:28:00 GMT"), 60);
    CHECK_I64(asked("Thu, 22 Oct 2026 07:27:00 GMT"), 86400);
    CHECK_I64(asked("Wed, 21 Oct 2026 07:28:60 GMT"), 120);
    CHECK_I64(asked("Wed, 21 Oct 2026 07:27:00 GMT"), 0);
    CHECK_I64(asked("Tue, 20 Oct 2026 07:28:00 GMT"), 0);
    CHECK_I64(asked("Fri, 29 Feb 2028 00:00:00 GMT"), 496 * 86400 - 7 * 3600 - 27 * 60);
}

TEST(the_obsolete_forms_are_dates_too)
{
    CHECK_I64(asked("Wednesday, 21-Oct-26 07:28:00 GMT"), 60);
    CHECK_I64(asked("Sunday, 06-Nov-94 08:49:37 GMT"), 0);
    CHECK(asked("Friday, 01-Jan-70 00:00:00 GMT") > 40LL * 365 * 86400);
    CHECK_I64(asked("Wed Oct 21 07:28:00 2026"), 60);
    CHECK_I64(asked("Sun Nov  1 07:27:00 2026"), 11 * 86400);
}

TEST(what_is_neither_asks_for_nothing)
{
    CHECK_I64(retry_after_seconds(STR_NONE, (instant){ 0 }), 0);
    static const char *const wrong[] = { "",
                                         "-5",
                                         "+5",
                                         "5s",
                                         "1.5",
                                         "soon",
                                         ",",
                                         "Wed, 21 Okt 2026 07:28:00 GMT",
                                         "Wed, 31 Nov 2026 07:28:00 GMT",
                                         "Wed, 29 Feb 2027 07:28:00 GMT",
                                         "Wed, 00 Nov 2026 07:28:00 GMT",
                                         "Wed, 21 Oct 2026 24:00:00 GMT",
                                         "Wed, 21 Oct 2026 07:60:00 GMT",
                                         "Wed, 21 Oct 2026 07:28:61 GMT",
                                         "Wed, 21 Oct 2026 07:28:00 CET",
                                         "Wed, 21 Oct 2026 07:28:00 GMT ",
                                         "Wed, 21 Oct 2026 07:28 GMT",
                                         "Wed, 1 Nov 2026 07:28:00 GMT",
                                         "Wed Oct 21 07:28:00 GMT 2026",
                                         "2026-10-21T07:28:00Z" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK_I64(asked(wrong[i]), 0);
}
