/* Points in time and lengths of time, both in microseconds; distinct types so that they cannot be mixed up. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shared/base/str.h"

struct arena;

typedef struct {
    int64_t us; /* since 1970-01-01T00:00:00Z */
} instant;

typedef struct {
    int64_t us;
} duration;

#define MILLISECONDS(n) ((duration){ (int64_t)(n)*1000 })
#define SECONDS(n) ((duration){ (int64_t)(n)*1000000 })
#define MINUTES(n) SECONDS((int64_t)(n)*60)
#define HOURS(n) MINUTES((int64_t)(n)*60)
#define DAYS(n) HOURS((int64_t)(n)*24)

static inline instant instant_add(instant t, duration d)
{
    return (instant){ t.us + d.us };
}

static inline bool instant_before(instant a, instant b)
{
    return a.us < b.us;
}

static inline int64_t instant_seconds(instant t)
{
    return t.us / 1000000;
}

static inline instant instant_of_seconds(int64_t s)
{
    return (instant){ s * 1000000 };
}

/* 2026-11-23T20:50:55Z, or with .123Z when the milliseconds are not zero. */
str instant_iso(struct arena *a, instant t);
/* 2026-11-23 20:50 UTC: for people, in pages and mails; read alike in every language. */
str instant_text(struct arena *a, instant t);
/* 2026-11-23 */
str instant_date(struct arena *a, instant t);

/* 2026-11-23T20:50:55Z, with or without three digits of a second as instant_iso writes them, from 1970 on. */
bool instant_parse(str s, instant *ret);

/* The wall clock. Read once per task by the shell of the program and passed on as data (task.now). Of a server it is
 * the time of its deployment (shared/ops/clock.h), carried on by a monotonic clock that goes on while the machine
 * sleeps; else what the machine says. */
instant wall_clock_now(void);
/* From now on it is this time, and goes on from it by that clock. Before there are threads. */
void wall_clock_begin(instant now);
/* By one thread at a time. Both 0 or more, as time does not go back. ahead: it goes by a twentieth more slowly until it
 * has lost so much, and as before then, whether or not anybody corrects it again. */
void wall_clock_correct(duration forward, duration ahead);
/* What this machine says, which somebody may set. In builds with STOA_CRASH_POINTS, moved by as many seconds as the
 * file says that STOA_CLOCK_FILE names. */
instant machine_clock_now(void);
/* Monotonic, for latencies and time limits only. */
int64_t monotonic_us(void);
