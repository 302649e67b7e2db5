/* `hold` of POST /v1/payments: the deal that a partner makes its payment under (docs/protocol/pay/deals.md). */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/store/newtypes.h"
#include "shared/http/endpoint.h"

struct hold_in {
    str until, ends_after, at_end;
};
extern const struct param hold_params[3];

/* *terms: the store's own with this deal in them, in the place of those that it was. in NULL: nothing changes. */
MUST_USE err hold_request_terms(struct task *t, const struct caller *caller, const struct hold_in *in, store_id store,
                                int64_t *terms);
