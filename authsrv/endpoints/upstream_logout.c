/*
 * POST /cb/{slug}/logout: a partner tells that a log-in ended there (OIDC Back-Channel Logout 1.0 section 2.5).
 * Sessions that came from it end here, and with them what their applications hold (SECURITY F 156).
 */
#include "authsrv/counters.h"
#include "authsrv/domain/session/logout_token.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/session/logout.h"
#include "authsrv/flow/upstream/upstream_id.h"
#include "authsrv/routes.h"
#include "authsrv/store/session.sql.h"
#include "shared/crypto/crypto.h"

struct upstream_logout_in {
    str logout_token;
};

static const struct param upstream_logout_params[] = {
    P_STR(struct upstream_logout_in, logout_token, .need = REQUIRED, .set = TOKEN, .max = 8192),
};

static err refuse(struct task *t, const char *explain)
{
    count_upstream(t, UPSTREAM_REFUSED);
    return FAIL_PARAM(t, INVALID_REQUEST, STR("logout_token"), str_of(explain));
}

static err token_take(struct task *t, const struct upstream *up, str text, struct logout_token *ret)
{
    /* An absent typ will do: what tells it from an ID token is that it has events and no nonce. */
    const struct jws_want how = { .typ = "logout+jwt", .or_untyped = true, .algs = ALGS_ASYMMETRIC };
    const struct claims_want want = { up->row->issuer, up->row->client_id, SECONDS(60) };
    struct upstream_meta meta;
    struct jws_read read;
    TRY(upstream_meta_get(t, up, &meta));
    err e = upstream_jwt_verify(t, up, &meta, &how, &text, &read);
    if (err_is(e, &FAULT_PARTNER_ANSWER))
        return refuse(t, "is not signed by the partner, or of another type");
    TRY(e);
    enum logout_token_verdict v = logout_token_judge(read.claims, &want, t->now, ret);
    return v == LOGOUT_TOKEN_GOOD ? OK : refuse(t, logout_token_say(v));
}

static err upstream_logout(struct task *t, const struct request *rq, struct response *rs)
{
    const struct upstream_logout_in *in = rq->in;
    const struct upstream_logout_end_row *row;
    const struct upstream *up;
    struct logout_token token;
    TRY(upstream_load(t, request_path_param(rq, "slug"), &up));
    if (!up || up->set.kind != UPSTREAM_OIDC)
        return FAIL(t, NOT_FOUND, "no such partner");
    str slug = up->row->slug;
    TRY(token_take(t, up, in->logout_token, &token));
    str seen = arena_printf(t->arena, "%.*s\n%.*s", STR_ARG(slug), STR_ARG(token.jti));
    TRY(upstream_logout_end(t, typed_digest("upstream_logout", seen), token.expires_at, slug, token.subject, token.sid,
                            &row));
    if (!row->fresh)
        return refuse(t, "came before: each works once");
    count_upstream(t, UPSTREAM_LOGGED_OUT);
    logouts_wake(t);
    TRY(audit_write(t, slug, STR("upstream.logged_out"), slug,
                    arena_printf(t->arena, "%lld sessions", (long long)row->ended)));
    reply_empty(rs, 200);
    return OK;
}

const struct route upstream_logout_route = {
    .method = POST,
    .path = "/cb/{slug}/logout",
    .guard = &GUARD_PUBLIC,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 600,
    .ignore_unknown = true,
    INPUT(struct upstream_logout_in, upstream_logout_params),
    .handle = upstream_logout,
    .summary = "A partner tells that a log-in ended there",
};
