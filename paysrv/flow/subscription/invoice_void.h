/*
 * An open invoice is forgiven: nobody pays it any more, and its subscription goes on as if it were paid; what was not
 * paid is never given back (docs/decisions/0085). Who cancels the invoice's payment instead ends the subscription, or
 * takes the change back.
 */
#pragma once

#include "paysrv/flow/once.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

/* Also of one that is void already. INVOICE_STATE: it is over otherwise, or is being paid. */
MUST_USE err invoice_void(struct task *t, invoice_id id);
/* The same once under a key; answers with the invoice. */
MUST_USE err invoice_void_once(struct task *t, partner_id partner, invoice_id id, const struct once *once,
                               struct answer *ret);
