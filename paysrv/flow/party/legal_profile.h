/* Legal profiles of users: versions, of which the latest holds. Tax numbers are shown by their ends only. */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/domain/party/legal_profile.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/legal_profile.rows.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* fresh: all but version, times and who says so. */
MUST_USE err legal_profiles_add(struct task *t, const struct caller *c, const struct user_find_row *user,
                                const struct legal_profile_find_row *fresh, const struct once *once,
                                struct answer *ret);
void legal_profile_write(struct json *j, struct task *t, const struct legal_profile_find_row *row);
