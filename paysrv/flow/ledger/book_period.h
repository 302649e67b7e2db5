/*
 * A period of the books: days in a zone, and the range of entries that they are (docs/decisions/0052). What an
 * accountant asks for by days is found by entries from then on, and never changes once it is closed.
 */
#pragma once

#include "shared/base/task.h"

struct zone;

struct book_period {
    const struct zone *zone; /* NULL: UTC */
    instant from, to;
    int64_t from_entry, to_entry; /* the entries after the first, up to the second; of book_period_places */
    bool is_closed;               /* it is over, and will always be the same entries */
};

/* Days, the last one not in it: 2026-11-01; absent: of this month, until now. zone absent: UTC. INVALID_PARAMETER
 * naming from, to or zone. */
MUST_USE err book_period_read(struct task *t, str from, str to, str zone, struct book_period *ret);
MUST_USE err book_period_places(struct task *t, struct book_period *p);
/* The day of a moment, in its zone. */
str book_period_day(struct arena *a, const struct book_period *p, instant at);
