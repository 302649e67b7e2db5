/*
 * A bump allocator over a chain of blocks. Blocks come zeroed and used ranges are wiped when they are given up,
 * so an allocation is one addition, and no token or password outlives its request.
 */
#include "shared/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "shared/base/panic.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif

#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define GAP_BYTES 16 /* stays poisoned between two allocations */
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define GAP_BYTES 0
#endif

#define ALIGN_BYTES 16
#define BLOCK_MAX_BYTES ((size_t)1 << 20)
/* The newest block up to this size is kept by a reset: who needed it once needs it again, for the next request. */
#define KEPT_MAX_BYTES ((size_t)64 << 10)

struct block {
    struct block *older;
    size_t used, cap;
    _Alignas(ALIGN_BYTES) char bytes[];
};

struct deferred {
    struct deferred *earlier;
    void (*release)(void *);
    void *object;
};

struct arena {
    struct block *current;
    struct deferred *latest;
    size_t used, max;
};

static struct block *block_create(size_t cap, struct block *older)
{
    struct block *b = calloc(1, sizeof *b + cap);
    if (!b)
        panic("out of memory");
    b->older = older;
    b->cap = cap;
    ASAN_POISON_MEMORY_REGION(b->bytes, cap);
    return b;
}

static void block_wipe(struct block *b)
{
    ASAN_UNPOISON_MEMORY_REGION(b->bytes, b->cap);
    explicit_bzero(b->bytes, b->used);
    b->used = 0;
}

/* Gives back the one before. */
static struct block *block_drop(struct block *b)
{
    struct block *older = b->older;
    block_wipe(b);
    free(b);
    return older;
}

struct arena *arena_create(size_t first_block_bytes, size_t max_bytes)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        panic("out of memory");
    a->current = block_create((first_block_bytes + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1), NULL);
    a->max = max_bytes;
    return a;
}

void arena_reset(struct arena *a)
{
    /* A release may look at memory of the arena, so all of them run before anything is wiped. */
    while (a->latest) {
        struct deferred *d = a->latest;
        a->latest = d->earlier;
        d->release(d->object);
    }
    struct block *kept = a->current;
    while (kept->older && kept->cap > KEPT_MAX_BYTES)
        kept = block_drop(kept);
    for (struct block *b = kept->older; b;)
        b = block_drop(b);
    block_wipe(kept);
    kept->older = NULL;
    a->current = kept;
    ASAN_POISON_MEMORY_REGION(kept->bytes, kept->cap);
    a->used = 0;
}

void arena_destroy(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    ASAN_UNPOISON_MEMORY_REGION(a->current->bytes, a->current->cap);
    free(a->current);
    free(a);
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

size_t arena_left(const struct arena *a)
{
    return a->max - a->used;
}

static void arena_grow(struct arena *a, size_t bytes)
{
    size_t cap = a->current->cap * 2;
    if (cap > BLOCK_MAX_BYTES)
        cap = BLOCK_MAX_BYTES;
    if (cap < bytes)
        cap = bytes;
    a->current = block_create(cap, a->current);
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    if (bytes > a->max)
        panic("arena over its hard limit");
    size_t step = (bytes + GAP_BYTES + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
    if (step > a->max - a->used)
        panic("arena over its hard limit");
    if (step > a->current->cap - a->current->used)
        arena_grow(a, step);
    struct block *b = a->current;
    char *p = b->bytes + b->used;
    b->used += step;
    a->used += step;
    ASAN_UNPOISON_MEMORY_REGION(p, bytes);
    return p;
}

void *arena_calloc(struct arena *a, size_t n, size_t bytes)
{
    size_t all;
    if (__builtin_mul_overflow(n, bytes, &all))
        panic("arena over its hard limit");
    return arena_alloc(a, all);
}

str arena_str(struct arena *a, str s)
{
    if (!str_given(s))
        return s;
    char *p = arena_alloc(a, s.n);
    memcpy(p, s.p, s.n);
    return (str){ p, s.n };
}

char *arena_cstr(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return p;
}

/* Written where it will stand, if there is room; how long it is (without its end), or would be. */
__attribute__((format(printf, 2, 0))) static int print_ahead(struct arena *a, const char *format, va_list ap)
{
    struct block *b = a->current;
    char *p = b->bytes + b->used;
    size_t room = b->cap - b->used > GAP_BYTES ? b->cap - b->used - GAP_BYTES : 0;
    va_list once;
    ASAN_UNPOISON_MEMORY_REGION(p, room);
    va_copy(once, ap);
    int n = vsnprintf(p, room, format, once);
    va_end(once);
    if (n >= 0 && (size_t)n >= room)
        explicit_bzero(p, room);
    ASAN_POISON_MEMORY_REGION(p, room);
    return n;
}

str arena_vprintf(struct arena *a, const char *format, va_list ap)
{
    int n = print_ahead(a, format, ap);
    if (n < 0)
        panic("text cannot be formatted");
    char *ahead = a->current->bytes + a->current->used;
    char *p = arena_alloc(a, (size_t)n + 1);
    if (p != ahead)
        vsnprintf(p, (size_t)n + 1, format, ap);
    return (str){ p, (size_t)n };
}

str arena_printf(struct arena *a, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    str s = arena_vprintf(a, format, ap);
    va_end(ap);
    return s;
}

void arena_defer(struct arena *a, void (*release)(void *), void *object)
{
    struct deferred *d = arena_new(a, struct deferred);
    *d = (struct deferred){ a->latest, release, object };
    a->latest = d;
}
