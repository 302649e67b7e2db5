/*
 * Deals at work (domain/deal.h, docs/decisions/0063): a release by the partner, and the end that comes by itself.
 * Neither moves money between accounts: what was released is held no longer. A return at the end is a refund like any
 * other, under a key of its own.
 */
#pragma once

#include "paysrv/flow/answer.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/deal.rows.h"

void deal_write(struct json *j, const struct deal_find_row *deal);

struct deal_release_order {
    partner_id partner;
    payment_id payment;
    int64_t wanted_minor; /* 0: all that is held */
    const struct once *once;
};
/* 200 with the hold as it is then. NOT_FOUND; PAYMENT_STATE, or RELEASE_TOO_LARGE naming the amount. */
MUST_USE err deal_release_run(struct task *t, const struct deal_release_order *order, struct answer *ret);

/* Ends those whose time has come: a job of its own, which waits for acquirers. */
MUST_USE err deals_run(struct task *t);
