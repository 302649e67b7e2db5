/* Token buckets in this process, for when Redis is not there. Private to shared/cache. */
#pragma once

#include <stdint.h>

#include "shared/base/instant.h"
#include "shared/base/str.h"

/* cost: tokens to take; -1 puts one back. */
bool fallback_allow(str key, int per_minute, int burst, int cost, instant now, int *retry_after_s);
