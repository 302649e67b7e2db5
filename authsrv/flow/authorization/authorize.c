/* Moving authorization flows on. */
#include "authsrv/flow/authorization/authorize.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/authorization/acr.h"
#include "authsrv/domain/authorization/claims_request.h"
#include "authsrv/domain/authorization/terms.h"
#include "authsrv/domain/scope.h"
#include "authsrv/domain/token/claims.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/code_batch.h"
#include "authsrv/flow/authorization/consent.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/flow/session/session_state.h"
#include "authsrv/flow/token/subject.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/store/flow.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/process.h"

static err wish_read(struct task *t, const struct flow_find_row *flow, struct terms_wish *ret)
{
    struct terms terms;
    if (!terms_read(t->arena, flow->terms, &terms) || !terms_wish_read(t->arena, &terms, ret))
        return FAIL(t, INTERNAL, "the terms of a flow cannot be read");
    return OK;
}

static str claims_of(struct task *t, const struct flow_find_row *flow, const struct terms_wish *wish)
{
    return claims_beyond(t->arena, scope_union(t->arena, wish->id_token, wish->userinfo), flow->scope);
}

err flow_claims(struct task *t, const struct flow_find_row *flow, str *ret)
{
    struct terms_wish wish;
    TRY(wish_read(t, flow, &wish));
    *ret = claims_of(t, flow, &wish);
    return OK;
}

static bool wants_auth_time(const struct client *client, const struct terms_wish *wish)
{
    return client->meta.require_auth_time || wish->auth_time_essential;
}

err flow_wants_auth_time(struct task *t, const struct flow_find_row *flow, const struct client *client, bool *ret)
{
    struct terms_wish wish;
    TRY(wish_read(t, flow, &wish));
    *ret = wants_auth_time(client, &wish);
    return OK;
}

static bool same_session(const struct flow_find_row *flow, const struct session *session)
{
    return flow->session_hash.p && equal_bytes(flow->session_hash, digest_bytes(&session->id_hash));
}

bool flow_proves(const struct flow_find_row *flow, const struct session *session)
{
    return session && flow->reauthenticated && same_session(flow, session);
}

/* A request that waits elsewhere names the account, whatever its client calls him; a hint is the client's own word. */
static bool is_another(struct task *t, const struct flow_find_row *flow, const struct client *client,
                       const struct terms_wish *wish, user_id user)
{
    str subject = subject_at(t, client, user), hinted = flow_is_decoupled(flow) ? user.v : subject;
    return (str_given(flow->hint_subject) && !str_eq(flow->hint_subject, hinted)) ||
           (str_given(wish->subjects) && !str_has_word(wish->subjects, subject));
}

static err session_facts(struct task *t, const struct flow_find_row *flow, const struct client *client,
                         const struct session *session, const struct terms_wish *wish, struct interaction_facts *f)
{
    const struct consent_find_row *consent;
    user_id user = session->row->user_id;
    f->session_age_s = instant_seconds(t->now) - instant_seconds(session->row->auth_time);
    f->undated = wants_auth_time(client, wish) && session->row->auth_time.us == 0;
    f->reauthenticated = flow_proves(flow, session);
    f->selected = flow->selected && same_session(flow, session);
    f->consented = flow->consented;
    f->another_user = is_another(t, flow, client, wish, user);
    f->acr_served = !str_given(wish->acr) || acr_served(session->row->amr, wish->acr);
    TRY(consent_load(t, &(struct consent_key){ user, client->id, flow->redirect_uri, client->version }, &consent));
    f->consent_recorded =
        consent && scope_covers(consent->scope, flow->scope) &&
        scope_covers(consent->claims, claims_beyond(t->arena, claims_of(t, flow, wish), consent->scope));
    return OK;
}

err flow_judge(struct task *t, const struct flow_find_row *flow, const struct client *client,
               const struct session *session, enum interaction *ret)
{
    struct terms_wish wish;
    TRY(wish_read(t, flow, &wish));
    struct interaction_facts f = {
        .max_age = flow->max_age_given ? flow->max_age : -1,
        .has_session = session != NULL,
        .upstream_asked = str_given(flow->idp_hint) && !flow->reauthenticated && !flow->linking,
        .first_party = client->first_party,
        .details_asked = wish.details,
        .acr_essential = wish.acr_essential,
        .acr_attainable = !str_given(wish.acr) || acr_attainable(wish.acr),
    };
    if (!prompt_parse(flow->prompt, &f.prompt))
        return FAIL(t, INTERNAL, "a stored prompt cannot be read");
    /* What is joined to an account wants that account proven in this very flow. */
    f.prompt.login = f.prompt.login || flow->linking;
    if (session)
        TRY(session_facts(t, flow, client, session, &wish, &f));
    *ret = interaction_next(&f);
    return OK;
}

err flow_choose(struct task *t, flow_id id, digest browser, const struct session *session)
{
    int64_t n;
    TRY(flow_select(t, session->id_hash, id, browser, &n));
    return n == 1 ? OK : FAIL(t, NO_FLOW, "the flow is not open any more");
}

err flow_allow(struct task *t, flow_id id, digest browser, const digest *session_hash)
{
    int64_t n;
    TRY(flow_approve(t, *session_hash, id, browser, &n));
    return n == 1 ? OK : FAIL(t, NO_FLOW, "the flow is not open any more");
}

err flow_consent(struct task *t, const struct flow_find_row *flow, const struct client *client, digest browser,
                 const struct session *session)
{
    const struct consent_key key = { session->row->user_id, client->id, flow->redirect_uri, client->version };
    struct terms_wish wish;
    TRY(flow_allow(t, flow->id, browser, &session->id_hash));
    TRY(wish_read(t, flow, &wish));
    /* A scope that was allowed within the limits of details was not allowed without them. */
    str lasting = wish.details ? scope_common(t->arena, flow->scope, STR(STANDARD_SCOPES)) : flow->scope;
    return consent_add(t, &key, flow->scope, lasting, claims_of(t, flow, &wish));
}

err flow_deny(struct task *t, flow_id id, digest browser, str error)
{
    int64_t n;
    TRY(flow_refuse(t, error, id, browser, &n));
    return n == 1 ? OK : FAIL(t, NO_FLOW, "the flow is not open any more");
}

static err finish_refused(struct task *t, const struct flow_find_row *flow, digest browser, struct answer *answer,
                          bool *done)
{
    const struct flow_take_refusal_row *row;
    TRY(flow_take_refusal(t, flow->id, browser, &row));
    *done = row != NULL;
    return row ? answer_error(t, answer, flow->state, row->refusal, STR_NONE) : OK;
}

/* The tokens of the authorization endpoint: no refresh token among them (OAuth 2.0 Multiple Response Types). */
static err tokens_add(struct task *t, const struct flow_find_row *flow, const struct flow_grant_row *row,
                      struct user_grant *g, struct answer *answer)
{
    struct token_answer tokens;
    g->user = row->user_id;
    g->scope = row->scope;
    g->audience = row->audience;
    g->sid = row->sid;
    g->nonce = row->nonce;
    g->amr = row->amr;
    g->auth_time = row->auth_time;
    if (!terms_read(t->arena, row->terms, &g->terms))
        return FAIL(t, INTERNAL, "the terms of a grant cannot be read");
    TRY(user_tokens_sign(t, g, &tokens));
    count_tokens(t, TOKENS_IMPLICIT);
    answer_add(answer, STR("id_token"), tokens.id);
    if (!str_given(tokens.access))
        return OK;
    answer_add(answer, STR("access_token"), tokens.access);
    answer_add(answer, STR("token_type"), STR("Bearer"));
    answer_add(answer, STR("expires_in"), arena_printf(t->arena, "%lld", (long long)access_life_s(t, answer->client)));
    /* Said where it differs from what was asked for (RFC 6749 section 4.2.2). */
    if (flow->narrowed || !str_eq(flow->scope, row->scope))
        answer_add(answer, STR("scope"), tokens.scope);
    return OK;
}

static err grant_make(struct task *t, const struct flow_find_row *flow, digest browser, const struct user_grant *g,
                      const struct flow_grant_row **row)
{
    digest code_hash = code_digest(g->code);
    return flow_grant(
        t,
        &(struct flow_grant_args){ .id = flow->id,
                                   .browser_hash = browser,
                                   .grant = { g->parts & RESPONSE_NONE ? STR_NONE : random_id(t->arena, "gr_") },
                                   /* Who got a token is told when the session ends. */
                                   .tells = (g->parts & (RESPONSE_ID_TOKEN | RESPONSE_TOKEN)) != 0,
                                   .grant_expires_at = grant_ends_at(t, g->client),
                                   .code_hash = str_given(g->code) ? &code_hash : NULL,
                                   .code_expires_at = code_ends_at(t, g->client),
                                   .jti = g->jti,
                                   .access_expires_at = instant_add(t->now, access_life(t, g->client)) },
        row);
}

err flow_answer(struct task *t, const struct flow_find_row *flow, const struct flow_grant_row *row,
                struct user_grant *g, struct answer *answer)
{
    answer_add(answer, STR("code"), g->code);
    if (g->parts & (RESPONSE_ID_TOKEN | RESPONSE_TOKEN))
        TRY(tokens_add(t, flow, row, g, answer));
    answer_add(answer, STR("state"), flow->state);
    /* Session management asks at the issuer, which knows nothing of a session at another name. */
    if (!t->site && str_has_word(row->scope, STR("openid")))
        answer_add(answer, STR("session_state"), session_state_of(t, row->sid, g->client->id, answer->redirect_uri));
    return answer_close(t, answer);
}

err flow_finish(struct task *t, const struct flow_find_row *flow, const struct client *client, digest browser,
                const struct answer **ret)
{
    const struct flow_grant_row *row;
    bool done = true;
    struct user_grant g = { .client = client, .state = flow->state };
    struct answer *answer = arena_new(t->arena, struct answer);
    *answer = (struct answer){ .client = client, .redirect_uri = flow->redirect_uri };
    *ret = NULL;
    if (!response_type_parse(flow->response_type, &g.parts) ||
        !response_mode_parse(flow->response_mode, g.parts, &answer->mode))
        return FAIL(t, INTERNAL, "a stored response type or mode cannot be read");
    if (g.parts & RESPONSE_CODE)
        g.code = random_token(t->arena, "");
    if (g.parts & RESPONSE_TOKEN)
        g.jti = random_id(t->arena, "at_");
    TRY(grant_make(t, flow, browser, &g, &row));
    CRASH_POINT("code.issued");
    if (row)
        TRY(flow_answer(t, flow, row, &g, answer));
    else
        TRY(finish_refused(t, flow, browser, answer, &done));
    *ret = done ? answer : NULL;
    return OK;
}
