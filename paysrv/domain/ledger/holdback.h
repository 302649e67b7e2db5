/*
 * What of a sale is not available at once (MONEY 6.A9): a delay of so many days for all of the seller's share, and a
 * part of it, the reserve, for longer. What refunds and disputes take releases both in proportion, and cumulatively:
 * what is held is a function of what was captured and what went back, so any order ends at the same units.
 */
#pragma once

#include "shared/base/instant.h"
#include "shared/base/str.h"

/* Which days count, all in UTC: each; Mondays to Fridays; those on which banks settle in euro (TARGET). */
#define HOLDBACK_CALENDARS(X)                                                                                          \
    X(DAYS, "days")                                                                                                    \
    X(WEEKDAYS, "weekdays")                                                                                            \
    X(TARGET, "target")

#define HOLDBACK_CALENDAR_ROW(name, text) CALENDAR_##name,
enum holdback_calendar { HOLDBACK_CALENDARS(HOLDBACK_CALENDAR_ROW) CALENDAR_COUNT };
#undef HOLDBACK_CALENDAR_ROW
bool holdback_calendar_parse(str name, enum holdback_calendar *ret);

struct holdback_terms {
    int32_t delay_days;
    enum holdback_calendar calendar; /* of delay_days */
    int32_t reserve_bp, reserve_days;
};

/* Of what waits for a word and not for a day: in the year 9999, after all days. */
#define HOLDBACK_NO_DAY ((instant){ INT64_C(253402214400000000) })

struct holdback_parts {
    int64_t delay_minor, reserve_minor; /* their sum is the share */
    instant delay_until, reserve_until; /* never before delay_until */
};
/* share_minor >= 0. */
struct holdback_parts holdback_split(const struct holdback_terms *terms, int64_t share_minor, instant paid_at);

/* What of a part is held, when of what was captured (> 0) so much has gone back: rounded down. */
int64_t holdback_left(int64_t part_minor, int64_t captured_minor, int64_t returned_minor);

/* The same time of day, so many days that count later. */
instant holdback_day_after(instant at, int32_t days, enum holdback_calendar calendar);
