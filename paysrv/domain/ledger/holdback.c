/* Days and parts. See holdback.h. */
#include "paysrv/domain/ledger/holdback.h"

#include "paysrv/domain/payout/payout_schedule.h"
#include "paysrv/domain/stores/split.h"

__extension__ typedef __int128 wide;

#define THURSDAY 4 /* 1970-01-01 */
#define SUNDAY 0
#define SATURDAY 6

bool holdback_calendar_parse(str name, enum holdback_calendar *ret)
{
    static const char *const names[] = {
#define HOLDBACK_CALENDAR_NAME(name, text) text,
        HOLDBACK_CALENDARS(HOLDBACK_CALENDAR_NAME)
    };
    for (enum holdback_calendar c = CALENDAR_DAYS; c < CALENDAR_COUNT; c++) {
        if (str_eq(name, str_of(names[c]))) {
            *ret = c;
            return true;
        }
    }
    return false;
}

static bool day_counts(int64_t day, enum holdback_calendar calendar)
{
    int weekday = (int)((day + THURSDAY) % 7);
    if (calendar == CALENDAR_TARGET)
        return target_is_open(day);
    return calendar == CALENDAR_DAYS || (weekday != SUNDAY && weekday != SATURDAY);
}

instant holdback_day_after(instant at, int32_t days, enum holdback_calendar calendar)
{
    while (days > 0) {
        at = instant_add(at, DAYS(1));
        if (day_counts(at.us / DAYS(1).us, calendar))
            days--;
    }
    return at;
}

struct holdback_parts holdback_split(const struct holdback_terms *terms, int64_t share_minor, instant paid_at)
{
    int64_t reserve = (int64_t)((wide)share_minor * terms->reserve_bp / SPLIT_BP);
    instant delay_until = holdback_day_after(paid_at, terms->delay_days, terms->calendar);
    instant reserve_until = holdback_day_after(paid_at, terms->reserve_days, CALENDAR_DAYS);
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
