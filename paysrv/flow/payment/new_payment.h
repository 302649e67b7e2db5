/* What a payment is made of beyond what was asked for: its store's rules, and who gets what of it, for ever. */
#pragma once

#include "paysrv/domain/stores/split.h"
#include "paysrv/store/newtypes.h"
#include "paysrv/store/payment.rows.h"
#include "shared/base/task.h"

/* The rules of its store, which p is then said to be made under. */
MUST_USE err payment_store_rules(struct task *t, const struct payment_store_row *store, struct payment_find_row *p,
                                 struct split_profile *ret);
/* INVALID_PARAMETER naming param, or `amount` when the rules cannot share it. */
MUST_USE err payment_share(struct task *t, const struct split_profile *split, const char *param,
                           struct payment_find_row *p);

/* A payment that no request of a partner's asked for: of an invoice, or to bring another card. */
struct payment_wanted {
    partner_id partner;
    store_id store;
    payment_id payment;
    str currency;
    int64_t amount_minor;
    bool is_reserved_only; /* in two steps: nothing is charged by itself */
    str description, metadata, return_url;
    instant expires_at;
    str buyer, email;    /* who is asked whether his card may be kept */
    str locale;          /* his language; absent: as his browser says */
    bool must_keep_card; /* to check it, and for nothing else */
    str route, key;      /* made again under them, it is the same */
};
MUST_USE err payment_want(struct task *t, const struct payment_wanted *w);
