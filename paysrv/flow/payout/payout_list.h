/*
 * Lists of payouts of one owner, to any of his accounts, which one mailed code confirms: all of it or none. Confirmed,
 * each payout goes its own way.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/once.h"
#include "paysrv/flow/payout/payout_order.h"
#include "shared/base/task.h"

#define PAYOUT_LIST_MAX 100

struct payout_list_order {
    str user; /* absent with a user's token */
    const struct payout_order *payouts;
    size_t n;
};

/* Failures name the field of the payout: payouts[3].requisite. */
MUST_USE err payout_lists_request(struct task *t, const struct caller *c, const struct payout_list_order *order,
                                  const struct once *once, struct answer *ret);
MUST_USE err payout_lists_confirm(struct task *t, const struct caller *c, str list, str typed, const struct once *once,
                                  struct answer *ret);
MUST_USE err payout_lists_resend(struct task *t, const struct caller *c, str list, const struct once *once,
                                 struct answer *ret);
MUST_USE err payout_lists_cancel(struct task *t, const struct caller *c, str list, const struct once *once,
                                 struct answer *ret);
/* Before it was confirmed, in a transaction. */
MUST_USE err payout_list_end(struct task *t, partner_id partner, str list, str reason);
MUST_USE err payout_lists_read(struct task *t, const struct caller *c, str list, str *document);
/* Those of an owner who wants nothing paid out any more. */
MUST_USE err payout_lists_cancel_waiting(struct task *t, partner_id partner, user_id user);
