/* See proof.h. */
#include "authsrv/proof.h"

#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/request_batch.h"

struct proof_rules proof_rules_here(struct task *t, const struct request *rq)
{
    const struct app *app = app_of(t);
    struct proof_rules rules = { .base = app->issuer,
                                 .alias = app->config.mtls_url,
                                 .nonce_required = app->config.dpop_nonce,
                                 .remember = jti_spend };
    if (str_given(request_header(rq, "dpop")))
        rules.nonces = dpop_nonces_at(t->arena, &app->nonce_key, t->now);
    return rules;
}

static err dpop_take(struct task *t, const struct request *rq, struct cnf *ret)
{
    const struct proof_rules rules = proof_rules_here(t, rq);
    struct proof_verdict v;
    TRY(proof_spend(t, rq, &rules, STR_NONE, &v));
    str say = str_of(proof_verdict_say(&v));
    if (v.verdict == DPOP_NONCE)
        return FAIL_PARAM(t, USE_DPOP_NONCE, STR("DPoP"), say);
    if (v.verdict != DPOP_GOOD || v.used_before)
        return FAIL_PARAM(t, INVALID_DPOP_PROOF, STR("DPoP"), say);
    *ret = (struct cnf){ CNF_DPOP, v.proof.jkt };
    return OK;
}

/* Tokens are asked for at the token endpoint and nowhere else by a grant type. */
static bool asks_for_tokens(const struct request *rq)
{
    return form_get(rq->form, STR("grant_type")).n > 0;
}

static err certificate_take(struct task *t, const struct request *rq, struct cnf *ret)
{
    if (str_given(request_header(rq, "dpop")))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("DPoP"), STR("this client is bound by its certificate"));
    if (proof_certificate(t, rq, ret) || !asks_for_tokens(rq))
        return OK;
    return FAIL_PARAM(t, INVALID_REQUEST, STR("certificate"), STR("this client must present a valid one by TLS"));
}

err proof_take(struct task *t, const struct request *rq, const struct client **client)
{
    const struct client_metadata *meta = &(*client)->meta;
    struct cnf cnf = { 0 };
    if (meta->tls_client_certificate_bound_access_tokens)
        TRY(certificate_take(t, rq, &cnf));
    else if (str_given(request_header(rq, "dpop")))
        TRY(dpop_take(t, rq, &cnf));
    else if ((meta->dpop_bound_access_tokens || client_is_fapi(*client)) && asks_for_tokens(rq))
        return FAIL_PARAM(t, INVALID_DPOP_PROOF, STR("DPoP"), STR("this client must send a proof"));
    if (cnf.kind == CNF_NONE)
        return OK;
    struct client *bound = arena_new(t->arena, struct client);
    *bound = **client;
    bound->cnf = cnf;
    *client = bound;
    return OK;
}

void proof_nonce_offer(struct task *t, const struct request *rq, struct response *rs)
{
    if (str_given(request_header(rq, "dpop")))
        reply_header(rs, "DPoP-Nonce", proof_rules_here(t, rq).nonces.current);
}
