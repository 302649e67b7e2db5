/* What the endpoints of stores share between request and flow: which store, who asks, and shares in basis points. */
#pragma once

#include "paysrv/domain/stores/store.h"
#include "paysrv/store/partner.rows.h"
#include "paysrv/store/store.rows.h"
#include "shared/http/endpoint.h"

/* The store of the path: the caller's, for a user's token his own. NOT_FOUND. */
MUST_USE err store_load(struct task *t, const struct request *rq, const struct store_find_row **ret);
/* The same with the partner's own token only. INSUFFICIENT_SCOPE. */
MUST_USE err store_load_of_partner(struct task *t, const struct request *rq, const struct store_find_row **ret);

enum store_actor store_actor_of(const struct request *rq);

struct points_in {
    int64_t platform_bp, partner_bp;
};
extern const struct param points_params[2];
/* Together at most all, and for the platform no less than was agreed. */
MUST_USE err points_check(struct task *t, const struct points_in *in, const struct partner_find_row *partner);
