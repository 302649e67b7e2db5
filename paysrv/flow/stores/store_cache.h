/*
 * What payments need of their stores, kept for a moment: a store's seller and currency do not change once it is made;
 * its state, tariff and domains do, and all servers know it within that moment. A tariff that is planned begins when it
 * says: nothing is kept beyond. Bounded, of this process only; a miss reads.
 */
#pragma once

#include "paysrv/store/payment.rows.h"
#include "shared/base/task.h"

struct store_cache;

struct store_cache *store_cache_create(struct arena *process);
/* Only stores of this partner that sell and whose accounts are open: what was refused is asked again. Copies into the
 * task's arena. */
bool store_cache_find(struct task *t, struct store_cache *c, partner_id partner, store_id store,
                      struct payment_store_row *ret);
void store_cache_keep(struct task *t, struct store_cache *c, partner_id partner, store_id store,
                      const struct payment_store_row *row);
/* What has just changed by this server is not seen here any more as it was. NULL cache: a command, which has none. */
void store_cache_forget(struct task *t, struct store_cache *c, partner_id partner, store_id store);
