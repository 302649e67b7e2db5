/* Zones: the C library's reader of the same files is the oracle, in every zone that people live in. */
#include "shared/text/zone.h"

#include <stdlib.h>
#include <time.h>

#include "shared/base/civil.h"
#include "shared/base/instant.h"
#include "shared/text/zone_rule.h"
#include "tests/support/test.h"
#include "tests/support/zones.h"

static int64_t at(const char *utc)
{
    instant t;
    CHECK(instant_parse(str_of(utc), &t));
    return instant_seconds(t);
}

static void agree(const struct zone *zone, int64_t utc_s)
{
    time_t t = (time_t)utc_s;
    struct tm tm;
    localtime_r(&t, &tm);
    CHECK_I64(zone_local(zone, utc_s), utc_s + tm.tm_gmtoff);
}

/* Where the C library changes its offset, to the second, and every 40 days; back from local time the first moment. */
static void walk(const struct zone *zone)
{
    for (int64_t t = at("1971-01-01T00:00:00Z"); t < at("2090-01-01T00:00:00Z"); t += 40 * 86400 + 4271) {
        agree(zone, t);
        agree(zone, t + 1);
        int64_t back = zone_utc(zone, zone_local(zone, t));
        CHECK(back <= t && zone_local(zone, back) == zone_local(zone, t));
    }
}

TEST(every_zone_as_the_c_library_has_it)
{
    str rest = zones_list(arena), line, name;
    int n = 0;
    for (; str_cut(&rest, '\n', &line); n++) {
        name = line;
        CHECK(zone_name_valid(name));
        CHECK(setenv("TZ", arena_cstr(arena, arena_printf(arena, ":%.*s", STR_ARG(name))), 1) == 0);
        tzset();
        walk(zones_load(arena, name));
    }
    unsetenv("TZ");
    tzset();
    CHECK(n > 250);
}

static str local_utc(struct arena *arena, const char *name, const char *local)
{
    return instant_iso(arena, instant_of_seconds(zone_utc(zones_load(arena, str_of(name)), at(local))));
}

TEST(a_time_that_was_skipped_is_the_next_moment_there_is)
{
    CHECK_STR(local_utc(arena, "Europe/Berlin", "2027-03-28T02:30:00Z"), STR("2027-03-28T01:00:00Z"));
    CHECK_STR(local_utc(arena, "Europe/Berlin", "2077-03-28T02:30:00Z"), STR("2077-03-28T01:00:00Z"));
    CHECK_STR(local_utc(arena, "America/Sao_Paulo", "2018-11-04T00:00:00Z"), STR("2018-11-04T03:00:00Z"));
    CHECK_STR(local_utc(arena, "Pacific/Apia", "2011-12-30T12:00:00Z"), STR("2011-12-30T10:00:00Z"));
}

TEST(of_a_time_that_comes_twice_it_is_the_first)
{
    CHECK_STR(local_utc(arena, "Europe/Berlin", "2027-10-31T02:30:00Z"), STR("2027-10-31T00:30:00Z"));
    CHECK_STR(local_utc(arena, "Europe/Berlin", "2077-10-31T02:30:00Z"), STR("2077-10-31T00:30:00Z"));
    CHECK_STR(local_utc(arena, "America/Sao_Paulo", "2018-02-17T23:30:00Z"), STR("2018-02-18T01:30:00Z"));
}

TEST(rules_are_strict)
{
    static const char *const good[] = {
        "EST5",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "IST-1GMT0,M10.5.0,M3.5.0/1",
        "EET-2EEST,M3.4.4/50,M10.4.4/50",
        "XXX3EDT4,0/0,J365/23",
        "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
    };
    static const char *const bad[] = {
        "",
        "ES5",
        "EST",
        "EST25",
        "EST5EDT",
        "EST5EDT,M3.5.0",
        "EST5EDT,M13.5.0,M1.1.0",
        "EST5EDT,M3.6.0,M1.1.0",
        "EST5EDT,M3.5.7,M1.1.0",
        "EST5EDT,J0,J5",
        "EST5EDT,M3.5.0/168,M1.1.0",
        "<+01-1",
        "EST5 ",
        "EST5EDT,M3.5.0,M1.1.0x",
    };
    struct zone_rule rule;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(zone_rule_parse(str_of(good[i]), &rule));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!zone_rule_parse(str_of(bad[i]), &rule));
}

TEST(names_that_lead_elsewhere_are_none)
{
    static const char *const bad[] = { "",          "/etc/passwd", "../passwd", "Europe/../UTC", "Europe//Berlin",
                                       "Europe/",   "a.b",         "Factory",   "posixrules",    "localtime",
                                       "posix/UTC", "right/UTC" };
    CHECK(zone_name_valid(STR("America/Argentina/Buenos_Aires")) && zone_name_valid(STR("Etc/GMT+5")));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!zone_name_valid(str_of(bad[i])));
}

TEST(a_file_that_is_cut_off_is_none)
{
    str whole = zones_file(arena, STR("Europe/Berlin"));
    const struct zone *zone;
    CHECK(zone_parse(arena, bytes_of(whole), &zone));
    for (size_t n = 0; n < whole.n; n += 7)
        CHECK(!zone_parse(arena, bytes_of((str){ whole.p, n }), &zone));
}

TEST(dates_and_days)
{
    for (int64_t day = -800000; day < 800000; day += 13) {
        struct civil_date date = civil_of_days(day);
        CHECK_I64(civil_days(date), day);
        CHECK(date.day <= civil_month_days(date.year, date.month));
    }
    CHECK_I64(civil_days((struct civil_date){ 2000, 2, 29 }), 11016);
    CHECK_I64(civil_month_days(2000, 2), 29);
    CHECK_I64(civil_month_days(2100, 2), 28);
}
