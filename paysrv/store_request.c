/* See store_request.h. */
#include "paysrv/store_request.h"

#include "paysrv/faults.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/store/store.sql.h"

const struct param points_params[2] = {
    P_I64(struct points_in, platform_bp, .need = REQUIRED, .low = 0, .high = 10000),
    P_I64(struct points_in, partner_bp, .need = REQUIRED, .low = 0, .high = 10000),
};

err store_load(struct task *t, const struct request *rq, const struct store_find_row **ret)
{
    const struct caller *c = caller_of(rq);
    str owner;
    TRY(party_owner(t, c, &owner));
    TRY(store_find(t, c->partner, (store_id){ request_path_param(rq, "store") }, owner, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such store of this caller");
}

err store_load_of_partner(struct task *t, const struct request *rq, const struct store_find_row **ret)
{
    TRY(partner_itself(t, rq));
    return store_load(t, rq, ret);
}

enum store_actor store_actor_of(const struct request *rq)
{
    return str_given(caller_of(rq)->subject) ? STORE_OWNER : STORE_PARTNER;
}

err points_check(struct task *t, const struct points_in *in, const struct partner_find_row *partner)
{
    if (in->platform_bp + in->partner_bp > 10000)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split"), STR("together at most 10000 basis points"));
    if (in->platform_bp < partner->platform_bp)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("split.platform_bp"),
                          arena_printf(t->arena, "at least the platform's share of %d", partner->platform_bp));
    return OK;
}
