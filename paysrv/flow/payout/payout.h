/*
 * Payouts through their life until the bank file: requested, confirmed with the mailed code, resent, canceled.
 * Each step is one statement or one transaction; a guess is counted and committed before it is compared.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/once.h"
#include "paysrv/flow/payout/payout_order.h"
#include "shared/base/task.h"

MUST_USE err payouts_request(struct task *t, const struct caller *c, const struct payout_order *order,
                             const struct once *once, struct answer *ret);
/* CODE_REFUSED with attempts_left for every kind of wrong code. */
MUST_USE err payouts_confirm(struct task *t, const struct caller *c, str payout, str typed, const struct once *once,
                             struct answer *ret);
MUST_USE err payouts_resend(struct task *t, const struct caller *c, str payout, const struct once *once,
                            struct answer *ret);
MUST_USE err payouts_cancel(struct task *t, const struct caller *c, str payout, const struct once *once,
                            struct answer *ret);
/* The job: requests whose code was never typed. */
MUST_USE err payouts_expire(struct task *t);
