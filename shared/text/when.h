/* Points in time as operators write them: 2026-11-25T20:00:00Z, or how long ago: 90s, 15m, 24h, 7d. */
#pragma once

#include "shared/base/instant.h"

bool when_parse(str text, instant now, instant *ret);
