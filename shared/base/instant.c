/* Clocks, and points in time as text in UTC; no C library calendar, no time zone, no locale. */
#include "shared/base/instant.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shared/base/arena.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"
#include "shared/base/panic.h"

#define US_PER_DAY ((int64_t)86400000000)

struct civil {
    struct civil_date date;
    int64_t us_of_day;
};

static struct civil civil_of(instant t)
{
    int64_t days = t.us / US_PER_DAY - (t.us % US_PER_DAY < 0);
    return (struct civil){ civil_of_days(days), t.us - days * US_PER_DAY };
}

/* v with so many digits, and what follows them. */
static char *digits_write(char *p, int64_t v, int digits, char after)
{
    for (int i = digits - 1; i >= 0; i--, v /= 10)
        p[i] = (char)('0' + v % 10);
    p[digits] = after;
    return p + digits + 1;
}

/* By hand: every document has some, and printf takes ten times as long. */
str instant_iso(struct arena *a, instant t)
{
    struct civil c = civil_of(t);
    int ms = (int)(c.us_of_day / 1000 % 1000);
    int s = (int)(c.us_of_day / 1000000);
    char text[sizeof "2026-11-23T20:50:55.123Z"];
    if (c.date.year < 0 || c.date.year > 9999)
        return arena_printf(a, "%lld-%02d-%02dT00:00:00Z", (long long)c.date.year, c.date.month, c.date.day);
    char *p = digits_write(text, c.date.year, 4, '-');
    p = digits_write(p, c.date.month, 2, '-');
    p = digits_write(p, c.date.day, 2, 'T');
    p = digits_write(p, s / 3600, 2, ':');
    p = digits_write(p, s / 60 % 60, 2, ':');
    p = digits_write(p, s % 60, 2, ms ? '.' : 'Z');
    if (ms)
        p = digits_write(p, ms, 3, 'Z');
    return arena_str(a, (str){ text, (size_t)(p - text) });
}

str instant_text(struct arena *a, instant t)
{
    struct civil c = civil_of(t);
    int minutes = (int)(c.us_of_day / 60000000);
    return arena_printf(a, "%04lld-%02d-%02d %02d:%02d UTC", (long long)c.date.year, c.date.month, c.date.day,
                        minutes / 60, minutes % 60);
}

str instant_date(struct arena *a, instant t)
{
    struct civil c = civil_of(t);
    return arena_printf(a, "%04lld-%02d-%02d", (long long)c.date.year, c.date.month, c.date.day);
}

static bool is_shaped(str s, const char *shape)
{
    if (s.n != strlen(shape))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (shape[i] != '0' && s.p[i] != shape[i])
            return false;
    return true;
}

bool instant_parse(str s, instant *ret)
{
    int64_t year, month, day, hour, minute, second, ms = 0;
    bool has_ms = is_shaped(s, "0000-00-00T00:00:00.000Z");
    if (!has_ms && !is_shaped(s, "0000-00-00T00:00:00Z"))
        return false;
    if (!num_digits(s, 0, 4, &year) || !num_digits(s, 5, 2, &month) || !num_digits(s, 8, 2, &day) ||
        !num_digits(s, 11, 2, &hour) || !num_digits(s, 14, 2, &minute) || !num_digits(s, 17, 2, &second) ||
        (has_ms && !num_digits(s, 20, 3, &ms)))
        return false;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > civil_month_days(year, (int)month) || hour > 23 ||
        minute > 59 || second > 59)
        return false;
    *ret = instant_of_seconds(civil_days((struct civil_date){ year, (int)month, (int)day }) * 86400 + hour * 3600 +
                              minute * 60 + second);
    ret->us += ms * 1000;
    return true;
}

static int64_t clock_us(clockid_t which)
{
    struct timespec now;
    if (clock_gettime(which, &now) != 0)
        panic("clock cannot be read");
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

#ifdef STOA_CRASH_POINTS
static int64_t moved_us(void)
{
    const char *path = getenv("STOA_CLOCK_FILE");
    FILE *f = path ? fopen(path, "re") : NULL;
    char text[16];
    if (!f)
        return 0;
    size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    bool is_back = n > 0 && text[0] == '-';
    int64_t seconds;
    if (!num_parse((str){ text + is_back, n - is_back }, &seconds))
        return 0;
    return SECONDS(is_back ? -seconds : seconds).us;
}
#else
static int64_t moved_us(void)
{
    return 0;
}
#endif

/* Monotonic, and it goes on while the machine is asleep. */
static int64_t boottime_us(void)
{
    return clock_us(CLOCK_BOOTTIME);
}

instant machine_clock_now(void)
{
    return (instant){ clock_us(CLOCK_REALTIME) + moved_us() };
}

/* ---- the line that a server carries on ---- */

#define SLOWER_BY 20 /* a twentieth */

static _Atomic unsigned line_changes; /* 0: there is none; odd while it is being changed */
static _Atomic int64_t line_began_us; /* by boottime_us */
static _Atomic int64_t line_time_us;  /* what it was then */
static _Atomic int64_t line_slow_us;  /* for so long it goes more slowly from then on */

static int64_t line_at(int64_t monotonic, int64_t began_us, int64_t time_us, int64_t slow_us)
{
    int64_t since_us = monotonic - began_us;
    return time_us + since_us - (since_us < slow_us ? since_us : slow_us) / SLOWER_BY;
}

static bool line_read(int64_t *ret)
{
    unsigned before, after;
    do {
        before = atomic_load(&line_changes);
        *ret =
            line_at(boottime_us(), atomic_load(&line_began_us), atomic_load(&line_time_us), atomic_load(&line_slow_us));
        after = atomic_load(&line_changes);
    } while (before != after || before % 2 == 1);
    return before > 0;
}

static void line_write(int64_t began_us, int64_t time_us, int64_t slow_us)
{
    atomic_fetch_add(&line_changes, 1);
    atomic_store(&line_began_us, began_us);
    atomic_store(&line_time_us, time_us);
    atomic_store(&line_slow_us, slow_us);
    atomic_fetch_add(&line_changes, 1);
}

void wall_clock_begin(instant now)
{
    line_write(boottime_us(), now.us, 0);
}

void wall_clock_correct(duration forward, duration ahead)
{
    int64_t monotonic = boottime_us();
    int64_t now_us =
        line_at(monotonic, atomic_load(&line_began_us), atomic_load(&line_time_us), atomic_load(&line_slow_us));
    line_write(monotonic, now_us + forward.us, ahead.us * SLOWER_BY);
}

instant wall_clock_now(void)
{
    int64_t us;
    return line_read(&us) ? (instant){ us } : machine_clock_now();
}
