/*
 * What is kept about a user: all of it as one document, and what of it goes when he leaves (decision 0072). Money
 * stays: the ledger, payouts, and to whom they went, as long as the law asks for it.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* Writes the members into an object that is open. is_whole: with tax numbers and birth dates, for the person alone. */
MUST_USE err user_data_write(struct task *t, struct json *j, partner_id partner, const struct user_find_row *user,
                             bool is_whole);
/* USER_STATE unless he is closed. May be repeated. */
MUST_USE err users_erase(struct task *t, const struct caller *c, const struct user_find_row *user,
                         const struct once *once, struct answer *ret);
/* The job: what had to be kept longer. */
MUST_USE err users_forget(struct task *t);
