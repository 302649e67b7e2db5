/* A growing byte buffer in an arena, with a hard maximum. Used for bodies, JSON, HTML. */
#pragma once

#include "shared/base/arena.h"
#include <stdint.h>

#include "shared/base/bytes.h"

struct buf {
    struct arena *arena;
    char *p;
    size_t n, cap, max;
    bool may_overflow, is_over;
};

/*
 * max is a bound that no correct caller reaches; exceeding it aborts. Where a request's content goes in, it is how long
 * that may be, times what is made of one byte of it: PERCENT_ENCODED_MAX, JSON_ESCAPED_MAX, JSON_GROWTH_MAX.
 */
void buf_init(struct buf *b, struct arena *a, size_t max);
/* For what grows with other people's data: over max it takes nothing more and says is_over, so it is not to be used. */
void buf_init_bounded(struct buf *b, struct arena *a, size_t max);
void buf_add(struct buf *b, str s);
void buf_add_char(struct buf *b, char c);
void buf_add_i64(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline str buf_str(const struct buf *b)
{
    return (str){ b->p ? b->p : "", b->n };
}
