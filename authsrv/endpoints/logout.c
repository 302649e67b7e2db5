/*
 * GET and POST /logout (OIDC RP-Initiated Logout 1.0). Silent only when the hint names the session's own user;
 * otherwise the person is asked. A redirect goes only to a URI that is registered for the client which the request
 * proves, and only after the frames of front-channel logout (flow/session/logout_frames.h) have loaded. In between the
 * browser may go to the log-out of the partner where the person came from (flow/upstream/upstream_end.h, decision
 * 0032).
 */
#include "authsrv/flow/session/logout.h"
#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/language.h"
#include "authsrv/flow/partner/branding.h"
#include "authsrv/flow/partner/site.h"
#include "authsrv/flow/session/logout_frames.h"
#include "authsrv/flow/token/subject.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/flow/upstream/upstream_end.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/session.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/process.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"
#include "web/authsrv/pages.h"

#define SITE_LOGOUT "/partner/logout"
#define LOCATION_CONTEXT STR("logout_location")

struct logout_in {
    str id_token_hint, logout_hint, client_id, post_logout_redirect_uri, state, ui_locales, csrf, flow, decision;
};

static const struct param logout_params[] = {
    P_STR(struct logout_in, id_token_hint, .need = OPTIONAL, .set = TOKEN, .max = 8192),
    P_STR(struct logout_in, logout_hint, .need = OPTIONAL, .set = LINE, .max = 1024),
    P_STR(struct logout_in, client_id, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_STR(struct logout_in, post_logout_redirect_uri, .need = OPTIONAL, .set = TOKEN, .max = 2000),
    P_STR(struct logout_in, state, .need = OPTIONAL, .set = TEXT, .max = 2048),
    P_STR(struct logout_in, ui_locales, .need = OPTIONAL, .set = LINE, .max = 1024),
    P_STR(struct logout_in, csrf, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct logout_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 16384),
    P_STR(struct logout_in, decision, .need = OPTIONAL, .set = ID, .max = 16),
};

struct leaving {
    const struct client *client;   /* NULL: unknown */
    str subject, sid;              /* of a valid hint; absent: none */
    str problem;                   /* for whoever made the request; absent: none. With one there is no redirect */
    str location;                  /* absent: no redirect */
    bool by_link;                  /* to location; otherwise the browser is sent there */
    bool there_too;                /* the person wants to be signed out at the partner as well */
    str partner_name, partner_url; /* of a log-out that is offered; absent: none */
};

static err client_learn(struct task *t, const struct logout_in *in, struct leaving *l)
{
    const struct snapshot *s;
    str hinted = STR_NONE;
    TRY(snapshot_of(t, &s));
    if (str_given(in->id_token_hint) && !id_token_read(t, s, in->id_token_hint, &l->subject, &hinted, &l->sid)) {
        l->subject = l->sid = STR_NONE;
        l->problem = STR("id_token_hint: is no ID token that was issued here.");
        return OK;
    }
    str id = str_given(hinted) ? hinted : in->client_id;
    if (str_given(hinted) && str_given(in->client_id) && !str_eq(hinted, in->client_id)) {
        l->subject = l->sid = STR_NONE;
        l->problem = STR("client_id: is not the client of id_token_hint.");
        return OK;
    }
    return str_given(id) ? client_load(t, (client_id){ id }, &l->client) : OK;
}

/*
 * Somebody registered this client by himself, and no token shows that it ever had to do with a person: what would send
 * any browser to wherever he pleases, or look like us, is a link (as in authorize.c; RFC 9700 section 4.11.2).
 */
static bool goes_by_link(const struct leaving *l)
{
    return !l->client->verified && !str_given(l->subject);
}

static err leaving_read(struct task *t, const struct logout_in *in, struct leaving *l)
{
    TRY(client_learn(t, in, l));
    str asked = in->post_logout_redirect_uri;
    if (!str_given(asked) || str_given(l->problem))
        return OK;
    if (!l->client) {
        l->problem = STR("post_logout_redirect_uri: needs the id_token_hint or client_id of a known application.");
        return OK;
    }
    str registered = client_registered_uri(&l->client->meta.post_logout_redirect_uris, asked);
    if (!str_given(registered) || !str_eq(registered, asked)) {
        l->problem = STR("post_logout_redirect_uri: is not registered for this application.");
        return OK;
    }
    struct buf b;
    buf_init(&b, t->arena, 16384);
    buf_add(&b, registered);
    url_add_query(&b, "state", in->state);
    l->location = buf_str(&b);
    l->by_link = goes_by_link(l);
    return OK;
}

/* Ends the session, and with it all that hangs on it; *ended is NULL when there was none. */
static err session_close(struct task *t, const struct session *session, struct response *rs,
                         const struct session_end_row **ended)
{
    *ended = NULL;
    if (session) {
        TRY(session_end(t, session->id_hash, STR("logout"), ended));
        CRASH_POINT("logout.after_commit");
        logouts_wake(t);
    }
    session_cookie_clear(t, rs);
    return OK;
}

/* Puts the partner's log-out on the way, or on offer. Where an application waits nobody is stopped for an offer. */
static err partner_add(struct task *t, const struct request *rq, struct response *rs,
                       const struct session_end_row *ended, struct leaving *l)
{
    struct upstream_place place = { 0 };
    str url;
    if (ended)
        TRY(upstream_place_find(t, ended->partner, &place));
    if (!place.up)
        return OK;
    const struct partner_find_row *partner = place.up->row;
    bool goes = (l->there_too || place.up->set.end == UPSTREAM_END_ALWAYS) && !str_given(l->problem);
    if (!goes && str_given(l->location))
        return OK;
    const struct upstream_return back = { browser_bind(t, rq, rs), l->client ? l->client->id.v : STR_NONE,
                                          l->location };
    TRY(upstream_end_begin(t, &place, ended, &back, &url));
    if (!goes) {
        l->partner_name = partner->name;
        l->partner_url = url;
        return OK;
    }
    l->location = url;
    count_upstream(t, UPSTREAM_LEFT);
    return audit_write(t, ended->user_id.v, STR("upstream.left"), ended->sid, partner->slug);
}

static void frames_show(struct task *t, struct response *rs, const struct logout_frames *frames,
                        const struct leaving *l)
{
    struct logout_frame *items = arena_array(t->arena, struct logout_frame, frames->n);
    for (size_t i = 0; i < frames->n; i++)
        items[i].url = frames->urls[i];
    struct page_signing_out page = { .location = l->location,
                                     .host = shown_host(t, l->location),
                                     .partner_name = l->partner_name,
                                     .partner_url = l->partner_url };
    page.frames.items = items;
    page.frames.n = frames->n;
    if (l->client) {
        page.client_name = l->client->meta.client_name;
        page.return_url = l->client->meta.client_uri;
    }
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    reply_csp(rs, "frame-src", frames->origins);
    page_signing_out(reply_html(rs, 200), t->language, t->frame, &page);
}

static void page_show(struct task *t, struct response *rs, const struct leaving *l)
{
    struct page_logged_out page = { .problem = l->problem,
                                    .partner_name = l->partner_name,
                                    .partner_url = l->partner_url };
    if (l->client) {
        page.client_name = l->client->meta.client_name;
        page.return_url = l->client->meta.client_uri;
    }
    if (str_given(l->location)) { /* its name is what it calls itself: where the link leads says more */
        str host = shown_host(t, l->location);
        page.client_name = str_given(host) ? host : page.client_name;
        page.return_url = l->location;
        reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    }
    page_logged_out(reply_html(rs, 200), t->language, t->frame, &page);
}

static err say_goodbye(struct task *t, const struct request *rq, struct response *rs,
                       const struct session_end_row *ended, struct leaving *l)
{
    struct logout_frames frames;
    TRY(logout_frames_of(t, ended ? ended->sid : STR_NONE, &frames));
    TRY(partner_add(t, rq, rs, ended, l));
    if (frames.n > 0)
        frames_show(t, rs, &frames, l);
    else if (!str_given(l->location) || l->by_link)
        page_show(t, rs, l);
    else if (rq->method == GET)
        reply_found(rs, l->location);
    else
        leave_page(t, rs, l->location);
    return OK;
}

/* Whose wish it was and where to go travels sealed through the form. */
static str leaving_seal(struct task *t, const struct leaving *l)
{
    str plain = arena_printf(t->arena, "%.*s\n%.*s", STR_ARG(l->client ? l->client->id.v : STR("")),
                             STR_ARG(str_given(l->location) ? l->location : STR("")));
    return base64url_encode(t->arena, seal(t->arena, &app_of(t)->sealing_key, bytes_of(plain), LOCATION_CONTEXT));
}

static err leaving_unseal(struct task *t, str sealed, struct leaving *l)
{
    bytes raw, plain;
    str id;
    if (!base64url_decode(t->arena, sealed, &raw) ||
        !unseal(t->arena, &app_of(t)->sealing_key, raw, LOCATION_CONTEXT, &plain))
        return OK;
    str rest = { (const char *)plain.p, plain.n };
    if (!str_cut(&rest, '\n', &id))
        return OK;
    if (rest.n > 0)
        l->location = rest;
    return id.n > 0 ? client_load(t, (client_id){ id }, &l->client) : OK;
}

/* The names of the applications that will be told. */
static err apps_read(struct task *t, str sid, struct page_logout *page)
{
    const struct session_clients_row *rows;
    size_t n, kept = 0;
    TRY(session_clients(t, sid, &rows, &n));
    struct logout_app *items = arena_array(t->arena, struct logout_app, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct client *client;
        TRY(client_load_listed(t, rows[i].client_id, &client));
        if (client)
            items[kept++].name = client->meta.client_name;
    }
    page->apps.items = items;
    page->apps.n = kept;
    return OK;
}

static err ask(struct task *t, const struct request *rq, struct response *rs, const struct session *session,
               const struct leaving *l)
{
    str cookie = browser_cookie(rq);
    if (!str_given(cookie)) {
        cookie = random_token(t->arena, "");
        reply_cookie(rs, &(struct cookie){ .name = BROWSER_COOKIE, .value = cookie });
    }
    struct page_logout page = { .action = STR("/logout"),
                                .csrf = csrf_token(t, cookie, STR("logout")),
                                .flow = leaving_seal(t, l),
                                .client_name = l->client ? l->client->meta.client_name : STR_NONE,
                                .user_email = session->row->email,
                                .ui_locales = ((const struct logout_in *)rq->in)->ui_locales,
                                .problem = l->problem };
    struct upstream_place place;
    TRY(upstream_place_find(t, session->row->partner, &place));
    if (place.up) {
        page.partner_name = place.up->row->name;
        page.partner_too = place.up->set.end == UPSTREAM_END_ALWAYS;
    }
    TRY(apps_read(t, session->row->sid, &page));
    page_logout(reply_html(rs, 200), t->language, t->frame, &page);
    return OK;
}

/* The hint is of this session, or of another one of the same person. */
static bool is_own(struct task *t, const struct session *session, const struct leaving *l)
{
    if (!str_given(l->subject) || !l->client)
        return false;
    return (str_given(l->sid) && str_eq(l->sid, session->row->sid)) ||
           str_eq(l->subject, subject_at(t, l->client, session->row->user_id));
}

/* logout_hint says of whom the application thinks; with somebody else here the person is asked. */
static bool hint_fits(struct task *t, const struct session *session, const struct leaving *l, str hint)
{
    if (!str_given(hint))
        return true;
    const struct session_find_row *row = session->row;
    return (str_given(row->email) && str_eq_nocase(hint, row->email)) || str_eq(hint, row->sid) ||
           (l->client && str_eq(hint, subject_at(t, l->client, row->user_id)));
}

/* A post from an application's page comes without our cookies (SameSite=Lax); the same request as a visit has them. */
static void visit_instead(struct task *t, const struct logout_in *in, struct response *rs, str place)
{
    struct buf b;
    buf_init(&b, t->arena, 65536);
    buf_add(&b, place);
    url_add_query(&b, "id_token_hint", in->id_token_hint);
    url_add_query(&b, "logout_hint", in->logout_hint);
    url_add_query(&b, "client_id", in->client_id);
    url_add_query(&b, "post_logout_redirect_uri", in->post_logout_redirect_uri);
    url_add_query(&b, "state", in->state);
    url_add_query(&b, "ui_locales", in->ui_locales);
    reply_see_other(rs, buf_str(&b));
}

/*
 * People of an application whose partner has a name of its own are logged in there; only a hint of this very session is
 * about one that is here. The path there is served nowhere else (see authorize.c).
 */
static err site_go(struct task *t, const struct logout_in *in, struct response *rs, const struct session *session,
                   const struct leaving *l, bool *gone)
{
    const struct site *site = NULL;
    bool is_here = session && str_given(l->sid) && str_eq(l->sid, session->row->sid);
    if (!t->site && !is_here)
        TRY(site_of_client(t, l->client, &site));
    *gone = site != NULL;
    if (site)
        visit_instead(t, in, rs, arena_printf(t->arena, "%.*s" SITE_LOGOUT, STR_ARG(site->origin)));
    return OK;
}

static err logout(struct task *t, const struct request *rq, struct response *rs)
{
    const struct logout_in *in = rq->in;
    struct leaving l = { 0 };
    const struct session *session;
    const struct session_end_row *ended;
    bool gone;
    TRY(leaving_read(t, in, &l));
    TRY(branding_wear(t, l.client));
    TRY(browser_session(t, rq, &session));
    TRY(site_go(t, in, rs, session, &l, &gone));
    if (gone)
        return OK;
    language_prefer(t, in->ui_locales);
    if (session && !(is_own(t, session, &l) && hint_fits(t, session, &l, in->logout_hint)))
        return ask(t, rq, rs, session, &l);
    TRY(session_close(t, session, rs, &ended));
    return say_goodbye(t, rq, rs, ended, &l);
}

static err decided(struct task *t, const struct request *rq, struct response *rs)
{
    const struct logout_in *in = rq->in;
    const struct session *session;
    const struct session_end_row *ended;
    struct leaving l = { .there_too = str_eq(in->decision, STR("both")) };
    str cookie = browser_cookie(rq);
    str origin = request_header(rq, "origin"), site = request_header(rq, "sec-fetch-site");
    bool elsewhere = (str_given(site) && !str_eq(site, STR("same-origin"))) ||
                     (str_given(origin) && !str_eq(origin, STR("null")) && !str_eq(origin, origin_here(t)));
    if (str_given(in->flow))
        TRY(leaving_unseal(t, in->flow, &l));
    TRY(branding_wear(t, l.client));
    TRY(browser_session(t, rq, &session));
    language_prefer(t, in->ui_locales);
    if (elsewhere || !str_given(cookie) ||
        !equal_bytes(bytes_of(csrf_token(t, cookie, STR("logout"))), bytes_of(in->csrf)))
        return FAIL(t, FORBIDDEN, "not our own form");
    if (!l.there_too && !str_eq(in->decision, STR("logout"))) {
        page_error(
            reply_html(rs, 200), t->language, t->frame,
            &(struct page_error){ .what = text_in(t->language, TEXT_LOGOUT_STAYED), .request_id = t->request_id });
        return OK;
    }
    TRY(session_close(t, session, rs, &ended));
    return say_goodbye(t, rq, rs, ended, &l);
}

/* A post is an application's request, or the answer to our own question: only the latter decides. */
static err logout_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct logout_in *in = rq->in;
    if (str_given(in->decision))
        return decided(t, rq, rs);
    if (t->site)
        return FAIL(t, NOT_FOUND, "applications ask at the issuer");
    if (str_given(request_cookie(rq, SESSION_COOKIE)))
        return logout(t, rq, rs);
    visit_instead(t, in, rs, STR("/logout"));
    return OK;
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
    .sites = SITE_ANY,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct logout_in, logout_params),
    .handle = logout_post,
    .summary = "End the session",
};

const struct route logout_there_route = {
    .method = GET,
    .path = SITE_LOGOUT,
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .sites = SITE_OTHERS,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct logout_in, logout_params),
    .handle = logout,
    .summary = "End the session at a partner's own name, where /logout sends the browser",
};
