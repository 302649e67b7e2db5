/*
 * When a schedule pays out: each day, on a day of the week or of the month, at a time of the seller's zone; on days on
 * which banks settle in euro, if that is wanted: then a day on which they do not is the next one on which they do.
 * A month without the day has its last day instead. Pure.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/civil.h"
#include "shared/base/instant.h"
#include "shared/text/zone.h"

#define SCHEDULES_MOST 100 /* of one user, in a list */

enum schedule_unit { SCHEDULE_DAY = 1, SCHEDULE_WEEK, SCHEDULE_MONTH };

struct payout_schedule {
    enum schedule_unit unit;
    int day;      /* week: 1 Monday to 7; month: 1 to 31; day: 0 */
    int minute;   /* of the local day: the cut-off */
    bool settles; /* on TARGET days only */
    const struct zone *zone;
};

/* "day", "week", "month" */
str schedule_unit_name(enum schedule_unit unit);
bool schedule_unit_parse(str name, enum schedule_unit *ret);
/* "09:30" in minutes of the day, and back. */
bool schedule_time_parse(str text, int *minute);
str schedule_time_text(struct arena *a, int minute);
/* Whether the day of that unit is one: 0 for days, 1 to 7, 1 to 31. */
bool schedule_day_fits(enum schedule_unit unit, int64_t day);

/* TARGET is closed at weekends, on 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December. */
bool target_is_open(int64_t day); /* since 1970 */
/* The first time after this moment. */
instant payout_schedule_next(const struct payout_schedule *s, instant after);

struct schedule_terms {
    str schedule, user, requisite, currency, zone;
    digest destination;
    struct payout_schedule when; /* without its zone */
    int64_t minimum_minor;
};
/* SHA-256 of all that the owner agrees to. */
digest schedule_terms_hash(struct arena *a, const struct schedule_terms *terms);
