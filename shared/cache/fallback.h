/* Token buckets in this process, for when Redis is not there. Private to shared/cache. */
#pragma once

#include <stdint.h>

#include "shared/base/instant.h"
#include "shared/base/str.h"

/* cost: tokens to take; -1 puts one back. left: how many more may follow at once. */
bool fallback_allow(str key, int per_minute, int burst, int cost, instant now, int *left, int *retry_after_s);
