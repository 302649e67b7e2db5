/* How long an answer may be kept by its Cache-Control (RFC 9111, 5.2.2). */
#pragma once

#include <stdint.h>

#include "shared/base/str.h"

#define MAX_AGE_UNSAID (-1)

/* In seconds; no-store and no-cache are 0, and so is an age that cannot be read. MAX_AGE_UNSAID: it says nothing. */
int64_t max_age_seconds(str cache_control);

struct max_age_bounds {
    int64_t unsaid, least, most; /* seconds */
};
int64_t max_age_within(str cache_control, const struct max_age_bounds *bounds);
