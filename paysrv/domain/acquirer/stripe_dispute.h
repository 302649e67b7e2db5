/*
 * Disputes as Stripe's API has them (docs/protocol/connectors.md, Stripe): what one says of our payment, and in which
 * order what it says came to be, as the object has no number of its own.
 */
#pragma once

#include "paysrv/domain/dispute/dispute.h"
#include "shared/text/json_in.h"

struct stripe_dispute {
    str id, currency, reason; /* currency: as ours are written */
    str intent;               /* the payment intent; absent: the charge has none */
    str key;                  /* our metadata on it, where it is expanded; absent: none of ours */
    struct dispute_state state;
    int64_t fee_minor; /* of what was taken from the account in this currency; 0: it does not say */
    int64_t due_s;     /* 0: there is nothing to answer */
    int64_t created_s; /* 0: it does not say */
    bool is_live;
};
/* false: it is none, or in a state that is not known here. */
bool stripe_dispute_read(const struct json_value *object, struct stripe_dispute *ret);
