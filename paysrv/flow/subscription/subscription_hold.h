/* A subscription whose buyer's bank takes a payment back: paused until that is decided, ended, or going on again. */
#pragma once

#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"

enum disputed_way { DISPUTED_HOLDS = 1, DISPUTED_ENDS, DISPUTED_GOES_ON };
/* In the caller's transaction, with the mail to its buyer. */
MUST_USE err subscription_disputed(struct task *t, const struct subscription_find_row *s, enum disputed_way way);
/* What a dispute has paused goes on as it was before; its calendar is as it was. */
MUST_USE err subscription_goes_on(struct task *t, const struct subscription_find_row *s);
