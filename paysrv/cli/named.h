/* What commands name by their first argument (struct named of shared/server/server.h). */
#pragma once

#include "shared/base/task.h"

/* An option that names a partner. CLI_DONE: he is there, or NULL; else what the command ends with, which is said. */
MUST_USE int partner_option(struct task *t, const char *slug);
MUST_USE err partner_is_there(struct task *t, str name, bool *ret);
MUST_USE err store_is_there(struct task *t, str name, bool *ret);
MUST_USE err user_is_there(struct task *t, str name, bool *ret);
MUST_USE err payment_is_there(struct task *t, str name, bool *ret);
