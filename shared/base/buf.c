/* Growing buffers: doubling inside the arena; the bytes given up stay there until the arena is reset. */
#include "shared/base/buf.h"

#include <stdio.h>

#include "shared/base/panic.h"

#define FIRST_BYTES 512

void buf_init(struct buf *b, struct arena *a, size_t max)
{
    *b = (struct buf){ .arena = a, .max = max };
}

void buf_init_bounded(struct buf *b, struct arena *a, size_t max)
{
    *b = (struct buf){ .arena = a, .max = max, .may_overflow = true };
}

/* Room for n more bytes and the NUL that vsnprintf writes; false: it is over its maximum, and may be. */
static bool buf_reserve(struct buf *b, size_t n)
{
    if (b->is_over || b->n > b->max || n > b->max - b->n) {
        if (!b->may_overflow)
            panic("buffer over its maximum");
        b->is_over = true;
        return false;
    }
    size_t need = b->n + n + 1;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap ? b->cap * 2 : FIRST_BYTES;
    while (cap < need)
        cap *= 2;
    char *p = arena_alloc(b->arena, cap);
    if (b->n)
        memcpy(p, b->p, b->n);
    b->p = p;
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, str s)
{
    if (s.n == 0 || !buf_reserve(b, s.n))
        return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}

void buf_add_char(struct buf *b, char c)
{
    if (buf_reserve(b, 1))
        b->p[b->n++] = c;
}

void buf_add_i64(struct buf *b, int64_t v)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (v < 0)
        digits[--at] = '-';
    buf_add(b, (str){ digits + at, sizeof digits - at });
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0)
        panic("text cannot be formatted");
    if (buf_reserve(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, format, ap);
        b->n += (size_t)n;
    }
    va_end(ap);
}
