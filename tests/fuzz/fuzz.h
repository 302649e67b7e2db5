/* What the fuzz targets share. A target ends the process (MUST) when a property is violated; sanitizers do the rest. */
#pragma once

#include <stdint.h>
#include <stdlib.h>

#include "shared/base/arena.h"
#include "shared/base/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            abort();                                                                                                   \
    } while (0)

static inline struct arena *fuzz_arena(void)
{
    static struct arena *a;
    if (!a)
        a = arena_create(1 << 16, (size_t)32 << 20);
    arena_reset(a);
    return a;
}

static inline str fuzz_text(const uint8_t *data, size_t size)
{
    return (str){ size ? (const char *)data : "", size };
}
