/* GET /login/partner/{slug}: hands the browser to the partner's own log-in. */
#include "authsrv/domain/authorization/interaction.h"
#include "authsrv/domain/partner/site.h"
#include "authsrv/faults.h"
#include "authsrv/flow/upstream/upstream.h"
#include "authsrv/guards.h"
#include "authsrv/partner_ways.h"
#include "authsrv/routes.h"

struct login_partner_in {
    str flow;
};

static const struct param login_partner_params[] = {
    P_STR(struct login_partner_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
};

/* Plain OAuth 2.0 has no words for these: such a service may answer from any old session, and show its pages. */
static err ability_check(struct task *t, const struct upstream *up, const struct prompt *prompt, bool max_age_given)
{
    if (up->set.kind == UPSTREAM_OIDC || !(prompt->none || prompt->login || max_age_given))
        return OK;
    return FAIL(t, PARTNER_WEAK, "%.*s cannot be asked for prompt or max_age", STR_ARG(up->row->slug));
}

/* At a name of the partner's own there is no page of ours to choose another account on: it is asked for there. */
static bool again_here(const struct task *t, const struct visit *v)
{
    return t->site && v->session && (!str_given(v->flow->idp_hint) || v->flow->reauthenticated);
}

static err login_partner(struct task *t, const struct request *rq, struct response *rs)
{
    const struct login_partner_in *in = rq->in;
    struct visit v;
    const struct upstream *partner;
    struct prompt prompt;
    str slug = request_path_param(rq, "slug");
    if (t->site && !str_eq(slug, t->site->partner))
        return FAIL(t, NOT_FOUND, "another partner's name");
    TRY(visit_load(t, rq, in->flow, &v));
    if (!str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    TRY(upstream_load(t, slug, &partner));
    if (!partner || !upstream_has_login(partner->set.kind))
        return FAIL(t, NOT_FOUND, "no such partner");
    if (!prompt_parse(v.flow->prompt, &prompt))
        return FAIL(t, INTERNAL, "a stored prompt cannot be read");
    const struct upstream_start start = {
        .flow = v.flow->id,
        .browser = v.browser,
        .silent = prompt.none,
        .force = prompt.login || prompt.select_account || v.flow->linking || again_here(t, &v) ||
                 (v.flow->max_age_given && v.flow->max_age == 0),
        .max_age = v.flow->max_age_given ? &v.flow->max_age : NULL,
        .login_hint = v.flow->login_hint,
    };
    str location;
    err e = ability_check(t, partner, &prompt, v.flow->max_age_given);
    if (!e)
        e = upstream_begin(t, partner, &start, &location);
    if (e)
        return partner_failed_answer(t, rq, rs, &v, partner, e);
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    reply_found(rs, location);
    return OK;
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
