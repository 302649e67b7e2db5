/* Cursors of lists: opaque and authenticated, so that nobody builds conditions on what is inside or reads across lists.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

/* position is what the list's query compares with, e.g. the last id of the page. */
str cursor_make(struct task *t, const char *list, partner_id partner, str position);
/* cursor absent: *position is absent. Not ours, or of another list or partner: INVALID_PARAMETER naming `cursor`. */
MUST_USE err cursor_read(struct task *t, const char *list, partner_id partner, str cursor, str *position);
