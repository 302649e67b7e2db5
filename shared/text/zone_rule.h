/* What goes on for ever after a zone's last transition: a TZ string (POSIX, with the hours of RFC 9636 3.3.1). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shared/base/str.h"

enum zone_date_kind { ZONE_DATE_MONTH = 1, ZONE_DATE_JULIAN, ZONE_DATE_ZERO };

/* Mm.w.d, Jn (February 29 is never counted) or n; and the time of that day in seconds, which may be of another day. */
struct zone_date {
    enum zone_date_kind kind;
    int month, week, day;
    int64_t time_s;
};

struct zone_rule {
    int64_t standard_s, summer_s; /* offsets to UTC */
    bool has_summer;
    struct zone_date begins, ends; /* of the summer time */
};

/* A stretch of time with one offset. */
struct zone_stretch {
    int64_t start_s, end_s; /* INT64_MIN, INT64_MAX: for ever */
    int64_t offset_s;
};

#define ZONE_OFFSET_MIN_S (-89999)
#define ZONE_OFFSET_MAX_S 93599

bool zone_rule_parse(str text, struct zone_rule *ret);
struct zone_stretch zone_rule_stretch(const struct zone_rule *rule, int64_t utc_s);
