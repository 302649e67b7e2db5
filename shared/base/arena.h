/*
 * Memory of one lifetime (process, worker, request): allocated piece by piece, released all at once.
 * Allocations are zeroed, aligned and never NULL; out of memory or over the hard limit aborts the process.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "shared/base/str.h"

struct arena;

/* max_bytes is the hard stop: an arena that grows past it is a bug, and the process dies. */
struct arena *arena_create(size_t first_block_bytes, size_t max_bytes);
void arena_destroy(struct arena *a);
/* Runs the deferred releases in reverse order, wipes what was used, keeps the first block. */
void arena_reset(struct arena *a);
size_t arena_used(const struct arena *a);
/* Until the hard limit. For who reads what others have made grow, and can say that it is too much. */
size_t arena_left(const struct arena *a);

void *arena_alloc(struct arena *a, size_t bytes);
#define arena_new(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define arena_array(a, T, n) ((T *)arena_calloc((a), (n), sizeof(T)))
void *arena_calloc(struct arena *a, size_t n, size_t bytes);

str arena_str(struct arena *a, str s);
/* A NUL-terminated copy, for vendor calls only. */
char *arena_cstr(struct arena *a, str s);
str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
str arena_vprintf(struct arena *a, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

/* Ties a foreign object to the arena: release(object) runs at reset. */
void arena_defer(struct arena *a, void (*release)(void *), void *object);
