/*
 * Property tests: PROPERTY(name) { values drawn from `draw`, then CHECKs } runs many times with drawn values.
 * Every value comes from one stream of choices, so a failing run is made small by making its stream short and its
 * choices small, whatever the values are. The seed is printed; put it into tests/prop/seeds.txt to keep it for ever.
 */
#pragma once

#include "tests/support/test.h"

struct draw;

uint64_t draw_u64(struct draw *d);
/* low..high, both included; small choices give values near low. */
int64_t draw_range(struct draw *d, int64_t low, int64_t high);
bool draw_bool(struct draw *d);
/* An integer of any magnitude, with the edges of 64 bits drawn often. */
int64_t draw_i64(struct draw *d);
/* At most max bytes of any kind. */
bytes draw_bytes(struct draw *d, struct arena *a, size_t max);
/* At most max characters of valid UTF-8, half of the time plain ASCII. */
str draw_text(struct draw *d, struct arena *a, size_t max);
/* At most max characters out of alphabet. */
str draw_word(struct draw *d, struct arena *a, const char *alphabet, size_t max);

typedef void (*property)(struct arena *arena, struct draw *draw);

/* 500 runs, or STOA_PROP_RUNS; STOA_PROP_SEED gives other values than the usual ones. */
void property_check(const char *name, property body);
/* The number of choices of the smallest failing run that is found; 0: no run fails. Tests the harness itself. */
size_t property_smallest(property body);

#define PROPERTY(name)                                                                                                 \
    static void property_##name(__attribute__((unused)) struct arena *arena, struct draw *draw);                       \
    TEST(name)                                                                                                         \
    {                                                                                                                  \
        property_check(#name, property_##name);                                                                        \
    }                                                                                                                  \
    static void property_##name(__attribute__((unused)) struct arena *arena, struct draw *draw)
