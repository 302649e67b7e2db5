/*
 * Lists of payments, newest first: a partner's own, an operator's, a command's. Beside partner and time nothing is
 * indexed (docs/decisions/0087-lists-of-payments.md): one look goes through a bounded number of payments, may find
 * fewer than were asked for, and says where the next one goes on.
 */
#pragma once

#include "shared/base/array.h"
#include "shared/base/task.h"

/* What is looked for; absent: anything. */
struct payment_wish {
    str partner, store, seller, status, currency, from, to;
    int64_t amount_min, amount_max; /* minor units; 0: none */
    str label;                      /* what the partner, who is given then, calls it: external_id */
    str name;                       /* what anybody calls it, or something of it */
    str last4;                      /* of the card that paid it or is held for it */
};

struct payment_found {
    str_array payments;   /* their ids */
    bool has_more;        /* there may be some */
    str next;             /* what the next look begins before */
    instant looked_until; /* 0: as many as were asked for were found, or all there are */
};

/*
 * One look for as many as `most`, from before that payment; absent: from the newest on. The caller has entered the
 * clock of the wish's partner. INVALID_PARAMETER names a field of the wish.
 */
MUST_USE err payment_look(struct task *t, const struct payment_wish *wish, str before, size_t most,
                          struct payment_found *ret);
