/* See reserve.h. */
#include "paysrv/domain/ledger/reserve.h"

int64_t reserve_next(int64_t target_minor, int64_t held_minor, int64_t free_minor)
{
    int64_t next;
    if (__builtin_add_overflow(held_minor, free_minor, &next))
        return free_minor < 0 ? 0 : target_minor;
    if (next < 0)
        return 0;
    return next > target_minor ? target_minor : next;
}
