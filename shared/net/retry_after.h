/* How long an answer asks its client to wait: Retry-After (RFC 9110, 10.2.3). */
#pragma once

#include "shared/base/instant.h"

/* In seconds, 0 or more: as the number says, or until the date from now on; 0 when it is neither. */
int64_t retry_after_seconds(str value, instant now);
