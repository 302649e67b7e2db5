/*
 * Another price for subscriptions that are there (docs/decisions/0064): the buyer is told by mail; more than he agreed
 * to needs his consent on his page, and without it nothing more is charged. The renewal takes it up (upcoming.h).
 */
#pragma once

#include "paysrv/flow/once.h"
#include "paysrv/store/price.rows.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

#define PRICE_NOTICE DAYS(14)

struct price_change {
    const struct price_find_row *to;
    instant effective_at;
    str without_consent; /* "keep_old" or "end" */
};
/* *applied is false when it has another price by now, or another one was announced. INVALID_PARAMETER naming `to`. */
MUST_USE err price_change_announce(struct task *t, const struct subscription_find_row *s, const struct price_change *c,
                                   bool *applied);
/* All that are at the price are told by the job. */
MUST_USE err price_migration_make(struct task *t, const struct price_find_row *from, const struct price_change *c,
                                  const struct once *once, struct answer *ret);
MUST_USE err price_migrations_run(struct task *t);

/* The buyer agrees to what was announced. */
MUST_USE err price_change_agree(struct task *t, const struct subscription_find_row *s, bool *applied);
