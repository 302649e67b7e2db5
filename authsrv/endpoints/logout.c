/*
 * GET and POST /logout (OIDC RP-Initiated Logout 1.0). Silent only when the hint names the session's own user;
 * otherwise the person is asked. A redirect goes only to a URI that is registered for the client which the request
 * proves.
 */
#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/client_load.h"
#include "authsrv/flow/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/session.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"
#include "web/authsrv/pages.h"

#define LOCATION_CONTEXT STR("logout_location")

struct logout_in {
    str id_token_hint, client_id, post_logout_redirect_uri, state, csrf, flow, decision;
};

static const struct param logout_params[] = {
    P_STR(struct logout_in, id_token_hint, .need = OPTIONAL, .set = TOKEN, .max = 8192),
    P_STR(struct logout_in, client_id, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_STR(struct logout_in, post_logout_redirect_uri, .need = OPTIONAL, .set = TOKEN, .max = 2000),
    P_STR(struct logout_in, state, .need = OPTIONAL, .set = TEXT, .max = 2048),
    P_STR(struct logout_in, csrf, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct logout_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 8192),
    P_STR(struct logout_in, decision, .need = OPTIONAL, .set = ID, .max = 16),
};

struct leaving {
    const struct client *client; /* NULL: unknown */
    str subject, sid;            /* of a valid hint; absent: none */
    bool hint_bad;
    str location; /* absent: no redirect */
};

static err client_learn(struct task *t, const struct logout_in *in, struct leaving *l)
{
    const struct snapshot *s;
    str hinted = STR_NONE;
    TRY(snapshot_of(t, &s));
    if (str_given(in->id_token_hint) && !id_token_read(t, s, in->id_token_hint, &l->subject, &hinted, &l->sid)) {
        l->hint_bad = true;
        l->subject = l->sid = STR_NONE;
        return OK;
    }
    str id = str_given(hinted) ? hinted : in->client_id;
    if (str_given(hinted) && str_given(in->client_id) && !str_eq(hinted, in->client_id)) {
        l->hint_bad = true;
        return OK;
    }
    return str_given(id) ? client_load(t, (client_id){ id }, &l->client) : OK;
}

static err leaving_read(struct task *t, const struct logout_in *in, struct leaving *l)
{
    TRY(client_learn(t, in, l));
    if (!l->client || !str_given(in->post_logout_redirect_uri))
        return OK;
    str registered = client_registered_uri(&l->client->meta.post_logout_redirect_uris, in->post_logout_redirect_uri);
    if (!str_given(registered) || !str_eq(registered, in->post_logout_redirect_uri))
        return OK;
    struct buf b;
    buf_init(&b, t->arena, 16384);
    buf_add(&b, registered);
    url_add_query(&b, "state", in->state);
    l->location = buf_str(&b);
    return OK;
}

static err session_close(struct task *t, const struct session *session, struct response *rs)
{
    const struct session_end_row *row;
    if (session) {
        TRY(session_end(t, session->id_hash, &row));
        if (row)
            TRY(audit_write(t, row->user_id.v, STR("session.ended"), row->sid, STR("logout")));
    }
    session_cookie_clear(rs);
    return OK;
}

static err say_goodbye(struct task *t, const struct request *rq, struct response *rs, str location)
{
    if (str_given(location) && rq->method == GET)
        reply_found(rs, location);
    else if (str_given(location))
        leave_page(t, rs, location);
    else
        page_logged_out(reply_html(rs, 200), &(struct page_logged_out){ .client_name = STR_NONE });
    return OK;
}

/* Where to go after the confirmation travels sealed through the form. */
static str location_seal(struct task *t, str location)
{
    if (!str_given(location))
        return STR("");
    return base64url_encode(t->arena, seal(t->arena, &app_of(t)->sealing_key, bytes_of(location), LOCATION_CONTEXT));
}

static str location_unseal(struct task *t, str sealed)
{
    bytes raw, plain;
    if (!base64url_decode(t->arena, sealed, &raw) ||
        !unseal(t->arena, &app_of(t)->sealing_key, raw, LOCATION_CONTEXT, &plain))
        return STR_NONE;
    return (str){ (const char *)plain.p, plain.n };
}

static err ask(struct task *t, const struct request *rq, struct response *rs, const struct session *session,
               const struct leaving *l)
{
    str cookie = browser_cookie(rq);
    if (!str_given(cookie)) {
        cookie = random_token(t->arena, "");
        reply_cookie(rs, &(struct cookie){ .name = BROWSER_COOKIE, .value = cookie });
    }
    page_logout(reply_html(rs, 200),
                &(struct page_logout){ .action = STR("/logout"),
                                       .csrf = csrf_token(t, cookie, STR("logout")),
                                       .flow = location_seal(t, l->location),
                                       .client_name = l->client ? l->client->meta.client_name : STR_NONE,
                                       .user_email = session->row->email });
    return OK;
}

static bool is_own(const struct session *session, const struct leaving *l)
{
    if (!str_given(l->subject) || !str_eq(l->subject, session->row->user_id.v))
        return false;
    return !str_given(l->sid) || str_eq(l->sid, session->row->sid);
}

static err logout(struct task *t, const struct request *rq, struct response *rs)
{
    struct leaving l = { 0 };
    const struct session *session;
    TRY(leaving_read(t, rq->in, &l));
    TRY(browser_session(t, rq, &session));
    if (l.hint_bad)
        l.location = STR_NONE;
    if (session && !is_own(session, &l))
        return ask(t, rq, rs, session, &l);
    TRY(session_close(t, session, rs));
    return say_goodbye(t, rq, rs, l.location);
}

static err decided(struct task *t, const struct request *rq, struct response *rs)
{
    const struct logout_in *in = rq->in;
    const struct session *session;
    str cookie = browser_cookie(rq);
    str origin = request_header(rq, "origin"), site = request_header(rq, "sec-fetch-site");
    bool elsewhere = (str_given(site) && !str_eq(site, STR("same-origin"))) ||
                     (str_given(origin) && !str_eq(origin, STR("null")) && !str_eq(origin, app_of(t)->origin));
    if (elsewhere || !str_given(cookie) ||
        !equal_bytes(bytes_of(csrf_token(t, cookie, STR("logout"))), bytes_of(in->csrf)))
        return FAIL(t, FORBIDDEN, "not our own form");
    if (!str_eq(in->decision, STR("logout"))) {
        page_error(reply_html(rs, 200),
                   &(struct page_error){ .what = STR("You are still signed in."), .request_id = t->request_id });
        return OK;
    }
    TRY(browser_session(t, rq, &session));
    TRY(session_close(t, session, rs));
    return say_goodbye(t, rq, rs, str_given(in->flow) ? location_unseal(t, in->flow) : STR_NONE);
}

/* A post is an application's request, or the answer to our own question: only the latter decides. */
static err logout_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct logout_in *in = rq->in;
    return str_given(in->decision) ? decided(t, rq, rs) : logout(t, rq, rs);
}

const struct route logout_route = {
    .method = GET,
    .path = "/logout",
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct logout_in, logout_params),
    .handle = logout,
    .summary = "End the session, at an application's wish",
};

const struct route logout_post_route = {
    .method = POST,
    .path = "/logout",
    .guard = &GUARD_PUBLIC,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct logout_in, logout_params),
    .handle = logout_post,
    .summary = "End the session",
};
