/* Bearer tokens: RFC 9068 section 4, RFC 6750 section 3, RFC 9728 section 5.1. See guards.h. */
#include "paysrv/guards.h"

#include "paysrv/app.h"
#include "paysrv/domain/access/operator_target.h"
#include "paysrv/domain/access/scope.h"
#include "paysrv/domain/payout/payout_permit.h"
#include "paysrv/faults.h"
#include "paysrv/flow/access/keys.h"
#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/flow/access/revocations.h"
#include "paysrv/flow/access/token_cache.h"
#include "paysrv/flow/access/token_refusal.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/payment/payment_permit.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/store/proof.sql.h"
#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"
#include "shared/jose/jose.h"
#include "shared/server/party.h"
#include "shared/server/proof.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define LEEWAY SECONDS(5)

static const char *const scope_text[SCOPE_COUNT] = {
#define SCOPE_TEXT_ROW(name, text) [SCOPE_##name] = text,
    PAY_SCOPES(SCOPE_TEXT_ROW)
};

/* WWW-Authenticate: where to learn which authorization server to ask, and what is missing. */
static str challenge(struct task *t, const char *error, const char *scope)
{
    const struct app *app = t->app;
    str metadata = arena_printf(t->arena, "%.*s/.well-known/oauth-protected-resource", STR_ARG(app->config.public_url));
    if (!error)
        return arena_printf(t->arena, "Bearer resource_metadata=\"%.*s\"", STR_ARG(metadata));
    if (!scope)
        return arena_printf(t->arena, "Bearer error=\"%s\", resource_metadata=\"%.*s\"", error, STR_ARG(metadata));
    return arena_printf(t->arena, "Bearer error=\"%s\", scope=\"%s\", resource_metadata=\"%.*s\"", error, scope,
                        STR_ARG(metadata));
}

static err token_refuse(struct task *t, const char *why)
{
    struct failure *f = FAIL(t, INVALID_TOKEN, "%s", why);
    f->challenge = challenge(t, "invalid_token", NULL);
    f->explain = arena_printf(t->arena, "The access token %s.", why);
    return f;
}

/* One credential, in the header only (RFC 6750 section 2): a token in the URL ends up in logs. */
static err token_of(struct task *t, const struct request *rq, struct presented_token *ret)
{
    const struct app *app = t->app;
    if (!presented_token_read(rq, ret)) {
        struct failure *f = FAIL(t, UNAUTHORIZED, "no bearer token");
        f->challenge = challenge(t, NULL, NULL);
        f->explain = arena_printf(t->arena, "Send \"Authorization: Bearer\" with an access token of %.*s.",
                                  STR_ARG(app->config.issuer));
        return f;
    }
    return ret->token.n > JWS_MAX_BYTES ? token_refuse(t, "is too large") : OK;
}

/* It is asked for twice, by the queue and by the guard, and costs more than either. */
static const digest *credential_of(struct task *t, struct request *rq, const struct presented_token *presented)
{
    if (!rq->credential) {
        digest *d = arena_new(t->arena, digest);
        *d = sha256_str(presented->token);
        rq->credential = d;
    }
    return rq->credential;
}

queue_party request_whose(struct task *t, struct request *rq)
{
    const struct app *app = t->app;
    struct presented_token presented;
    struct caller caller = { 0 };
    if (!presented_token_read(rq, &presented) || presented.token.n > JWS_MAX_BYTES)
        return party_of_peer(t, rq);
    const digest *key = credential_of(t, rq, &presented);
    if (!token_cache_find(t, app->tokens, key, &caller) || !str_given(caller.partner.v))
        return party_of_digest(key);
    return party_of_name(caller.partner.v);
}

static bool caller_of_claims(struct arena *a, const struct json_value *claims, struct caller *ret)
{
    str subject;
    int64_t expires_s, issued_s;
    if (!json_get_str(claims, "sub", &subject) || !json_get_str(claims, "client_id", &ret->client_id) ||
        !json_get_str(claims, "jti", &ret->jti) || !json_get_i64(claims, "exp", &expires_s) ||
        !json_get_i64(claims, "iat", &issued_s) || subject.n == 0 || ret->client_id.n == 0)
        return false;
    if (!str_eq(subject, ret->client_id))
        ret->subject = subject;
    if (!json_get_str(claims, "scope", &ret->scopes))
        ret->scopes = STR("");
    bool verified = false;
    str email;
    if (json_get_str(claims, "email", &email) && json_get_bool(claims, "email_verified", &verified) && verified)
        ret->email = email;
    json_get_str(claims, "name", &ret->name);
    json_get_str(claims, "partner", &ret->partner.v);
    const struct json_value *details = json_get(claims, "authorization_details");
    if (details)
        ret->details = json_canonical(a, details);
    json_get_str(claims, "grant_id", &ret->grant);
    const struct json_value *places = json_get(claims, "grant_places");
    if (places)
        ret->places = json_canonical(a, places);
    json_get_str(claims, "acr", &ret->acr);
    const struct json_value *act = json_get(claims, "act");
    if (act && !json_get_str(act, "sub", &ret->acting)) /* who cannot be named does not act */
        return false;
    int64_t logged_in_s = 0;
    json_get_i64(claims, "auth_time", &logged_in_s);
    ret->logged_in = instant_of_seconds(logged_in_s < 0 || logged_in_s > issued_s ? 0 : logged_in_s);
    ret->issued = instant_of_seconds(issued_s);
    ret->expires = instant_of_seconds(expires_s);
    return cnf_read(claims, &ret->cnf);
}

static err caller_verify(struct task *t, str token, struct caller *ret)
{
    const struct app *app = t->app;
    struct issuer_token read;
    TRY(keys_verify(t, app->keys, "at+jwt", token, &read));
    if (read.verdict != JWS_GOOD)
        return token_refuse(t, signature_refusal(read.verdict));
    const struct claims_want want = { .issuer = app->config.issuer,
                                      .audience = app->config.public_url,
                                      .leeway = LEEWAY };
    enum claims_verdict verdict = claims_judge(read.claims, &want, t->now);
    if (verdict != CLAIMS_GOOD)
        return token_refuse(t, claims_refusal(verdict));
    ret->kid = read.kid;
    if (!caller_of_claims(t->arena, read.claims, ret))
        return token_refuse(t, "lacks a claim that RFC 9068 requires, or is bound in an unknown way (cnf)");
    return OK;
}

/* What holds at this request only, whether or not the token was seen before. */
static err caller_judge(struct task *t, const struct request *rq, const struct presented_token *presented,
                        const struct caller *caller)
{
    const struct app *app = t->app;
    str metadata = arena_printf(t->arena, ", resource_metadata=\"%.*s/.well-known/oauth-protected-resource\"",
                                STR_ARG(app->config.public_url));
    const struct proof_rules rules = { .base = app->config.public_url,
                                       .alias = app->config.mtls_url,
                                       .challenge_more = metadata,
                                       .remember = proof_remember };
    if (revocations_hit(t, app->revocations, caller))
        return token_refuse(t, "was revoked");
    return proof_check(t, rq, &rules, presented, &caller->cnf);
}

/* As its partner stands; in the version that the request says, else in that which the partner has chosen. */
static err partner_enter(struct task *t, const struct request *rq, struct caller *caller)
{
    str asked = request_header(rq, "stoa-version");
    struct partner_standing standing;
    TRY(partner_standing_of(t, caller->partner, &standing));
    if (standing.is_suspended)
        return FAIL(t, PARTNER_SUSPENDED, "the partner is suspended");
    caller->version = standing.version;
    return str_given(asked) ? api_version_read(t, API_VERSION_HEADER, asked, &caller->version) : OK;
}

/* What administrators of partners and operators do; the payments and payouts of users are in the ledger and in events.
 */
static const bool scope_is_audited[SCOPE_COUNT] = {
    [SCOPE_OPERATOR] = true, [SCOPE_STORES] = true, [SCOPE_USERS] = true, [SCOPE_WEBHOOKS] = true
};

static void caller_name(struct task *t, const struct request *rq, const struct caller *c, enum pay_scope scope)
{
    bool is_user = scope != SCOPE_OPERATOR && str_given(c->subject);
    const char *kind = scope == SCOPE_OPERATOR ? "operator" : is_user ? "user" : "client";
    str who = caller_actor(c);
    str name = str_given(c->name) ? c->name : str_given(c->email) ? c->email : c->client_id;
    if (is_user) /* a log that nobody edits has no names of people who may want to be erased */
        name = c->client_id;
    if (str_given(c->acting))
        name = arena_printf(t->arena, "%.*s, acting: %.*s", STR_ARG(name), STR_ARG(c->acting));
    task_by(t, arena_printf(t->arena, "%s:%.*s", kind, STR_ARG(who)), name, rq->peer);
}

void caller_is_audited(struct task *t, const struct request *rq)
{
    caller_name(t, rq, rq->caller, SCOPE_COUNT);
}

/* What a token is narrowed to by its authorization_details; of payouts, and of a payment that is made, by who reads the
 * body (0071, 0074). */
static err details_check(struct task *t, const struct request *rq, const struct caller *c, enum pay_scope scope)
{
    static const enum permit_kind kinds[SCOPE_COUNT] = {
        [SCOPE_PAYMENTS] = PERMIT_PAYMENT, [SCOPE_PAYOUTS] = PERMIT_PAYOUT, [SCOPE_STORES] = PERMIT_STORE
    };
    const struct json_value *details;
    if (!str_given(c->details))
        return OK;
    if (!json_parse(t->arena, c->details, &details))
        return FAIL(t, INTERNAL, "the details of a verified token cannot be read");
    const struct permit_request asked = { .kind = kinds[scope],
                                          .is_reading = rq->method == GET,
                                          .is_making = rq->route == &payments_create_route,
                                          .is_lasting = str_starts(rq->path, STR("/v1/payout_schedules")),
                                          .is_closing = rq->route == &store_close_route,
                                          .store = request_path_param(rq, "store") };
    const char *why = permit_request_judge(details, &asked);
    return why ? permit_refuse(t, STR("authorization_details"), arena_printf(t->arena, "the access token %s", why))
               : OK;
}

/* Somebody with another's token (support) sees what that one sees. What is written under his name (what he asked for,
 * agreed to, approved) would be told as his, and four eyes may be two. */
static err acting_check(struct task *t, const struct request *rq, const struct caller *c)
{
    if (!caller_is_stood_in_for(c) || rq->method == GET)
        return OK;
    struct failure *f = FAIL(t, INSUFFICIENT_SCOPE, "%.*s acts in another's name", STR_ARG(c->acting));
    f->explain =
        STR("The access token is of somebody in whose name another acts (act): it reads, and changes nothing.");
    return f;
}

/* Refused before anything is looked at: no handler takes a key that it could not find again, or none where a second
 * time would be a second payment, code or party. */
static err key_check(struct task *t, const struct request *rq)
{
    str key;
    return rq->method == POST && !rq->route->repeatable ? once_key(t, rq, rq->route->needs_key, &key) : OK;
}

err partner_itself(struct task *t, const struct request *rq)
{
    const struct caller *c = rq->caller;
    if (!str_given(c->subject))
        return OK;
    struct failure *f = FAIL(t, INSUFFICIENT_SCOPE, "a user's token");
    f->explain = STR("Only the partner's own token (client credentials) may do this, and no user's.");
    return f;
}

static err bearer_check(struct task *t, struct request *rq, enum pay_scope scope)
{
    const struct app *app = t->app;
    struct presented_token presented;
    TRY(token_of(t, rq, &presented));
    const digest *key = credential_of(t, rq, &presented);
    struct caller *caller = arena_new(t->arena, struct caller);
    if (!token_cache_find(t, app->tokens, key, caller)) {
        TRY(caller_verify(t, presented.token, caller));
        token_cache_keep(t, app->tokens, key, caller);
    }
    TRY(caller_judge(t, rq, &presented, caller));
    caller->version = API_VERSION_NEWEST;
    rq->caller = caller;
    if (scope_is_audited[scope])
        caller_name(t, rq, caller, scope);
    if (!str_has_word(caller->scopes, str_of(scope_text[scope])) &&
        !(scope == SCOPE_OPERATOR && rq->method == GET && str_has_word(caller->scopes, STR(PAY_OPERATOR_READ)))) {
        struct failure *f = FAIL(t, INSUFFICIENT_SCOPE, "needs %s", scope_text[scope]);
        f->challenge = challenge(t, "insufficient_scope", scope_text[scope]);
        f->explain = arena_printf(t->arena, "The access token does not have the scope %s.", scope_text[scope]);
        return f;
    }
    TRY(acting_check(t, rq, caller));
    TRY(key_check(t, rq));
    TRY(details_check(t, rq, caller, scope));
    if (scope != SCOPE_OPERATOR && !str_given(caller->partner.v))
        return FAIL(t, NO_PARTNER, "the client of this token belongs to no partner");
    if (scope == SCOPE_OPERATOR)
        return OK;
    TRY(clock_enter(t, caller->partner));
    return partner_enter(t, rq, caller);
}

#define BEARER_GUARD(NAME, text)                                                                                       \
    static err check_##NAME(struct task *t, struct request *rq)                                                        \
    {                                                                                                                  \
        return bearer_check(t, rq, SCOPE_##NAME);                                                                      \
    }                                                                                                                  \
    const struct guard GUARD_##NAME = { .name = "bearer " text, .check = check_##NAME };
PAY_SCOPES(BEARER_GUARD)

/* A page that was asked for is where the log-in leads back to. */
static str login_for(struct task *t, const struct request *rq)
{
    struct buf url;
    str page = rq->path;
    if (str_given(rq->query))
        page = arena_printf(t->arena, "%.*s?%.*s", STR_ARG(rq->path), STR_ARG(rq->query));
    buf_init(&url, t->arena, (size_t)4 * OPERATOR_TARGET_MAX_BYTES);
    buf_add(&url, STR("/operator/login"));
    if (operator_target_is(page))
        url_add_query(&url, "to", page);
    return buf_str(&url);
}

/*
 * A form is not sent twice, and is not led to the log-in: browsers hold form-action against the whole chain of
 * redirects and say nothing, so that whoever stops a payout would believe it stopped.
 */
static err session_missing(struct task *t, const struct request *rq)
{
    if (rq->method != GET)
        return FAIL(t, SESSION_ENDED, "a form without an operator session");
    struct failure *f = FAIL(t, UNAUTHORIZED, "no operator session");
    f->location = login_for(t, rq);
    return f;
}

static err session_check(struct task *t, struct request *rq)
{
    str cookie = request_cookie(rq, OPERATOR_COOKIE);
    const struct operator_session_find_row *row = NULL;
    if (str_given(cookie))
        TRY(operator_session_find(t, typed_digest("operator_session", cookie), &row));
    if (!row)
        return session_missing(t, rq);
    struct operator_session *session = arena_new(t->arena, struct operator_session);
    digest csrf = typed_digest("operator_csrf", cookie);
    *session = (struct operator_session){ .subject = row->subject,
                                          .name = row->name,
                                          .only_looks = row->only_looks,
                                          .csrf = base64url_encode(t->arena, digest_bytes(&csrf)) };
    rq->caller = session;
    task_by(t, arena_printf(t->arena, "operator:%.*s", STR_ARG(row->subject)), row->name, rq->peer);
    return OK;
}

static err operator_check(struct task *t, struct request *rq)
{
    TRY(session_check(t, rq));
    const struct operator_session *who = rq->caller;
    return who->only_looks && rq->method != GET ? FAIL(t, INSUFFICIENT_SCOPE, "this session only looks") : OK;
}

/* Who signs out once more is signed out: that is nobody's mistake. */
static err leaving_check(struct task *t, struct request *rq)
{
    err e = session_check(t, rq);
    return err_is(e, &FAULT_SESSION_ENDED) ? OK : e;
}

const struct guard GUARD_SIGNED_IN = { .name = "operator session", .check = leaving_check };
const struct guard GUARD_OPERATOR_SESSION = { .name = "operator session that may do this", .check = operator_check };
