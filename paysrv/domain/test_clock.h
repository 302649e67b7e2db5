/*
 * How far a sandbox partner's clock may be set forward, and how that is said: an instant, or a duration of ISO 8601
 * (docs/decisions/0051-test-clocks.md).
 */
#pragma once

#include <stdbool.h>

#include "shared/base/instant.h"
#include "shared/base/str.h"

/* ISO 8601: P1Y2M3W4DT5H6M7S, with at least one part, each a whole number of at most six digits. */
struct calendar_duration {
    int64_t months, seconds;
};
bool calendar_duration_parse(str s, struct calendar_duration *ret);
/* Months first, by the UTC calendar; a month without the day has its last day instead: January 31 + P1M is in February.
 * What no instant holds is the last one. */
instant calendar_duration_add(instant at, const struct calendar_duration *d);

#define ADVANCE_MOST_MONTHS 24        /* at once */
#define ADVANCE_MOST_AHEAD_MONTHS 240 /* of the wall clock, in all */

#define ADVANCE_VERDICTS(X)                                                                                            \
    X(GOOD, "good")                                                                                                    \
    X(NOT_FORWARD, "has to be later than the test clock, which never goes back")                                       \
    X(TOO_FAR, "at most two years at once")                                                                            \
    X(TOO_LATE, "at most twenty years ahead of the wall clock")

#define ADVANCE_VERDICT_ROW(name, text) ADVANCE_##name,
enum advance_verdict { ADVANCE_VERDICTS(ADVANCE_VERDICT_ROW) ADVANCE_VERDICT_COUNT };
#undef ADVANCE_VERDICT_ROW

enum advance_verdict advance_judge(instant now, instant target, instant wall);
str advance_verdict_name(enum advance_verdict verdict);
