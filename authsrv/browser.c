/* Cookies, flows and ways out, as the pages use them. */
#include "authsrv/browser.h"

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client_load.h"
#include "authsrv/store/flow.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/process.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"
#include "web/authsrv/pages.h"

#define DEVICE_COOKIE_LIFE_S ((int64_t)365 * 86400)

static digest browser_digest(str cookie)
{
    return typed_digest("browser", cookie);
}

str browser_cookie(const struct request *rq)
{
    str cookie = request_cookie(rq, BROWSER_COOKIE);
    return cookie.n == 43 ? cookie : STR_NONE;
}

str browser_cookie_keep(struct task *t, const struct request *rq, struct response *rs)
{
    str cookie = browser_cookie(rq);
    if (!str_given(cookie)) {
        cookie = random_token(t->arena, "");
        reply_cookie(rs, &(struct cookie){ .name = BROWSER_COOKIE, .value = cookie });
    }
    return cookie;
}

digest browser_bind(struct task *t, const struct request *rq, struct response *rs)
{
    return browser_digest(browser_cookie_keep(t, rq, rs));
}

err browser_session(struct task *t, const struct request *rq, const struct session **ret)
{
    return session_load(t, request_cookie(rq, SESSION_COOKIE), ret);
}

void session_cookie_set(struct response *rs, str value)
{
    reply_cookie(rs, &(struct cookie){ .name = SESSION_COOKIE, .value = value });
}

void session_cookie_clear(struct response *rs)
{
    reply_cookie(rs, &(struct cookie){ .name = SESSION_COOKIE, .value = STR(""), .max_age_s = -1 });
}

void device_cookie_set(struct response *rs, str value)
{
    reply_cookie(rs, &(struct cookie){ .name = DEVICE_COOKIE, .value = value, .max_age_s = DEVICE_COOKIE_LIFE_S });
}

str csrf_token(struct task *t, str cookie, str purpose)
{
    str message = arena_printf(t->arena, "csrf\n%.*s\n%.*s", STR_ARG(cookie), STR_ARG(purpose));
    digest mac = hmac_sha256(digest_bytes(&app_of(t)->sealing_key), bytes_of(message));
    return base64url_encode(t->arena, digest_bytes(&mac));
}

err visit_load(struct task *t, const struct request *rq, str flow, struct visit *ret)
{
    str cookie = browser_cookie(rq);
    if (!str_given(cookie) || flow.n == 0)
        return FAIL(t, NO_FLOW, "no flow or no binding cookie");
    ret->browser = browser_digest(cookie);
    TRY(flow_find(t, (flow_id){ flow }, ret->browser, &ret->flow));
    if (!ret->flow)
        return FAIL(t, NO_FLOW, "unknown flow, or of another browser");
    TRY(client_load(t, ret->flow->client_id, &ret->client));
    if (!ret->client)
        return FAIL(t, NO_FLOW, "the client was disabled");
    ret->csrf = csrf_token(t, cookie, ret->flow->id.v);
    return browser_session(t, rq, &ret->session);
}

err visit_check(struct task *t, const struct visit *v, str csrf)
{
    return equal_bytes(bytes_of(v->csrf), bytes_of(csrf)) ? OK : FAIL(t, FORBIDDEN, "wrong csrf token");
}

static str own_path(struct task *t, const char *path, const struct visit *v)
{
    return arena_printf(t->arena, "%s?flow=%.*s", path, STR_ARG(v->flow->id.v));
}

void visit_leave(struct task *t, const struct visit *v, struct response *rs)
{
    reply_see_other(rs, arena_printf(t->arena, "/continue/%.*s", STR_ARG(v->flow->id.v)));
}

/* The page that the next step needs; absent: none, the flow is settled and ready to finish. */
static err next_page(struct task *t, const struct visit *v, str *path)
{
    enum interaction next;
    *path = STR_NONE;
    TRY(flow_judge(t, v->flow, v->client, v->session, &next));
    switch (next) {
    case INTERACT_GRANT:
        return flow_allow(t, v->flow->id, v->browser, &v->session->id_hash);
    case INTERACT_LOGIN:
        *path = own_path(t, "/login", v);
        return OK;
    case INTERACT_UPSTREAM:
        *path = arena_printf(t->arena, "/login/partner/%.*s?flow=%.*s",
                             STR_ARG(percent_encode(t->arena, v->flow->idp_hint)), STR_ARG(v->flow->id.v));
        return OK;
    case INTERACT_CONSENT:
        *path = own_path(t, "/consent", v);
        return OK;
    case INTERACT_LOGIN_REQUIRED:
        return flow_deny(t, v->flow->id, v->browser, STR("login_required"));
    case INTERACT_CONSENT_REQUIRED:
        return flow_deny(t, v->flow->id, v->browser, STR("consent_required"));
    }
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

err visit_sign_in(struct task *t, const struct request *rq, struct response *rs, struct visit *v,
                  struct session_new *fresh)
{
    str cookie;
    digest id_hash;
    int64_t n;
    fresh->old_cookie = request_cookie(rq, SESSION_COOKIE);
    TRY(session_begin(t, fresh, &cookie, &id_hash));
    CRASH_POINT("session.after_commit");
    if (!str_given(cookie))
        return FAIL(t, ACCOUNT_DISABLED, "disabled while logging in");
    TRY(flow_signed_in(t, id_hash, v->flow->id, v->browser, &n));
    session_cookie_set(rs, cookie);
    TRY(session_load(t, cookie, &v->session));
    TRY(flow_find(t, v->flow->id, v->browser, &v->flow));
    if (!v->flow || !v->session)
        return FAIL(t, NO_FLOW, "flow or session vanished");
    count_login(t, str_given(fresh->partner) ? LOGIN_PARTNER : LOGIN_PASSWORD, true);
    return visit_go(t, v, rs);
}

err visit_go_directly(struct task *t, const struct visit *v, const struct request *rq, struct response *rs)
{
    str path;
    TRY(next_page(t, v, &path));
    if (!str_given(path))
        TRY(flow_finish(t, v->flow->id, v->browser, &path));
    if (!str_given(path))
        return FAIL(t, NO_FLOW, "the flow was finished elsewhere");
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    if (rq->method == GET)
        reply_found(rs, path);
    else
        reply_see_other(rs, path);
    return OK;
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
    page_continue(reply_html(rs, 200),
                  &(struct page_continue){ .location = location, .host = shown_host(t, location) });
}

void failure_page(struct task *t, const struct failure *f, struct buf *out)
{
    if (f->fault == &FAULT_NO_FLOW) {
        page_flow_expired(out, &(struct page_flow_expired){ .request_id = t->request_id });
        return;
    }
    str explain = f->explain;
    if (str_given(f->param))
        explain = arena_printf(t->arena, "%.*s: %.*s", STR_ARG(f->param), STR_ARG(f->explain));
    page_error(out,
               &(struct page_error){ .what = str_of(f->fault->say), .explain = explain, .request_id = t->request_id });
}
