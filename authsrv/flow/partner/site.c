/* See site.h. */
#include "authsrv/flow/partner/site.h"

#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/store/partner.sql.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"

#define PROOF_MAX_BYTES 1024

const struct site *site_find(struct task *t, str host)
{
    const struct snapshot *s;
    return snapshot_any(t, &s) == OK ? snapshot_site_at(s, host) : NULL;
}

err site_of_client(struct task *t, const struct client *client, const struct site **ret)
{
    const struct snapshot *s;
    *ret = NULL;
    if (!client || !str_given(client->partner))
        return OK;
    TRY(snapshot_of(t, &s));
    *ret = snapshot_site_of(s, client->partner);
    return OK;
}

str origin_here(const struct task *t)
{
    return t->site ? t->site->origin : app_of(t)->origin;
}

/* What is there, the owner of the name decided: this server has nothing at that path. */
static bool proof_is_there(struct task *t, const struct site *site, str proof)
{
    const struct fetch_request rq = { .method = "GET",
                                      .url = arena_printf(t->arena, "%.*s" SITE_PROOF_PATH, STR_ARG(site->origin)),
                                      .max_bytes = PROOF_MAX_BYTES };
    struct fetch_answer answer;
    fetch(t, &rq, &answer);
    if (answer.outcome == FETCH_ANSWERED && answer.status == 200 && site_proof_holds(answer.body, proof))
        return true;
    log_warn(t, "partner.host_unproven", L_STR("partner", site->partner), L_STR("host", site->host),
             L_STR("why", answer.why), L_I64("status", answer.status));
    return false;
}

err site_prove(struct task *t, str partner, str host)
{
    const struct app *app = app_of(t);
    const struct partner_at_host_row *there;
    const char *fault = site_host_fault(t->arena, app->origin, host);
    if (fault)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("host"), str_of(fault));
    TRY(partner_at_host(t, host, &there));
    if (there && str_eq(there->slug, partner))
        return OK;
    if (there)
        return FAIL_PARAM(t, ALREADY_EXISTS, STR("host"), STR("is another partner's"));
    const struct site site = site_make(t->arena, app->origin, host, partner);
    str proof = site_proof(t->arena, app->sealing_key, host, partner);
    if (proof_is_there(t, &site, proof))
        return OK;
    return FAIL_PARAM(t, INVALID_REQUEST, STR("host"),
                      arena_printf(t->arena, "%.*s" SITE_PROOF_PATH " has to answer 200 with %.*s",
                                   STR_ARG(site.origin), STR_ARG(proof)));
}
