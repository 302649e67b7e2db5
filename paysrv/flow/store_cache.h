/*
 * What payments need of their stores, kept for a moment: a store's seller and currency do not change once it is made,
 * and an operator who gives it another profile waits for that moment. Bounded, of this process only; a miss reads.
 */
#pragma once

#include "paysrv/store/payment.rows.h"
#include "shared/base/task.h"

struct store_cache;

struct store_cache *store_cache_create(struct arena *process);
/* Only stores of this partner whose accounts are open. Copies into the task's arena. */
bool store_cache_find(struct task *t, struct store_cache *c, partner_id partner, store_id store,
                      struct payment_store_row *ret);
void store_cache_keep(struct task *t, struct store_cache *c, partner_id partner, store_id store,
                      const struct payment_store_row *row);
