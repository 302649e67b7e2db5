/* See operator_login.h. */
#include "paysrv/flow/access/operator_login.h"

#include "paysrv/app.h"
#include "paysrv/domain/access/scope.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/issuer.h"
#include "paysrv/flow/access/keys.h"
#include "paysrv/flow/access/revocations.h"
#include "paysrv/store/operator.sql.h"
#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"
#include "shared/net/fetch.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define SCOPE STR("openid email pay.operator " PAY_OPERATOR_READ)
#define LOGIN_LIFE MINUTES(10)
#define LEEWAY SECONDS(10)
#define URL_MAX_BYTES 4096

static str redirect_uri(struct task *t)
{
    const struct app *app = t->app;
    return arena_printf(t->arena, "%.*s/operator/callback", STR_ARG(app->config.public_url));
}

/* ---- begin ---- */

err operator_login_begin(struct task *t, str target, struct login_begun *ret)
{
    const struct app *app = t->app;
    const struct json_value *metadata;
    str endpoint;
    if (app->config.operator_client_id.n == 0)
        return FAIL(t, NOT_FOUND, "no operator client is configured");
    TRY(issuer_metadata(t, &metadata));
    TRY(issuer_endpoint(t, metadata, "authorization_endpoint", &endpoint));
    str state = random_token(t->arena, ""), nonce = random_token(t->arena, ""), verifier = random_token(t->arena, "");
    ret->browser = random_token(t->arena, "");
    int64_t n;
    TRY(operator_login_insert(t, typed_digest("operator_state", state), typed_digest("operator_browser", ret->browser),
                              nonce, verifier, target, instant_add(t->now, LOGIN_LIFE), &n));
    digest challenge = sha256_str(verifier);
    struct buf url;
    buf_init(&url, t->arena, URL_MAX_BYTES);
    buf_add(&url, endpoint);
    url_add_query(&url, "response_type", STR("code"));
    url_add_query(&url, "client_id", app->config.operator_client_id);
    url_add_query(&url, "redirect_uri", redirect_uri(t));
    url_add_query(&url, "scope", SCOPE);
    url_add_query(&url, "state", state);
    url_add_query(&url, "nonce", nonce);
    url_add_query(&url, "code_challenge", base64url_encode(t->arena, digest_bytes(&challenge)));
    url_add_query(&url, "code_challenge_method", STR("S256"));
    url_add_query(&url, "resource", app->config.public_url);
    ret->location = buf_str(&url);
    return OK;
}

/* ---- finish ---- */

static void form_add(struct buf *b, struct arena *a, const char *name, str value)
{
    buf_printf(b, "%s%s=%.*s", b->n ? "&" : "", name, STR_ARG(percent_encode(a, value)));
}

static err code_exchange(struct task *t, str code, str verifier, const struct json_value **ret)
{
    const struct json_value *metadata;
    str endpoint;
    TRY(issuer_metadata(t, &metadata));
    TRY(issuer_endpoint(t, metadata, "token_endpoint", &endpoint));
    struct buf body;
    buf_init(&body, t->arena, URL_MAX_BYTES);
    form_add(&body, t->arena, "grant_type", STR("authorization_code"));
    form_add(&body, t->arena, "code", code);
    form_add(&body, t->arena, "redirect_uri", redirect_uri(t));
    form_add(&body, t->arena, "code_verifier", verifier);
    const struct fetch_header headers[] = {
        { "content-type", STR("application/x-www-form-urlencoded") },
        { "authorization", issuer_basic(t) },
    };
    struct fetch_answer answer = { 0 };
    const struct fetch_request rq = {
        .method = "POST", .url = endpoint, .headers = headers, .n_headers = 2, .body = buf_str(&body), .is_ours = true
    };
    fetch(t, &rq, &answer);
    if (answer.outcome != FETCH_ANSWERED)
        return FAIL(t, UNAVAILABLE, "the issuer's token endpoint did not answer");
    if (answer.status != 200 || !json_parse(t->arena, answer.body, ret))
        return FAIL(t, LOGIN_REFUSED, "the token endpoint answered %d", answer.status);
    return OK;
}

static err claims_of(struct task *t, const struct json_value *tokens, const char *member, const char *typ, str audience,
                     const struct json_value **claims)
{
    const struct app *app = t->app;
    str token;
    struct issuer_token read;
    if (!json_get_str(tokens, member, &token))
        return FAIL(t, LOGIN_REFUSED, "no %s in the answer", member);
    TRY(keys_verify(t, app->keys, typ, token, &read));
    if (read.verdict != JWS_GOOD)
        return FAIL(t, LOGIN_REFUSED, "%s: %s", member, jws_verdict_name(read.verdict));
    *claims = read.claims;
    const struct claims_want want = { .issuer = app->config.issuer, .audience = audience, .leeway = LEEWAY };
    enum claims_verdict verdict = claims_judge(*claims, &want, t->now);
    if (verdict != CLAIMS_GOOD)
        return FAIL(t, LOGIN_REFUSED, "%s: %s", member, claims_verdict_name(verdict));
    return OK;
}

struct person {
    str subject, name;
    bool only_looks;
    instant since; /* by the database's clock: this server's may be ahead of it, and what ends is told by that one */
};

/* Both tokens are of one person; the access token says that this person is an operator here, or an accountant. */
static err person_of(struct task *t, const struct json_value *tokens, str nonce, struct person *ret)
{
    const struct app *app = t->app;
    const struct json_value *identity, *access;
    str got_nonce, access_subject, scope;
    TRY(claims_of(t, tokens, "id_token", NULL, app->config.operator_client_id, &identity));
    TRY(claims_of(t, tokens, "access_token", "at+jwt", app->config.public_url, &access));
    if (!json_get_str(identity, "nonce", &got_nonce) || !str_eq(got_nonce, nonce))
        return FAIL(t, LOGIN_REFUSED, "the nonce does not fit");
    if (!json_get_str(identity, "sub", &ret->subject) || !json_get_str(access, "sub", &access_subject) ||
        !str_eq(ret->subject, access_subject))
        return FAIL(t, LOGIN_REFUSED, "the tokens are not of one person");
    if (!json_get_str(access, "scope", &scope))
        scope = STR("");
    ret->only_looks = !str_has_word(scope, STR("pay.operator"));
    if (ret->only_looks && !str_has_word(scope, STR(PAY_OPERATOR_READ)))
        return FAIL(t, LOGIN_REFUSED, "the token has neither pay.operator nor " PAY_OPERATOR_READ);
    if (!json_get_str(access, "email", &ret->name))
        ret->name = ret->subject;
    return OK;
}

/* Who lost what he rests on while the issuer answered: the job that ends his sessions came before this one was there.
 */
static err session_open(struct task *t, const struct person *p, str session)
{
    const struct app *app = t->app;
    const digest hash = typed_digest("operator_session", session);
    int64_t n;
    TRY(operator_session_insert(t, hash, p->subject, p->name, p->only_looks, p->since,
                                instant_add(t->now, SECONDS(OPERATOR_SESSION_S)), &n));
    if (!revocations_hit_person(t, app->revocations, p->subject, p->since))
        return OK;
    TRY(operator_session_delete(t, hash, &n));
    return FAIL(t, LOGIN_REFUSED, "what he logged in with was taken back meanwhile");
}

err operator_login_finish(struct task *t, const struct login_answer *answer, struct login_finished *ret)
{
    const struct app *app = t->app;
    if (!str_given(answer->state) || !str_given(answer->browser))
        return FAIL(t, LOGIN_REFUSED, "no state or no cookie");
    const struct operator_login_take_row *begun;
    TRY(operator_login_take(t, typed_digest("operator_state", answer->state),
                            typed_digest("operator_browser", answer->browser), &begun));
    if (!begun)
        return FAIL(t, LOGIN_REFUSED, "this browser began no such log-in");
    if (!str_eq(answer->iss, app->config.issuer))
        return FAIL(t, LOGIN_REFUSED, "the answer is not the issuer's");
    if (!str_given(answer->code))
        return FAIL(t, LOGIN_REFUSED, "the issuer answered %.*s", STR_ARG(answer->error));
    const struct json_value *tokens;
    struct person person = { .since = begun->at };
    TRY(code_exchange(t, answer->code, begun->verifier, &tokens));
    TRY(person_of(t, tokens, begun->nonce, &person));
    *ret = (struct login_finished){ .session = random_token(t->arena, ""), .target = begun->target };
    return session_open(t, &person, ret->session);
}

err operator_logout(struct task *t, str session)
{
    int64_t n;
    return operator_session_delete(t, typed_digest("operator_session", session), &n);
}

err operator_sweep(struct task *t)
{
    int64_t n;
    return operator_prune(t, &n);
}
