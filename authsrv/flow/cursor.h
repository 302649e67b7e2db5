/* Cursors of the operator's lists: opaque and authenticated, so that nobody reads one list with another's. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

/* position is what the list's query compares with, e.g. the last id of the page. */
str cursor_make(struct task *t, const char *list, str position);
/* cursor absent: *position is absent. Not ours, or of another list: INVALID_REQUEST naming `cursor`. */
MUST_USE err cursor_read(struct task *t, const char *list, str cursor, str *position);
