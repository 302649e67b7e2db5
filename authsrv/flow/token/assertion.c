/* Verifying, judging and redeeming assertions. */
#include "authsrv/flow/token/assertion.h"

#include "authsrv/app.h"
#include "authsrv/domain/scope.h"
#include "authsrv/domain/token/user_assertion.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/authorization/target.h"
#include "authsrv/flow/client/jwks_cache.h"
#include "authsrv/flow/upstream/upstream_account.h"
#include "authsrv/store/assertion.sql.h"
#include "shared/crypto/crypto.h"

#define ID_JAG "oauth-id-jag+jwt"

static err refuse(struct task *t, const char *explain)
{
    return FAIL_PARAM(t, INVALID_GRANT, STR("assertion"), str_of(explain));
}

/* Whose word it is: an issuer that the operator trusts, or the partner whose client presents it. */
struct voucher {
    str issuer, alg, jwks_uri, jwks;
    const struct upstream *partner; /* NULL: an issuer that makes no accounts */
};

static err voucher_find(struct task *t, const struct client *client, str issuer, struct voucher *ret)
{
    const struct assertion_issuer_find_row *row;
    const struct upstream *up;
    TRY(assertion_issuer_find(t, issuer, &row));
    if (row && str_has_word(row->clients, client->id.v)) {
        *ret = (struct voucher){ row->issuer, row->alg, row->jwks_uri, row->jwks, NULL };
        return OK;
    }
    TRY(upstream_of_issuer(t, issuer, &up));
    if (!up || !str_given(up->set.assertion_alg) || !str_given(client->partner) ||
        !str_eq(client->partner, up->row->slug))
        return refuse(t, "is of an issuer that is not trusted for this client");
    *ret = (struct voucher){ up->row->issuer, up->set.assertion_alg, up->set.assertion_jwks_uri, up->set.assertion_jwks,
                             up };
    return OK;
}

/* A word that is verified and judged. */
struct taken {
    struct voucher voucher;
    struct user_assertion said;
    const struct json_value *claims;
};

static err assertion_take(struct task *t, const struct client *client, str token, struct taken *ret)
{
    struct jws_peek seen;
    struct jws_read read;
    enum jose_alg alg;
    const struct voucher *issuer = &ret->voucher;
    if (!jws_peek(t->arena, token, &seen) || !str_given(seen.iss))
        return refuse(t, "is no signed JWT with an issuer");
    TRY(voucher_find(t, client, seen.iss, &ret->voucher));
    if (!jose_alg_parse(issuer->alg, &alg))
        return FAIL(t, INTERNAL, "the algorithm of an issuer cannot be read");
    bool is_jag = str_eq_nocase(seen.typ, STR(ID_JAG)) || str_eq_nocase(seen.typ, STR("application/" ID_JAG));
    const struct jws_want how = { .typ = is_jag ? ID_JAG : NULL, .algs = ALG_BIT(alg) };
    enum jws_verdict v = published_verify(t, issuer->jwks_uri, issuer->jwks, &how, token, &read);
    if (v != JWS_GOOD)
        return refuse(t, jws_verdict_name(v));
    const struct user_assertion_want want = {
        .issuer = issuer->issuer,
        .our_issuer = app_of(t)->issuer,
        .token_endpoint = arena_printf(t->arena, "%.*s/token", STR_ARG(app_of(t)->issuer)),
        .client = client->id.v,
        .needs_client = is_jag,
    };
    enum user_assertion_verdict verdict = user_assertion_judge(read.claims, &want, t->now, &ret->said);
    ret->claims = read.claims;
    return verdict == USER_ASSERTION_GOOD ? OK : refuse(t, user_assertion_say(verdict));
}

/* What the request asks for, within what the assertion says and the client is registered for. */
static err scope_choose(struct task *t, const struct client *client, const struct assertion_in *in,
                        const struct user_assertion *a, str *scope, str *audience)
{
    str cap = str_given(a->scope) ? scope_common(t->arena, a->scope, client->meta.scope) : client->meta.scope;
    TRY(scope_within(t, cap, in->scope, "is more than assertion and client allow"));
    if (str_given(in->resource) && str_given(a->resource) && !str_eq(in->resource, a->resource))
        return FAIL_PARAM(t, INVALID_TARGET, STR("resource"), STR("is another one than in the assertion"));
    /* There is nobody at a browser to whom a refresh or an ID token would belong. */
    str wanted = str_given(in->scope) ? in->scope : a->scope;
    if (!str_given(wanted))
        return FAIL_PARAM(t, INVALID_SCOPE, STR("scope"), STR("is missing, in the request and in the assertion"));
    return target_ask(t, client, scope_common(t->arena, wanted, cap),
                      str_given(in->resource) ? in->resource : a->resource, scope, audience);
}

err assertion_hint(struct task *t, const struct client *client, str token, user_id *user)
{
    const struct assertion_user_row *row;
    struct taken a;
    *user = (user_id){ STR_NONE };
    TRY(assertion_take(t, client, token, &a));
    TRY(assertion_user(t, a.voucher.issuer, a.said.subject, &row));
    if (row)
        *user = row->id;
    return OK;
}

/* A partner's word about its own user makes the account, as the first log-in at its own pages would. */
static err account_ensure(struct task *t, const struct taken *a)
{
    const struct upstream *up = a->voucher.partner;
    struct partner_person person;
    struct proven who;
    if (!up)
        return OK;
    if (!partner_person_read(t->arena, &up->set, up->row->email_domains, a->claims, &person))
        return refuse(t, "has no usable subject");
    err e = upstream_account(t, up, &person, &who);
    if (err_is(e, &FAULT_NOT_INVITED))
        return refuse(t, "speaks of somebody whom the partner may not bring without an invitation");
    return err_is(e, &FAULT_ACCOUNT_DISABLED) ? refuse(t, "speaks of nobody who has an account here") : e;
}

err assertion_run(struct task *t, const struct client *client, const struct assertion_in *in, struct token_answer *ret)
{
    const struct assertion_redeem_row *row;
    struct taken taken;
    const struct user_assertion *a = &taken.said;
    struct user_grant grant = { .client = client,
                                .jti = random_id(t->arena, "at_"),
                                .sid = random_id(t->arena, "sid_") };
    TRY(assertion_take(t, client, in->assertion, &taken));
    TRY(scope_choose(t, client, in, a, &grant.scope, &grant.audience));
    TRY(account_ensure(t, &taken));
    grant.auth_time = instant_of_seconds(a->auth_time_s);
    grant_id id = { random_id(t->arena, "gr_") };
    TRY(assertion_redeem(t,
                         &(struct assertion_redeem_args){
                             .issuer = taken.voucher.issuer,
                             .jti = a->jti,
                             .assertion_expires_at = instant_add(instant_of_seconds(a->expires_s), MINUTES(2)),
                             .subject = a->subject,
                             .scope = grant.scope,
                             .client = client->id,
                             .grant = id,
                             .sid = grant.sid,
                             .audience = grant.audience,
                             .auth_time = grant.auth_time,
                             .access_expires_at = instant_add(t->now, access_life(t, client)),
                             .token_jti = grant.jti },
                         &row));
    if (!row || !row->fresh)
        return refuse(t, "came before: each works once");
    if (!row->issued)
        return refuse(t, "speaks of nobody who has an account here");
    grant.user = row->user_id;
    grant.scope = row->scope;
    TRY(user_access_sign(t, &grant, ret));
    return audit_write(t, client->id.v, STR("assertion.redeemed"), grant.user.v,
                       arena_printf(t->arena, "%.*s of %.*s", STR_ARG(id.v), STR_ARG(taken.voucher.issuer)));
}
