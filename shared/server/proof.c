/* See proof.h. A proof is used up before anything that it allows happens (SECURITY C 65). */
#include "shared/server/proof.h"

#include "shared/crypto/cert.h"

static const struct fault fault_token = { 401, "invalid_token", "The access token is not for this sender." };
static const struct fault fault_proof = { 401, "invalid_dpop_proof", "The DPoP proof cannot be accepted." };
static const struct fault fault_nonce = { 401, "use_dpop_nonce", "The DPoP proof needs the nonce of this answer." };

static str method_name(enum method m)
{
    static const char *const names[] = { [GET] = "GET",       [POST] = "POST",       [PUT] = "PUT",  [PATCH] = "PATCH",
                                         [DELETE] = "DELETE", [OPTIONS] = "OPTIONS", [HEAD] = "HEAD" };
    return str_of(names[m]);
}

static str address(struct task *t, str base, const struct request *rq)
{
    return base.n > 0 ? arena_printf(t->arena, "%.*s%.*s", STR_ARG(base), STR_ARG(rq->path)) : STR_NONE;
}

err proof_spend(struct task *t, const struct request *rq, const struct proof_rules *rules, str access_token,
                struct proof_verdict *ret)
{
    int64_t n;
    const struct dpop_want want = { .method = method_name(rq->method),
                                    .url = address(t, rules->base, rq),
                                    .alias = address(t, rules->alias, rq),
                                    .access_token = access_token,
                                    .nonces = rules->nonces,
                                    .nonce_required = rules->nonce_required };
    *ret = (struct proof_verdict){ 0 };
    ret->verdict = dpop_judge(t->arena, request_header(rq, "dpop"), &want, t->now, &ret->proof);
    if (ret->verdict != DPOP_GOOD)
        return OK;
    if (!t->db)
        return FAIL(t, NEED_WORKER, "proofs are remembered in the database");
    TRY(rules->remember(t, ret->proof.once, instant_add(t->now, DPOP_LIFE), &n));
    ret->used_before = n != 1;
    return OK;
}

const char *proof_verdict_say(const struct proof_verdict *v)
{
    return v->used_before ? "this proof was used before" : dpop_verdict_say(v->verdict);
}

bool proof_certificate(struct task *t, const struct request *rq, struct cnf *ret)
{
    const struct cert *cert = rq->client_certificate.n > 0 ? cert_of_der(t->arena, rq->client_certificate) : NULL;
    if (!cert || instant_before(t->now, cert_not_before(cert)) || !instant_before(t->now, cert_not_after(cert)))
        return false;
    *ret = (struct cnf){ CNF_CERTIFICATE, cert_thumbprint(t->arena, cert) };
    return true;
}

bool presented_token_read(const struct request *rq, struct presented_token *ret)
{
    str token = request_header(rq, "authorization"), scheme;
    if (!str_given(token) || !str_cut(&token, ' ', &scheme))
        return false;
    while (token.n > 0 && token.p[0] == ' ')
        token = (str){ token.p + 1, token.n - 1 };
    bool is_dpop = str_eq_nocase(scheme, STR("DPoP"));
    if (token.n == 0 || (!is_dpop && !str_eq_nocase(scheme, STR("Bearer"))))
        return false;
    *ret = (struct presented_token){ is_dpop ? STR("DPoP") : STR("Bearer"), token };
    return true;
}

static err challenge(struct task *t, const struct proof_rules *rules, const struct fault *fault, str scheme,
                     const char *why)
{
    bool is_dpop = str_eq(scheme, STR("DPoP"));
    struct failure *f = failure_make(t, fault, __FILE__, __LINE__, "%s", why);
    f->explain = str_of(why);
    f->challenge = arena_printf(t->arena, "%.*s error=\"%s\"%s%.*s", STR_ARG(scheme), fault->code,
                                is_dpop ? ", algs=\"" DPOP_ALG_NAMES "\"" : "", STR_ARG(rules->challenge_more));
    return f;
}

static err dpop_check(struct task *t, const struct request *rq, const struct proof_rules *rules,
                      const struct presented_token *presented, str jkt)
{
    struct proof_verdict v;
    if (!str_given(request_header(rq, "dpop")))
        return challenge(t, rules, &fault_token, presented->scheme, "a DPoP proof is missing");
    TRY(proof_spend(t, rq, rules, presented->token, &v));
    if (v.verdict == DPOP_NONCE)
        return challenge(t, rules, &fault_nonce, presented->scheme, proof_verdict_say(&v));
    if (v.verdict != DPOP_GOOD || v.used_before)
        return challenge(t, rules, &fault_proof, presented->scheme, proof_verdict_say(&v));
    return str_eq(v.proof.jkt, jkt)
               ? OK
               : challenge(t, rules, &fault_token, presented->scheme, "the token is bound to another key");
}

err proof_check(struct task *t, const struct request *rq, const struct proof_rules *rules,
                const struct presented_token *presented, const struct cnf *cnf)
{
    struct cnf shown;
    if (!str_eq(presented->scheme, cnf_scheme(cnf)))
        return challenge(t, rules, &fault_token, cnf_scheme(cnf), "the token is of another scheme");
    switch (cnf->kind) {
    case CNF_NONE:
        return OK;
    case CNF_DPOP:
        return dpop_check(t, rq, rules, presented, cnf->thumbprint);
    case CNF_CERTIFICATE:
        return proof_certificate(t, rq, &shown) && cnf_eq(&shown, cnf)
                   ? OK
                   : challenge(t, rules, &fault_token, presented->scheme, "the token is bound to another certificate");
    }
    return OK;
}
