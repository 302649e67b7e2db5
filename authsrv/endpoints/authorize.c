/*
 * GET and POST /authorize (RFC 6749 section 4.1.1, OIDC Core 3.1.2.1). Until client and redirect URI are known to be
 * good every mistake is a page of ours; afterwards it goes back to the application.
 */
#include "authsrv/browser.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authz_request.h"
#include "authsrv/flow/straight.h"
#include "authsrv/flow/upstream_load.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/flow.sql.h"
#include "shared/crypto/crypto.h"
#include "web/authsrv/pages.h"

#define FLOW_LIFE MINUTES(30)

/*
 * Somebody registered this client by himself: without a log-in its errors are shown with a link, so that we are not
 * used to redirect people to wherever they please (RFC 9700 section 4.11.2).
 */
static bool may_redirect(const struct authz_request *a, const struct session *session)
{
    return a->client->verified || session != NULL || a->wanted.prompt.none;
}

static err refuse(struct task *t, const struct request *rq, struct response *rs, const struct authz_request *a,
                  enum authz_verdict v)
{
    const struct session *session;
    TRY(browser_session(t, rq, &session));
    struct answer answer = { .client = a->client, .redirect_uri = a->redirect_uri, .mode = a->wanted.mode };
    TRY(answer_error(t, &answer, a->wanted.state, str_of(authz_error(v)), authz_request_say(a, v)));
    if (may_redirect(a, session)) {
        answer_send(t, rq, rs, &answer);
        return OK;
    }
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    page_error(
        reply_html(rs, 400),
        &(struct page_error){ .what = str_of(FAULT_BAD_AUTHORIZATION.say),
                              .explain = authz_request_say(a, v),
                              .request_id = t->request_id,
                              .retry_url = answer.mode.carrier == CARRY_FORM ? STR_NONE : answer_url(t, &answer) });
    return OK;
}

/* An idp_hint that names no partner of ours is a hint that does not help. */
static err idp_hint_check(struct task *t, struct authorization *request)
{
    const struct upstream *up;
    if (!str_given(request->idp_hint))
        return OK;
    TRY(upstream_load(t, request->idp_hint, &up));
    if (!up || up->set.kind == UPSTREAM_ASSERTION)
        request->idp_hint = STR_NONE;
    return OK;
}

static err flow_begin(struct task *t, struct authz_request *a, digest browser, const struct flow_find_row **ret)
{
    const struct authorization *r = &a->wanted;
    flow_id id = { random_id(t->arena, "fl_") };
    int64_t n;
    TRY(flow_create(t,
                    &(struct flow_create_args){ .browser_hash = browser,
                                                .id = id,
                                                .client = a->client->id,
                                                .redirect_uri = a->redirect_uri,
                                                .registered_uri = a->registered_uri,
                                                .scope = r->scope,
                                                .audience = a->audience,
                                                .state = r->state,
                                                .nonce = r->nonce,
                                                .challenge = r->challenge,
                                                .login_hint = r->login_hint,
                                                .idp_hint = r->idp_hint,
                                                .hint_subject = a->hint_subject,
                                                .prompt = str_given(r->prompt_text) ? r->prompt_text : STR(""),
                                                .max_age = r->max_age >= 0 ? &r->max_age : NULL,
                                                .terms = terms_document(t->arena, &r->terms),
                                                .pushed_hash = a->is_pushed ? digest_bytes(&a->pushed) : (bytes){ 0 },
                                                .response_type = response_type_name(r->parts),
                                                .response_mode = response_mode_name(r->mode),
                                                .narrowed = !scope_covers(r->scope, r->asked_scope),
                                                .expires_at = instant_add(t->now, FLOW_LIFE) },
                    &n));
    return flow_find(t, id, browser, ret);
}

static err authorize(struct task *t, const struct request *rq, struct response *rs)
{
    if (rq->method == POST && rq->query.n > 0)
        return FAIL_PARAM(t, BAD_AUTHORIZATION, STR("query"), STR("must be empty when the request is posted"));
    struct authz_request a = { .form = rq->form };
    TRY(authz_request_take(t, &a));
    enum authz_verdict verdict;
    TRY(authz_request_judge(t, &a, &verdict));
    if (verdict != AUTHZ_GOOD)
        return refuse(t, rq, rs, &a, verdict);
    TRY(idp_hint_check(t, &a.wanted));
    struct visit v = { .client = a.client, .browser = browser_bind(t, rq, rs) };
    const struct answer *answer;
    TRY(browser_session(t, rq, &v.session));
    TRY(straight_answer(t, &a, v.session, &answer));
    if (answer) {
        visit_answer(t, &v, rq, rs, answer);
        return OK;
    }
    TRY(flow_begin(t, &a, v.browser, &v.flow));
    if (!v.flow)
        return FAIL(t, INTERNAL, "the new flow cannot be found");
    return visit_go_directly(t, &v, rq, rs);
}

const struct route authorize_route = {
    .method = GET,
    .path = "/authorize",
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .per_minute = 300,
    .ignore_unknown = true,
    .repeats = "resource",
    .handle = authorize,
    .summary = "Begin an authorization",
};

const struct route authorize_post_route = {
    .method = POST,
    .path = "/authorize",
    .guard = &GUARD_VISIT,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .per_minute = 300,
    .ignore_unknown = true,
    .repeats = "resource",
    .handle = authorize,
    .summary = "Begin an authorization with a posted request",
};
