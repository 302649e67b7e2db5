/* Which user a call is about: a user's token acts for that user only, a partner's token for any user of the partner. */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"

/*
 * named: "usr_...", "me" or absent. NOT_FOUND alike for unknown users, other partners' and, with a user's token, other
 * people. A partner's token must name the user: INVALID_PARAMETER `user`.
 */
MUST_USE err party_user(struct task *t, const struct caller *c, str named, const struct user_find_row **ret);
/* The user to whom lists and objects are restricted; absent for a partner's token. */
MUST_USE err party_owner(struct task *t, const struct caller *c, str *ret);
/* The same for a list of those of the user that is named, if one is. */
MUST_USE err party_listed(struct task *t, const struct caller *c, str named, str *ret);
/* pending, active or closed */
str party_status(const struct user_find_row *user);
/* USER_STATE: nothing new is begun for one who is not confirmed, or who is closed. */
MUST_USE err party_is_active(struct task *t, const struct user_find_row *user);
