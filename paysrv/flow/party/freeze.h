/*
 * "This was not me": the link in every mail with a code. Whoever holds the mail may stop all payouts of its owner;
 * nobody can start them again with it.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

/* <public_url>/payouts/not-me/{token} */
str freeze_url(struct task *t, partner_id partner, user_id user);
/* false: not a token of ours. */
bool freeze_token_read(struct task *t, str token, partner_id *partner, user_id *user);
/* Freezes the user's payouts and cancels all that waits for a code; his partner and the operator are told, and what is
 * confirmed is held. May be repeated. */
MUST_USE err freeze_run(struct task *t, partner_id partner, user_id user);
/* By the operator: they go on, and with them what was held. */
MUST_USE err freeze_end(struct task *t, partner_id partner, user_id user, bool *changed);
