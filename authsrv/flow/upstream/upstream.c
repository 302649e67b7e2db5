/* One log-in at a partner: out with state, nonce and PKCE, back with a code, to an identity (issuer, subject). */
#include "authsrv/flow/upstream/upstream.h"

#include "authsrv/app.h"
#include "authsrv/domain/authorization/pkce.h"
#include "authsrv/faults.h"
#include "authsrv/flow/upstream/upstream_health.h"
#include "authsrv/flow/upstream/upstream_id.h"
#include "authsrv/flow/upstream/upstream_userinfo.h"
#include "authsrv/store/flow.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/url.h"

#define ATTEMPT_LIFE MINUTES(10)
#define VERIFIER_CONTEXT STR("upstream_verifier")

struct fresh {
    str state, nonce, verifier;
};

/* Whoever is not asked for it need not say when the log-in there was (OpenID Connect Core, section 2). */
#define CLAIMS STR("{\"id_token\":{\"auth_time\":{\"essential\":true}}}")

/* What only OpenID Connect knows: the ID token's nonce, and wishes about the log-in. */
static void openid_add(struct task *t, struct buf *b, const struct upstream *up, const struct upstream_start *s,
                       str nonce)
{
    url_add_query(b, "nonce", nonce);
    url_add_query(b, "claims", CLAIMS);
    url_add_query(b, "login_hint", s->login_hint);
    url_add_query(b, "acr_values", up->set.acr_values);
    if (s->silent || s->force)
        url_add_query(b, "prompt", s->silent ? STR("none") : STR("login"));
    if (s->max_age)
        url_add_query(b, "max_age", arena_printf(t->arena, "%lld", (long long)*s->max_age));
}

static str begin_url(struct task *t, const struct upstream_meta *meta, const struct upstream *up,
                     const struct upstream_start *s, const struct fresh *f)
{
    struct buf b;
    buf_init(&b, t->arena, 16384);
    buf_add(&b, meta->authorization_endpoint);
    url_add_query(&b, "response_type", STR("code"));
    url_add_query(&b, "client_id", up->row->client_id);
    url_add_query(&b, "redirect_uri", upstream_callback(t, up->row->slug));
    url_add_query(&b, "scope", up->set.scope);
    url_add_query(&b, "state", f->state);
    url_add_query(&b, "code_challenge", pkce_challenge_of(t->arena, f->verifier));
    url_add_query(&b, "code_challenge_method", STR("S256"));
    if (up->set.kind == UPSTREAM_OIDC)
        openid_add(t, &b, up, s, f->nonce);
    return buf_str(&b);
}

err upstream_begin(struct task *t, const struct upstream *up, const struct upstream_start *s, str *location)
{
    struct upstream_meta meta;
    TRY(upstream_may_ask(t, up));
    TRY(upstream_meta_get(t, up, &meta));
    const struct fresh f = { random_token(t->arena, ""), random_token(t->arena, ""), random_token(t->arena, "") };
    bool is_openid = up->set.kind == UPSTREAM_OIDC;
    int64_t n;
    TRY(upstream_login_create(
        t,
        &(struct upstream_login_create_args){
            .state_hash = typed_digest("upstream_state", f.state),
            .browser_hash = s->browser,
            .flow = s->flow,
            .partner = up->row->slug,
            .issuer = up->row->issuer,
            .nonce = f.nonce,
            .verifier_sealed = seal(t->arena, &app_of(t)->sealing_key, bytes_of(f.verifier), VERIFIER_CONTEXT),
            .max_age = is_openid ? s->max_age : NULL,
            .forced = is_openid && s->force && !s->silent,
            .expires_at = instant_add(t->now, ATTEMPT_LIFE) },
        &n));
    *location = begin_url(t, &meta, up, s, &f);
    return OK;
}

bool upstream_sends_iss(struct task *t, const struct upstream *up)
{
    struct upstream_meta meta;
    return upstream_meta_get(t, up, &meta) == OK && meta.sends_iss;
}

err upstream_complete(struct task *t, const struct upstream *up, const struct upstream_login_take_row *attempt,
                      const struct upstream_answer *answer, struct partner_person *ret)
{
    struct upstream_meta meta;
    struct upstream_tokens tokens;
    struct upstream_code code = { .code = answer->code, .extra = answer->extra };
    TRY(upstream_meta_get(t, up, &meta));
    TRY(upstream_unseal(t, attempt->verifier_sealed, VERIFIER_CONTEXT, &code.verifier));
    TRY(upstream_redeem(t, up, &meta, &code, &tokens));
    if (up->set.kind == UPSTREAM_OIDC) {
        TRY(upstream_id_take(t, up, &meta, attempt, &tokens, ret));
        TRY(upstream_userinfo_add(t, up, &meta, tokens.access_token, ret));
    } else {
        TRY(upstream_userinfo_take(t, up, &meta, tokens.access_token, ret));
        /* Plain OAuth 2.0 has no word for it, and none for a log-in that is forced: this is all that there will be. */
        ret->auth_time_s = instant_seconds(t->now);
    }
    if (up->set.keep_tokens)
        ret->tokens =
            (struct partner_tokens){ tokens.access_token, tokens.refresh_token, tokens.scope, tokens.expires_s };
    return upstream_is_well(t, up);
}
