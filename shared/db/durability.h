/* Whether what PostgreSQL has answered survives a loss of power, or of the primary
 * (docs/decisions/0112-acknowledged.md). */
#pragma once

#include "shared/base/str.h"
#include "shared/base/task.h"

/* As a session of this server has them. */
struct durability {
    str fsync, full_page_writes, synchronous_commit, synchronous_standby_names;
};
MUST_USE err durability_read(struct task *t, struct durability *ret);

/* One setting with which something that was acknowledged may be lost. */
struct durability_gap {
    const char *setting, *allowed, *why;
    str is;
};
/* false: there is none. */
bool durability_gap_find(const struct durability *d, struct durability_gap *ret);
