/*
 * GET and POST /authorize (RFC 6749 section 4.1.1, OIDC Core 3.1.2.1). Until client and redirect URI are known to be
 * good every mistake is a page of ours; afterwards it goes back to the application.
 */
#include "authsrv/browser.h"
#include "authsrv/domain/scope.h"
#include "authsrv/domain/upstream/upstream_person.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/authz_request.h"
#include "authsrv/flow/authorization/straight.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/language.h"
#include "authsrv/flow/partner/branding.h"
#include "authsrv/flow/partner/site.h"
#include "authsrv/flow/upstream/upstream_load.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/flow.sql.h"
#include "authsrv/store/partner.sql.h"
#include "shared/crypto/crypto.h"
#include "web/authsrv/pages.h"

#define FLOW_LIFE MINUTES(30)
#define SITE_AUTHORIZE "/partner/authorize"

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
    TRY(branding_wear(t, a->client));
    TRY(browser_session(t, rq, &session));
    language_prefer(t, form_get(a->form, STR("ui_locales")));
    struct answer answer = { .client = a->client, .redirect_uri = a->redirect_uri, .mode = a->wanted.mode };
    TRY(answer_error(t, &answer, a->wanted.state, str_of(authz_error(v)), authz_request_say(a, v)));
    if (may_redirect(a, session)) {
        answer_send(t, rq, rs, &answer);
        return OK;
    }
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    page_error(
        reply_html(rs, 400), t->language, t->frame,
        &(struct page_error){ .what = text_in(t->language, TEXT_FAULT_UNTRUSTED),
                              .explain = authz_request_say(a, v),
                              .request_id = t->request_id,
                              .retry_url = answer.mode.carrier == CARRY_FORM ? STR_NONE : answer_url(t, &answer) });
    return OK;
}

/* Whether a browser can go to that partner at all; silently: without its pages. */
static err can_go(struct task *t, str slug, bool silently, bool *ret)
{
    const struct upstream *up;
    *ret = false;
    if (!str_given(slug))
        return OK;
    TRY(upstream_load(t, slug, &up));
    *ret = up && (silently ? up->set.kind == UPSTREAM_OIDC : upstream_has_login(up->set.kind));
    return OK;
}

/* The partner in whose domain the hinted address is, where the operator lets that decide. */
static err home_find(struct task *t, str email, str *slug)
{
    const struct partner_list_row *rows;
    struct upstream_settings set;
    str param, explain;
    size_t n = 0;
    *slug = STR_NONE;
    if (str_given(email))
        TRY(partner_list(t, &rows, &n));
    for (size_t i = 0; i < n && !str_given(*slug); i++)
        if (!rows[i].disabled && !rows[i].rests && email_in_domains(email, rows[i].email_domains) &&
            upstream_settings_read(t->arena, rows[i].settings, &set, &param, &explain) && set.home)
            *slug = rows[i].slug;
    return OK;
}

/* At a name of a partner's own there is that partner alone: asked silently, or named by the application. */
static err partner_choose_there(struct task *t, struct authz_request *a)
{
    bool silently = a->wanted.prompt.none, found = false;
    str partner = t->site->partner;
    if (silently || str_eq(a->wanted.idp_hint, partner))
        TRY(can_go(t, partner, silently, &found));
    a->wanted.idp_hint = found ? partner : STR_NONE;
    return OK;
}

/*
 * Where the browser goes without asking: to the hinted partner (a hint that names none of ours does not help), to the
 * home of the hinted address; and with prompt=none, which asks nobody, to where this browser logged in last, or to the
 * partner whose application this is.
 */
static err partner_choose(struct task *t, const struct request *rq, struct authz_request *a)
{
    str candidates[4] = { a->wanted.idp_hint };
    bool silently = a->wanted.prompt.none, found = false;
    if (t->site)
        return partner_choose_there(t, a);
    if (!str_given(a->wanted.idp_hint))
        TRY(home_find(t, a->wanted.login_hint, &candidates[1]));
    if (silently && !str_given(a->wanted.idp_hint)) {
        candidates[2] = request_cookie(rq, PARTNER_COOKIE);
        candidates[3] = a->client->partner;
    }
    a->wanted.idp_hint = STR_NONE;
    for (size_t i = 0; i < 4 && !found; i++) {
        TRY(can_go(t, candidates[i], silently, &found));
        if (found)
            a->wanted.idp_hint = candidates[i];
    }
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
                                                .ui_locales = r->ui_locales,
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

/*
 * Whether this is an application whose people log in at a name of its partner's own: there the same request has a path
 * that is served nowhere else, so that a name which leads here after all ends in 404 and not in a circle. What was
 * posted stays here, where addresses do not hold what somebody chose to keep out of them.
 */
static err site_go(struct task *t, const struct request *rq, struct response *rs, bool *gone)
{
    const struct client *client = NULL;
    const struct site *site = NULL;
    str id = form_get(rq->form, STR("client_id"));
    *gone = false;
    if (rq->method == POST || !str_given(id))
        return OK;
    TRY(client_load(t, (client_id){ id }, &client));
    TRY(site_of_client(t, client, &site));
    if (!site)
        return OK;
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    reply_found(rs, arena_printf(t->arena, "%.*s" SITE_AUTHORIZE "?%.*s", STR_ARG(site->origin), STR_ARG(rq->query)));
    *gone = true;
    return OK;
}

static err begin(struct task *t, const struct request *rq, struct response *rs)
{
    struct authz_request a = { .form = rq->form };
    language_prefer(t, form_get(rq->form, STR("ui_locales")));
    TRY(authz_request_take(t, &a));
    if (t->site && !str_eq(a.client->partner, t->site->partner))
        return FAIL_PARAM(t, BAD_AUTHORIZATION, STR("client_id"), STR("is no application of the partner of this name"));
    enum authz_verdict verdict;
    TRY(authz_request_judge(t, &a, &verdict));
    if (verdict != AUTHZ_GOOD)
        return refuse(t, rq, rs, &a, verdict);
    TRY(partner_choose(t, rq, &a));
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

static err authorize(struct task *t, const struct request *rq, struct response *rs)
{
    bool gone;
    if (rq->method == POST && rq->query.n > 0)
        return FAIL_PARAM(t, BAD_AUTHORIZATION, STR("query"), STR("must be empty when the request is posted"));
    TRY(site_go(t, rq, rs, &gone));
    return gone ? OK : begin(t, rq, rs);
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

const struct route authorize_there_route = {
    .method = GET,
    .path = SITE_AUTHORIZE,
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .sites = SITE_OTHERS,
    .no_store = true,
    .per_minute = 300,
    .ignore_unknown = true,
    .repeats = "resource",
    .handle = begin,
    .summary = "Begin an authorization at a partner's own name, where /authorize sends the browser",
};
