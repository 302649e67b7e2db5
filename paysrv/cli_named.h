/* What commands name by their first argument (struct named of shared/server/server.h). */
#pragma once

#include "shared/base/task.h"

MUST_USE err partner_is_there(struct task *t, str name, bool *ret);
MUST_USE err store_is_there(struct task *t, str name, bool *ret);
MUST_USE err user_is_there(struct task *t, str name, bool *ret);
MUST_USE err payment_is_there(struct task *t, str name, bool *ret);
