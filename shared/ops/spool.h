/*
 * A file without a name for what is too large for memory: written once, read while it is sent, gone when its arena is
 * reset. Writes are gathered.
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/err.h"

struct spool {
    int fd;
    int64_t bytes; /* all that was added, once it is flushed */
    char *pending;
    size_t n_pending;
};

/* In this directory. UNAVAILABLE: no file can be made or written there. */
MUST_USE err spool_open(struct task *t, const char *directory, struct spool *ret);
MUST_USE err spool_add(struct task *t, struct spool *s, str piece);
MUST_USE err spool_flush(struct task *t, struct spool *s);
