/*
 * GET and POST /authorize (RFC 6749 section 4.1.1, OIDC Core 3.1.2.1). Until client and redirect URI are known to be
 * good every mistake is a page of ours; afterwards it goes back to the application.
 */
#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/domain/authorization.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client_load.h"
#include "authsrv/flow/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/flow.sql.h"
#include "authsrv/store/partner.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/url.h"
#include "web/authsrv/pages.h"

#define FLOW_LIFE MINUTES(30)

struct asking {
    const struct client *client;
    str redirect_uri, registered_uri;
    struct authorization request;
    str audience, hint_subject;
};

static err untrusted(struct task *t, const char *param, const char *explain)
{
    return FAIL_PARAM(t, BAD_AUTHORIZATION, str_of(param), str_of(explain));
}

/* A missing redirect_uri is possible in plain OAuth with one registered URI (IDENTITY B 15). */
static err redirect_read(struct task *t, const struct form *f, struct asking *a)
{
    str asked = form_get(f, STR("redirect_uri"));
    const struct text_list *registered = &a->client->meta.redirect_uris;
    if (asked.n > 0) {
        a->registered_uri = client_registered_uri(registered, asked);
        a->redirect_uri = asked;
        return str_given(a->registered_uri) ? OK
                                            : untrusted(t, "redirect_uri", "is not registered for this application");
    }
    a->registered_uri = registered->n > 0 ? registered->items[0] : STR_NONE;
    a->redirect_uri = a->registered_uri;
    if (registered->n != 1 || str_has_word(form_get(f, STR("scope")), STR("openid")))
        return untrusted(t, "redirect_uri", "is missing");
    return OK;
}

static err application_read(struct task *t, const struct form *f, struct asking *a)
{
    str id = form_get(f, STR("client_id"));
    if (id.n == 0)
        return untrusted(t, "client_id", "is missing");
    if (id.n > 200)
        return untrusted(t, "client_id", "is unknown");
    TRY(client_load(t, (client_id){ id }, &a->client));
    return a->client ? redirect_read(t, f, a) : untrusted(t, "client_id", "is unknown");
}

static err request_judge(struct task *t, const struct form *f, struct asking *a, enum authz_verdict *v)
{
    *v = authorization_judge(t->arena, f, a->client, &a->request);
    if (*v != AUTHZ_GOOD)
        return OK;
    const struct snapshot *s;
    TRY(snapshot_of(t, &s));
    size_t n;
    const struct scope_owner *owners = snapshot_owners(s, &n);
    if (scope_target(t->arena, a->request.scope, a->request.resource, app_of(t)->issuer, owners, n, &a->request.scope,
                     &a->audience) != TARGET_GOOD) {
        *v = AUTHZ_TARGET;
        return OK;
    }
    str client, sid;
    if (str_given(a->request.id_token_hint) &&
        !id_token_read(t, s, a->request.id_token_hint, &a->hint_subject, &client, &sid))
        *v = AUTHZ_ID_TOKEN_HINT;
    return OK;
}

/*
 * Somebody registered this client by himself: without a log-in its errors are shown with a link, so that we are not
 * used to redirect people to wherever they please (RFC 9700 section 4.11.2).
 */
static bool may_redirect(const struct asking *a, const struct session *session)
{
    return a->client->verified || session != NULL || a->request.prompt.none;
}

static err refuse(struct task *t, const struct request *rq, struct response *rs, const struct asking *a,
                  enum authz_verdict v)
{
    const struct session *session;
    TRY(browser_session(t, rq, &session));
    str location =
        authorization_error_url(t, a->redirect_uri, a->request.state, str_of(authz_error(v)), str_of(authz_say(v)));
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    if (!may_redirect(a, session)) {
        page_error(reply_html(rs, 400), &(struct page_error){ .what = str_of(FAULT_BAD_AUTHORIZATION.say),
                                                              .explain = str_of(authz_say(v)),
                                                              .request_id = t->request_id,
                                                              .retry_url = location });
        return OK;
    }
    if (rq->method == GET)
        reply_found(rs, location);
    else
        reply_see_other(rs, location);
    return OK;
}

/* An idp_hint that names no partner of ours is a hint that does not help. */
static err idp_hint_check(struct task *t, struct authorization *request)
{
    const struct partner_find_row *row;
    if (!str_given(request->idp_hint))
        return OK;
    TRY(partner_find(t, request->idp_hint, &row));
    if (!row)
        request->idp_hint = STR_NONE;
    return OK;
}

static err flow_begin(struct task *t, struct asking *a, digest browser, const struct flow_find_row **ret)
{
    const struct authorization *r = &a->request;
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
                                                .expires_at = instant_add(t->now, FLOW_LIFE) },
                    &n));
    return flow_find(t, id, browser, ret);
}

static err authorize(struct task *t, const struct request *rq, struct response *rs)
{
    if (rq->method == POST && rq->query.n > 0)
        return untrusted(t, "query", "must be empty when the request is posted");
    struct asking a = { 0 };
    TRY(application_read(t, rq->form, &a));
    enum authz_verdict verdict;
    TRY(request_judge(t, rq->form, &a, &verdict));
    if (verdict != AUTHZ_GOOD)
        return refuse(t, rq, rs, &a, verdict);
    TRY(idp_hint_check(t, &a.request));
    struct visit v = { .client = a.client, .browser = browser_bind(t, rq, rs) };
    TRY(browser_session(t, rq, &v.session));
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
    .handle = authorize,
    .summary = "Begin an authorization (code flow with PKCE)",
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
    .handle = authorize,
    .summary = "Begin an authorization with a posted request",
};
