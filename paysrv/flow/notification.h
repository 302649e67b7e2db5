/*
 * A message of the acquirer about a charge or refund: verified before, applied by the same T2 as everything else,
 * stored in the statement that applies it, and only then answered (SECURITY M, 5.1 item 5).
 */
#pragma once

#include "shared/base/task.h"

/* body: the raw bytes whose signature was good. A failure means that the acquirer must send it again. */
MUST_USE err notification_apply(struct task *t, str body);
