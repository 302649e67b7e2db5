/*
 * The operator's list of breached passwords (setting breached_passwords_file): SHA-1 digests in hexadecimal, one a
 * line, sorted, whatever follows a colon is ignored. That is how the known lists are published; they are too big for
 * memory.
 */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

/* Without a list nothing is breached. BREACHED_LIST: the list cannot be read, and so nothing can be said. */
MUST_USE err password_is_breached(struct task *t, str password, bool *ret);
