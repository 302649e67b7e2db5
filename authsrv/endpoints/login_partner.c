/* GET /login/partner/{slug}: hands the browser to the partner's own log-in. */
#include "authsrv/domain/partner/site.h"
#include "authsrv/faults.h"
#include "authsrv/flow/upstream/upstream_load.h"
#include "authsrv/guards.h"
#include "authsrv/partner_ways.h"
#include "authsrv/routes.h"

struct login_partner_in {
    str flow;
};

static const struct param login_partner_params[] = {
    P_STR(struct login_partner_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
};

static err login_partner(struct task *t, const struct request *rq, struct response *rs)
{
    const struct login_partner_in *in = rq->in;
    struct visit v;
    const struct upstream *partner;
    str slug = request_path_param(rq, "slug");
    if (t->site && !str_eq(slug, t->site->partner))
        return FAIL(t, NOT_FOUND, "another partner's name");
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(upstream_load(t, slug, &partner));
    if (!partner || !upstream_has_login(partner->set.kind))
        return FAIL(t, NOT_FOUND, "no such partner");
    return partner_ask(t, rq, rs, &v, partner, false);
}

const struct route login_partner_route = {
    .method = GET,
    .path = "/login/partner/{slug}",
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .sites = SITE_ANY,
    .no_store = true,
    .per_minute = 120,
    .ignore_unknown = true,
    INPUT(struct login_partner_in, login_partner_params),
    .handle = login_partner,
    .summary = "Log in with a partner's account",
};
