/* What the endpoints of subscriptions share: the objects that a request names, if they are the caller's. */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/store/price.rows.h"
#include "paysrv/store/saved_card.rows.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/http/endpoint.h"

/* What a chargeback does to a subscription; absent is as good. */
MUST_USE err on_dispute_judge(struct task *t, str word);
/* The same, where `default` takes back what was said before: *word is absent then. */
MUST_USE err on_dispute_or_default(struct task *t, str *word, bool *is_default);
/* The subscription of the path. */
MUST_USE err subscription_load(struct task *t, const struct request *rq, const struct subscription_find_row **ret);
/* INVALID_PARAMETER naming `price` or `saved_card`: unknown, of somebody else, archived or withdrawn. */
MUST_USE err subscription_price(struct task *t, const struct caller *caller, str price,
                                const struct price_find_row **ret);
MUST_USE err subscription_card_of(struct task *t, const struct caller *caller, str card, store_id store,
                                  const struct saved_card_find_row **ret);
