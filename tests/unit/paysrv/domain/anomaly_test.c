#include "paysrv/domain/anomaly.h"

#include "tests/support/test.h"

TEST(each_kind_of_anomaly_is_found_by_its_name_and_says_what_it_is_about)
{
    enum anomaly found;
    for (int i = 0; i < ANOMALY_COUNT; i++) {
        CHECK(anomaly_parse(anomaly_name((enum anomaly)i), &found));
        CHECK_I64(found, i);
        CHECK(!str_eq(anomaly_about(anomaly_name((enum anomaly)i)), STR("other")));
    }
    CHECK_STR(anomaly_about(STR("dispute_not_told")), STR("dispute"));
    CHECK(!anomaly_parse(STR("dispute"), &found));
    CHECK(!anomaly_parse(STR(""), &found));
    CHECK_STR(anomaly_about(STR("of_a_later_version")), STR("other"));
}

TEST(an_event_is_told_each_time_and_what_stands_rests_after_it_was_closed)
{
    const instant now = { DAYS(20000).us };
    instant since = { -1 };
    CHECK(!anomaly_rests(ANOMALY_REVERSAL_REFUSED, now, &since));
    CHECK_I64(since.us, -1);
    CHECK(anomaly_rests(ANOMALY_CALL_UNRESOLVED, now, &since));
    CHECK_I64(since.us, now.us - DAYS(7).us);
    CHECK(anomaly_rests(ANOMALY_DISPUTE_NOT_TOLD, now, &since));
    CHECK_I64(since.us, now.us - DAYS(1).us);
    CHECK(anomaly_rests(ANOMALY_NOTIFICATION, now, &since));
    CHECK_I64(since.us, 0);
}
