/*
 * When a subscription's periods begin (MONEY 6.C 21): boundaries counted from an anchor in local time, each from the
 * anchor itself and never from the one before, so that nothing drifts. A month without the anchor's day has its last
 * day instead; a local time that is skipped is the next moment there is, one that comes twice is its first. Boundary 0
 * is the moment that it was made of, whichever of the two.
 */
#pragma once

#include "shared/base/instant.h"
#include "shared/text/zone.h"

#define RECURRENCE_UNITS(X)                                                                                            \
    X(DAY, "day", 366)                                                                                                 \
    X(WEEK, "week", 52)                                                                                                \
    X(MONTH, "month", 36)                                                                                              \
    X(YEAR, "year", 5)

#define RECURRENCE_UNIT_ROW(name, text, most) RECURRENCE_##name,
enum recurrence_unit { RECURRENCE_UNITS(RECURRENCE_UNIT_ROW) RECURRENCE_UNIT_COUNT };
#undef RECURRENCE_UNIT_ROW

bool recurrence_unit_parse(str name, enum recurrence_unit *ret);
/* Of so many units at most a period may be. */
int64_t recurrence_count_max(enum recurrence_unit unit);

struct recurrence {
    enum recurrence_unit unit;
    int64_t count;          /* a period is so many units */
    int64_t anchor_local_s; /* the local time of boundary 0, as if it were UTC */
    const struct zone *zone;
    bool anchor_again; /* that time comes twice, and boundary 0 is the second */
};

/* From start, and not any more at end. */
struct period {
    int64_t n;
    instant start, end;
};

/* Of periods that begin at that moment; zone is set. */
void recurrence_anchor(struct recurrence *r, instant at);
/* Boundary n; boundaries before the anchor have negative numbers. */
instant recurrence_at(const struct recurrence *r, int64_t n);
/* Period n, or the first after it that is longer than nothing: a whole day may be skipped in a zone. */
struct period recurrence_period(const struct recurrence *r, int64_t n);
/* The period that this moment lies in. */
struct period recurrence_period_of(const struct recurrence *r, instant at);
