/* Verifying, judging and redeeming assertions. */
#include "authsrv/flow/assertion.h"

#include "authsrv/app.h"
#include "authsrv/domain/scope.h"
#include "authsrv/domain/user_assertion.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/jwks_cache.h"
#include "authsrv/flow/target.h"
#include "authsrv/store/assertion.sql.h"
#include "shared/crypto/crypto.h"

#define ID_JAG "oauth-id-jag+jwt"
#define JWKS_MAX_BYTES 65536

static err refuse(struct task *t, const char *explain)
{
    return FAIL_PARAM(t, INVALID_GRANT, STR("assertion"), str_of(explain));
}

static void set_release(void *set)
{
    jose_set_free(set);
}

static enum jws_verdict verify(struct task *t, const struct assertion_issuer_find_row *issuer,
                               const struct jws_want *want, str token, struct jws_read *ret)
{
    if (str_given(issuer->jwks_uri))
        return jwks_verify(t, issuer->jwks_uri, want, token, ret);
    struct jose_set *set = jose_set_parse(issuer->jwks, JWKS_MAX_BYTES);
    if (!set)
        return JWS_UNKNOWN_KEY;
    arena_defer(t->arena, set_release, set);
    return jws_verify_with(t->arena, set, want, token, ret);
}

/* The issuer's word, verified and judged. */
static err assertion_take(struct task *t, const struct client *client, str token,
                          const struct assertion_issuer_find_row **issuer, struct user_assertion *ret)
{
    struct jws_peek seen;
    struct jws_read read;
    enum jose_alg alg;
    if (!jws_peek(t->arena, token, &seen) || !str_given(seen.iss))
        return refuse(t, "is no signed JWT with an issuer");
    TRY(assertion_issuer_find(t, seen.iss, issuer));
    if (!*issuer || !str_has_word((*issuer)->clients, client->id.v))
        return refuse(t, "is of an issuer that is not trusted for this client");
    if (!jose_alg_parse((*issuer)->alg, &alg))
        return FAIL(t, INTERNAL, "the algorithm of an issuer cannot be read");
    bool is_jag = str_eq_nocase(seen.typ, STR(ID_JAG)) || str_eq_nocase(seen.typ, STR("application/" ID_JAG));
    const struct jws_want how = { .typ = is_jag ? ID_JAG : NULL, .algs = ALG_BIT(alg) };
    enum jws_verdict v = verify(t, *issuer, &how, token, &read);
    if (v != JWS_GOOD)
        return refuse(t, jws_verdict_name(v));
    const struct user_assertion_want want = {
        .issuer = (*issuer)->issuer,
        .our_issuer = app_of(t)->issuer,
        .token_endpoint = arena_printf(t->arena, "%.*s/token", STR_ARG(app_of(t)->issuer)),
        .client = client->id.v,
        .needs_client = is_jag,
    };
    enum user_assertion_verdict verdict = user_assertion_judge(read.claims, &want, t->now, ret);
    return verdict == USER_ASSERTION_GOOD ? OK : refuse(t, user_assertion_say(verdict));
}

/* What the request asks for, within what the assertion says and the client is registered for. */
static err scope_choose(struct task *t, const struct client *client, const struct assertion_in *in,
                        const struct user_assertion *a, str *scope, str *audience)
{
    str cap = str_given(a->scope) ? scope_common(t->arena, a->scope, client->meta.scope) : client->meta.scope;
    if (str_given(in->scope) && !scope_covers(cap, in->scope))
        return FAIL_PARAM(t, INVALID_SCOPE, STR("scope"), STR("is more than assertion and client allow"));
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
    const struct assertion_issuer_find_row *issuer;
    const struct assertion_user_row *row;
    struct user_assertion a;
    *user = (user_id){ STR_NONE };
    TRY(assertion_take(t, client, token, &issuer, &a));
    TRY(assertion_user(t, issuer->issuer, a.subject, &row));
    if (row)
        *user = row->id;
    return OK;
}

err assertion_run(struct task *t, const struct client *client, const struct assertion_in *in, struct token_answer *ret)
{
    const struct assertion_issuer_find_row *issuer;
    const struct assertion_redeem_row *row;
    struct user_assertion a;
    struct user_grant grant = { .client = client,
                                .jti = random_id(t->arena, "at_"),
                                .sid = random_id(t->arena, "sid_") };
    TRY(assertion_take(t, client, in->assertion, &issuer, &a));
    TRY(scope_choose(t, client, in, &a, &grant.scope, &grant.audience));
    grant.auth_time = instant_of_seconds(a.auth_time_s);
    grant_id id = { random_id(t->arena, "gr_") };
    TRY(assertion_redeem(t,
                         &(struct assertion_redeem_args){
                             .issuer = issuer->issuer,
                             .jti = a.jti,
                             .assertion_expires_at = instant_add(instant_of_seconds(a.expires_s), MINUTES(2)),
                             .subject = a.subject,
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
                       arena_printf(t->arena, "%.*s of %.*s", STR_ARG(id.v), STR_ARG(issuer->issuer)));
}
