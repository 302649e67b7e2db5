/* Mails that come back after the relay has taken them (domain/bounce.h): what waits for their code ends, as with a
 * refusal. */
#pragma once

#include "shared/base/task.h"

struct bounced {
    str mail, status;
    bool is_new; /* false: this mail had failed before */
};

/* A report as the mail system hands it over. BOUNCE_REFUSED says why; NOT_FOUND: no mail of ours, or one long ago. */
MUST_USE err bounce_take(struct task *t, str message, struct bounced *ret);
