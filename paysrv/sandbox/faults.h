/* Seeded faults: how often, per mille, the acquirer misbehaves. The same seed gives the same faults. */
#pragma once

#include <stdint.h>

#include "shared/base/err.h"

/* What happens to one call. At most one of these. */
#define CALL_FAULTS(X)                                                                                                 \
    X(timeout)                                                                                                         \
    X(error_before)                                                                                                    \
    X(error_after)                                                                                                     \
    X(reset)                                                                                                           \
    X(garbage)                                                                                                         \
    X(slow)
/* What happens to one notification. At most one of these. */
#define NOTIFICATION_FAULTS(X)                                                                                         \
    X(duplicate_notification)                                                                                          \
    X(late_notification)                                                                                               \
    X(lost_notification)

#define FAULT_RATE_FIELD(name) int64_t name;
struct fault_rates {
    CALL_FAULTS(FAULT_RATE_FIELD)
    NOTIFICATION_FAULTS(FAULT_RATE_FIELD)
};

struct fault_plan {
    bool on;
    uint64_t state;
    int64_t seed;
    struct fault_rates rates;
};

enum call_fate {
    CALL_SOUND = 1,
    CALL_TIMES_OUT,    /* executed; no answer for a minute, then the connection ends */
    CALL_ERROR_BEFORE, /* 500, not executed */
    CALL_ERROR_AFTER,  /* executed, 500 */
    CALL_RESET_BEFORE, /* not executed, connection closed */
    CALL_RESET_AFTER,  /* executed, connection closed */
    CALL_GARBAGE,      /* executed, the answer is no JSON */
    CALL_SLOW,         /* executed, the answer comes late */
};
enum notification_fate { NOTIFY_ONCE = 1, NOTIFY_TWICE, NOTIFY_LATE, NOTIFY_NEVER };

enum call_fate fault_draw_call(struct fault_plan *p);
enum notification_fate fault_draw_notification(struct fault_plan *p);
/* How long a slow call takes. */
int64_t fault_draw_slow_ms(struct fault_plan *p);
bool call_is_executed(enum call_fate fate);
