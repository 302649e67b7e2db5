/* Days and parts. See holdback.h. */
#include "paysrv/domain/holdback.h"

#include "paysrv/domain/split.h"

__extension__ typedef __int128 wide;

#define THURSDAY 4 /* 1970-01-01, when Sunday is 0 */
#define SATURDAY 6

static bool is_weekend(instant at)
{
    int64_t weekday = (at.us / DAYS(1).us + THURSDAY) % 7;
    return weekday == 0 || weekday == SATURDAY;
}

instant holdback_day_after(instant at, int32_t days, bool is_working)
{
    while (days > 0) {
        at = instant_add(at, DAYS(1));
        if (!is_working || !is_weekend(at))
            days--;
    }
    return at;
}

struct holdback_parts holdback_split(const struct holdback_terms *terms, int64_t share_minor, instant paid_at)
{
    int64_t reserve = (int64_t)((wide)share_minor * terms->reserve_bp / SPLIT_BP);
    instant delay_until = holdback_day_after(paid_at, terms->delay_days, terms->is_working);
    instant reserve_until = holdback_day_after(paid_at, terms->reserve_days, false);
    return (struct holdback_parts){
        .delay_minor = share_minor - reserve,
        .reserve_minor = reserve,
        .delay_until = delay_until,
        .reserve_until = instant_before(reserve_until, delay_until) ? delay_until : reserve_until,
    };
}

int64_t holdback_left(int64_t part_minor, int64_t captured_minor, int64_t returned_minor)
{
    return (int64_t)((wide)part_minor * (captured_minor - returned_minor) / captured_minor);
}
