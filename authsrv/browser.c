/* Flows and ways out, as the pages use them. */
#include "authsrv/browser.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/partner/site.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/language.h"
#include "authsrv/flow/partner/branding.h"
#include "authsrv/step_up.h"
#include "authsrv/store/flow.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/process.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define PARTNER_COOKIE_LIFE_S ((int64_t)180 * 86400)

void language_begin(struct task *t, const struct request *rq)
{
    language_prefer_accepted(t, request_header(rq, "accept-language"));
}

err browser_session(struct task *t, const struct request *rq, const struct session **ret)
{
    TRY(session_load(t, request_cookie(rq, SESSION_COOKIE), ret));
    if (*ret)
        language_prefer(t, (*ret)->row->locale);
    return OK;
}

/* Where a person can start again: the application's own log-in (OIDC Core section 4), else its home page. */
static str restart_url(struct task *t, const struct client_metadata *m)
{
    if (!str_given(m->initiate_login_uri))
        return m->client_uri;
    struct buf b;
    buf_init(&b, t->arena, 8192);
    buf_add(&b, m->initiate_login_uri);
    url_add_query(&b, "iss", app_of(t)->issuer);
    return buf_str(&b);
}

err visit_over(struct task *t, const struct client *client, const char *why)
{
    struct failure *f = FAIL(t, NO_FLOW, "%s", why);
    if (client) {
        f->param = client->meta.client_name;
        f->explain = restart_url(t, &client->meta);
    }
    return f;
}

/* The account pages log in in flows without a client; they are shown as this one. */
static const struct client *account_pages(struct task *t)
{
    struct client *c = arena_new(t->arena, struct client);
    *c = (struct client){ .id = { STR("") }, .first_party = true };
    c->meta.client_name = text_in(t->language, TEXT_ACCOUNT_TITLE);
    c->meta.client_uri = STR("/account");
    return c;
}

/* It leads to the account pages and not to an application (owner.h). */
static bool flow_is_account(const struct flow_find_row *flow)
{
    return !str_given(flow->client_id.v);
}

/* No such flow, or one of this browser that took too long: then it is still known where it led to. */
static err flow_missing(struct task *t, const struct request *rq, str flow)
{
    const struct flow_client_row *row = NULL;
    const struct session *session;
    const struct client *client = NULL;
    str cookies[BINDINGS_MAX];
    size_t n = flow.n > 0 ? browser_cookies(rq, cookies) : 0;
    if (n == 0)
        return FAIL(t, NO_FLOW, "no flow or no binding cookie");
    for (size_t i = 0; i < n && !row; i++)
        TRY(flow_client(t, (flow_id){ flow }, browser_digest(t, cookies[i]), &row));
    if (row && str_given(row->client_id.v))
        TRY(client_load(t, row->client_id, &client));
    TRY(branding_wear(t, client));
    TRY(browser_session(t, rq, &session));
    if (row && !str_given(row->client_id.v))
        client = account_pages(t);
    return visit_over(t, client, row ? "the flow expired" : "unknown flow, or of another browser");
}

bool language_path_good(str path)
{
    return str_has_word(
        STR("/login /login/second /login/enrol /login/enrol/codes /sign-up /recover /select-account /consent /link"),
        path);
}

/* On pages that can be shown again as they are: by their address alone, which an answer to a form is not. */
static void language_offer(struct task *t, const struct request *rq, flow_id flow)
{
    if (rq->method != GET || !language_path_good(rq->path))
        return;
    struct frame *frame = arena_new(t->arena, struct frame);
    if (t->frame)
        *frame = *t->frame;
    frame->language_url = arena_printf(t->arena, "/language?flow=%.*s&then=%.*s", STR_ARG(flow.v), STR_ARG(rq->path));
    t->frame = frame;
}

/* What is around the pages of a flow: whose they are, and in which language, each of which counts more than the one
 * before. *client is absent for the account pages, and when it was disabled. */
static err around_load(struct task *t, const struct request *rq, const struct flow_find_row *flow,
                       const struct client **client, const struct session **session)
{
    *client = NULL;
    if (!flow_is_account(flow))
        TRY(client_load(t, flow->client_id, client));
    TRY(branding_wear(t, *client));
    TRY(browser_session(t, rq, session));
    language_prefer(t, flow->ui_locales);
    language_offer(t, rq, flow->id);
    return OK;
}

/* The flow, should one of the browser's binding cookies be its own, and which. */
static err flow_of(struct task *t, const struct request *rq, str flow, str *cookie, const struct flow_find_row **ret)
{
    str cookies[BINDINGS_MAX];
    size_t n = flow.n > 0 ? browser_cookies(rq, cookies) : 0;
    *ret = NULL;
    for (size_t i = 0; i < n && !*ret; i++) {
        *cookie = cookies[i];
        TRY(flow_find(t, (flow_id){ flow }, browser_digest(t, cookies[i]), ret));
    }
    return OK;
}

err visit_load(struct task *t, const struct request *rq, str flow, struct visit *ret)
{
    str cookie;
    TRY(flow_of(t, rq, flow, &cookie, &ret->flow));
    if (!ret->flow)
        return flow_missing(t, rq, flow);
    ret->browser = browser_digest(t, cookie);
    TRY(around_load(t, rq, ret->flow, &ret->client, &ret->session));
    if (flow_is_account(ret->flow))
        ret->client = account_pages(t);
    if (!ret->client)
        return FAIL(t, NO_FLOW, "the client was disabled");
    if (t->site && !str_eq(ret->client->partner, t->site->partner))
        return FAIL(t, NO_FLOW, "the client is not this partner's any more");
    ret->csrf = csrf_token(t, cookie, ret->flow->id.v);
    return OK;
}

err visit_around(struct task *t, const struct request *rq, str flow, const struct client **client)
{
    const struct flow_find_row *row;
    const struct session *session;
    str cookie;
    *client = NULL;
    TRY(flow_of(t, rq, flow, &cookie, &row));
    return row ? around_load(t, rq, row, client, &session) : browser_session(t, rq, &session);
}

err visit_language(struct task *t, const struct request *rq, str flow)
{
    const struct client *client;
    return visit_around(t, rq, flow, &client);
}

err visit_check(struct task *t, const struct visit *v, str csrf)
{
    return equal_bytes(bytes_of(v->csrf), bytes_of(csrf)) ? OK : FAIL(t, FORBIDDEN, "wrong csrf token");
}

static str own_path(struct task *t, const char *path, const struct visit *v)
{
    return arena_printf(t->arena, "%s?flow=%.*s", path, STR_ARG(v->flow->id.v));
}

static str partner_url(struct task *t, const struct flow_find_row *flow, str partner)
{
    return arena_printf(t->arena, "/login/partner/%.*s?flow=%.*s", STR_ARG(percent_encode(t->arena, partner)),
                        STR_ARG(flow->id.v));
}

str visit_login_url(struct task *t, const struct flow_find_row *flow)
{
    if (t->site)
        return partner_url(t, flow, t->site->partner);
    return arena_printf(t->arena, "/login?flow=%.*s", STR_ARG(flow->id.v));
}

void visit_leave(struct task *t, const struct visit *v, struct response *rs)
{
    reply_see_other(rs, arena_printf(t->arena, "/continue/%.*s", STR_ARG(v->flow->id.v)));
}

/* The log-in that there was is too weak; a code of the person's own app, or such an app, may be what is missing. */
static err unmet(struct task *t, const struct visit *v, str *path)
{
    bool suffices = false, enrols = false;
    if (!t->site)
        TRY(step_up_suffices(t, v, &suffices));
    if (!t->site && !suffices)
        TRY(step_up_enrols(t, v, &enrols));
    if (!suffices && !enrols)
        return flow_deny(t, v->flow->id, v->browser, STR("unmet_authentication_requirements"));
    *path = own_path(t, suffices ? "/login/second" : "/login/enrol", v);
    return OK;
}

/* The page that the next step needs; absent: none, the flow is settled and ready to finish. */
static err next_page(struct task *t, const struct visit *v, str *path)
{
    enum interaction next;
    *path = STR_NONE;
    TRY(flow_judge(t, v->flow, v->client, v->session, &next));
    switch (next) {
    case INTERACT_GRANT:
        if (v->flow->linking) {
            *path = own_path(t, "/link", v);
            return OK;
        }
        if (flow_is_account(v->flow)) {
            *path = v->flow->redirect_uri;
            return OK;
        }
        return flow_allow(t, v->flow->id, v->browser, &v->session->id_hash);
    case INTERACT_LOGIN:
        /* Asked for by the application, while the operator allowed it; the log-in is one link away. */
        *path = str_has_word(v->flow->prompt, STR("create")) && !t->site ? own_path(t, "/sign-up", v)
                                                                         : visit_login_url(t, v->flow);
        return OK;
    case INTERACT_UPSTREAM:
        *path = partner_url(t, v->flow, v->flow->idp_hint);
        return OK;
    case INTERACT_SELECT:
        *path = own_path(t, "/select-account", v);
        return OK;
    case INTERACT_CONSENT:
        *path = own_path(t, v->flow->linking ? "/link" : "/consent", v);
        return OK;
    case INTERACT_LOGIN_REQUIRED:
        return flow_deny(t, v->flow->id, v->browser, STR("login_required"));
    case INTERACT_CONSENT_REQUIRED:
        return flow_deny(t, v->flow->id, v->browser, STR("consent_required"));
    case INTERACT_UNMET:
        return unmet(t, v, path);
    }
    return OK;
}

err visit_is_signed_in(struct task *t, const struct visit *v, bool *ret)
{
    enum interaction next;
    TRY(flow_judge(t, v->flow, v->client, v->session, &next));
    *ret = next == INTERACT_GRANT || next == INTERACT_CONSENT;
    return OK;
}

err visit_go(struct task *t, const struct visit *v, struct response *rs)
{
    str path = STR_NONE;
    if (str_eq(v->flow->status, STR("open")))
        TRY(next_page(t, v, &path));
    if (str_given(path))
        reply_see_other(rs, path);
    else
        visit_leave(t, v, rs);
    return OK;
}

/* The choice is remembered until another way works. */
static void partner_remember(const struct task *t, const struct request *rq, struct response *rs, str partner)
{
    if (t->site) /* where there is no choice */
        return;
    if (str_given(partner))
        reply_cookie(rs,
                     &(struct cookie){ .name = PARTNER_COOKIE, .value = partner, .max_age_s = PARTNER_COOKIE_LIFE_S });
    else if (str_given(request_cookie(rq, PARTNER_COOKIE)))
        reply_cookie(rs, &(struct cookie){ .name = PARTNER_COOKIE, .value = STR(""), .max_age_s = -1 });
}

err session_missed(struct task *t, user_id user, str location)
{
    const struct user_find_row *row;
    TRY(user_find(t, user, &row));
    if (!row)
        return FAIL(t, ACCOUNT_DISABLED, "disabled while logging in");
    struct failure *f = FAIL(t, CONFLICT, "the credentials changed at the same moment");
    f->location = location;
    return f;
}

err visit_enter(struct task *t, const struct request *rq, struct response *rs, struct visit *v,
                struct session_new *fresh)
{
    str cookie;
    digest id_hash;
    int64_t n;
    fresh->old_cookie = request_cookie(rq, SESSION_COOKIE);
    TRY(session_begin(t, fresh, &cookie, &id_hash));
    CRASH_POINT("session.after_commit");
    if (!str_given(cookie))
        return session_missed(t, fresh->who.user, own_path(t, "/login", v));
    TRY(flow_signed_in(t, id_hash, v->flow->id, v->browser, &n));
    session_cookie_set(rs, cookie);
    partner_remember(t, rq, rs, fresh->partner);
    TRY(session_load(t, cookie, &v->session));
    session_shadows_follow(t, rq, rs, v->session);
    TRY(visit_renew(t, v));
    return v->session ? OK : FAIL(t, NO_FLOW, "the session vanished");
}

err visit_renew(struct task *t, struct visit *v)
{
    TRY(flow_find(t, v->flow->id, v->browser, &v->flow));
    return v->flow ? OK : FAIL(t, NO_FLOW, "the flow vanished");
}

err visit_sign_in(struct task *t, const struct request *rq, struct response *rs, struct visit *v,
                  struct session_new *fresh)
{
    TRY(visit_enter(t, rq, rs, v, fresh));
    count_login(t, str_given(fresh->partner) && !fresh->method ? LOGIN_PARTNER : fresh->method, true);
    return visit_go(t, v, rs);
}

static void go(const struct request *rq, struct response *rs, str location)
{
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    if (rq->method == GET)
        reply_found(rs, location);
    else
        reply_see_other(rs, location);
}

void visit_answer(struct task *t, const struct visit *v, const struct request *rq, struct response *rs,
                  const struct answer *answer)
{
    session_shadows_follow(t, rq, rs, v->session);
    answer_send(t, rq, rs, answer);
}

err visit_go_directly(struct task *t, const struct visit *v, const struct request *rq, struct response *rs)
{
    str path;
    const struct answer *answer = NULL;
    session_shadows_follow(t, rq, rs, v->session);
    TRY(next_page(t, v, &path));
    if (str_given(path)) {
        go(rq, rs, path);
        return OK;
    }
    TRY(flow_finish(t, v->flow, v->client, v->browser, &answer));
    if (!answer)
        return FAIL(t, NO_FLOW, "the flow was finished elsewhere");
    answer_send(t, rq, rs, answer);
    return OK;
}

/* The first hop is this origin; where the application sends the browser after it, browsers check by the same rule. */
static void form_post_page(struct task *t, struct response *rs, const struct answer *a)
{
    struct url u;
    struct form_post_field *fields = arena_array(t->arena, struct form_post_field, ANSWER_MAX_FIELDS);
    struct page_form_post page = { .action = a->redirect_uri, .host = shown_host(t, a->redirect_uri) };
    for (size_t i = 0; i < a->n; i++)
        fields[i] = (struct form_post_field){ a->fields[i].name, a->fields[i].value };
    page.fields.items = fields;
    page.fields.n = a->n;
    struct buf *out = reply_html(rs, 200);
    if (url_parse(a->redirect_uri, &u))
        reply_csp(rs, "form-action", arena_printf(t->arena, "%.*s https:", STR_ARG(url_origin(t->arena, &u))));
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    page_form_post(out, t->language, t->frame, &page);
}

void answer_send(struct task *t, const struct request *rq, struct response *rs, const struct answer *answer)
{
    if (answer->mode.carrier == CARRY_FORM)
        form_post_page(t, rs, answer);
    else
        go(rq, rs, answer_url(t, answer));
}

void answer_leave(struct task *t, struct response *rs, const struct answer *answer)
{
    if (answer->mode.carrier == CARRY_FORM)
        form_post_page(t, rs, answer);
    else
        leave_page(t, rs, answer_url(t, answer));
}

str shown_logo(struct task *t, struct response *rs, const struct client *client)
{
    struct url u;
    if (!url_parse(client->meta.logo_uri, &u) || u.host.n == 0)
        return STR_NONE;
    reply_csp(rs, "img-src", arena_printf(t->arena, "'self' %.*s", STR_ARG(url_origin(t->arena, &u))));
    return client->meta.logo_uri;
}

str shown_host(struct task *t, str uri)
{
    struct url u;
    if (!url_parse(uri, &u) || u.host.n == 0)
        return STR_NONE;
    return arena_str(t->arena, u.host);
}

void leave_page(struct task *t, struct response *rs, str location)
{
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    page_continue(reply_html(rs, 200), t->language, t->frame,
                  &(struct page_continue){ .location = location, .host = shown_host(t, location) });
}
