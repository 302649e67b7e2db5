/* /admin/v1/users/{user}/sessions, grants and consents: what a person holds, and its end. */
#include "authsrv/admin.h"
#include "authsrv/domain/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/accounts.h"
#include "authsrv/flow/account/holdings.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/routes.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/client.sql.h"
#include "shared/text/shape.h"

SHAPE(session, "Session",
      "object: 'session', id: string, user: string, amr: string[], partner?: string, host?: string, created_at: time, "
      "authenticated_at: time, last_seen_at: time, expires_at: time")

SHAPE(grant, "Grant",
      "object: 'grant', id: string, user: string, client: string, scope: string, audience?: string, session?: string, "
      "created_at: time, expires_at: time, revoked_at?: time, revoked_why?: string")

SHAPE(consent, "Consent", "object: 'consent', client: string, redirect_uri?: string, scope: string, granted_at: time")

struct page_in {
    ADMIN_PAGE_FIELDS
};

static const struct param page_params[] = { ADMIN_PAGE_PARAMS(struct page_in) };

static err user_of(struct task *t, const struct request *rq, user_id *ret)
{
    const struct account_find_row *row;
    TRY(account_load(t, request_path_param(rq, "user"), admin_of(rq)->tenant, &row));
    *ret = row->id;
    return OK;
}

/* ---- sessions ---- */

static void session_write(struct json *j, const struct session_page_row *s)
{
    json_object(j, NULL);
    json_str(j, "object", STR("session"));
    json_str(j, "id", s->sid);
    json_str(j, "user", s->user_id.v);
    json_words(j, "amr", s->amr);
    json_str(j, "partner", s->partner);
    json_str(j, "host", s->host); /* absent: the issuer */
    json_time(j, "created_at", s->created_at);
    json_time(j, "authenticated_at", s->authed_at);
    json_time(j, "last_seen_at", s->last_seen_at);
    json_time(j, "expires_at", s->expires_at);
    json_close(j);
}

static err admin_sessions(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct session_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    user_id user;
    str before;
    TRY(user_of(t, rq, &user));
    TRY(cursor_read(t, "sessions", in->cursor, &before));
    TRY(session_page(t, user, before, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++)
        session_write(j, &rows[i]);
    list_end(t, j, "sessions", n > limit, shown ? rows[shown - 1].sid : STR_NONE);
    return OK;
}

const struct route admin_sessions_route = ADMIN_ROUTE(
    GET, "/admin/v1/users/{user}/sessions", GUARD_ADMIN_USERS_OWN, BODY_NONE, INPUT(struct page_in, page_params),
    .answer = "Page<Session>", .handle = admin_sessions, .summary = "List a user's live sessions");

static err admin_sessions_end(struct task *t, const struct request *rq, struct response *rs)
{
    user_id user;
    int64_t n;
    TRY(user_of(t, rq, &user));
    TRY(sessions_kill(t, admin_of(rq)->actor, user, &n));
    json_i64(reply_json(rs, 200), "ended", n);
    return OK;
}

const struct route admin_sessions_end_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/users/{user}/sessions", GUARD_ADMIN_USERS_OWN, BODY_NONE,
                .answer = "{ ended: integer }", .handle = admin_sessions_end, .summary = "End all sessions of a user");

static err admin_session_end(struct task *t, const struct request *rq, struct response *rs)
{
    TRY(session_kill(t, admin_of(rq)->actor, admin_of(rq)->tenant, request_path_param(rq, "session")));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_session_end_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/sessions/{session}", GUARD_ADMIN_USERS_OWN, BODY_NONE, .handle = admin_session_end,
                .done = "204", .summary = "End one session");

/* ---- grants ---- */

static void grant_write(struct json *j, const struct grant_page_row *g)
{
    json_object(j, NULL);
    json_str(j, "object", STR("grant"));
    json_str(j, "id", g->id.v);
    json_str(j, "user", g->user_id.v);
    json_str(j, "client", g->client_id.v);
    json_str(j, "scope", g->scope);
    json_str(j, "audience", g->audience);
    json_str(j, "session", g->sid);
    json_time(j, "created_at", g->created_at);
    json_time(j, "expires_at", g->expires_at);
    if (g->revoked_at_given)
        json_time(j, "revoked_at", g->revoked_at);
    json_str(j, "revoked_why", g->revoked_why);
    json_close(j);
}

static err admin_grants(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct grant_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    user_id user;
    str before;
    TRY(user_of(t, rq, &user));
    TRY(cursor_read(t, "grants", in->cursor, &before));
    TRY(grant_page(t, user, before, admin_of(rq)->tenant, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++)
        grant_write(j, &rows[i]);
    list_end(t, j, "grants", n > limit, shown ? rows[shown - 1].id.v : STR_NONE);
    return OK;
}

const struct route admin_grants_route = ADMIN_ROUTE(
    GET, "/admin/v1/users/{user}/grants", GUARD_ADMIN_USERS_OWN, BODY_NONE, INPUT(struct page_in, page_params),
    .answer = "Page<Grant>", .handle = admin_grants, .summary = "List what a user granted to clients");

static err admin_grant_end(struct task *t, const struct request *rq, struct response *rs)
{
    TRY(grant_end(t, admin_of(rq)->actor, admin_of(rq)->tenant, request_path_param(rq, "grant")));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_grant_end_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/grants/{grant}", GUARD_ADMIN_USERS_OWN, BODY_NONE, .handle = admin_grant_end,
                .done = "204", .summary = "Revoke a grant with all its tokens");

/* ---- consents ---- */

static err admin_consents(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct consent_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    user_id user;
    str after_uri, after_client = STR_NONE;
    TRY(user_of(t, rq, &user));
    TRY(cursor_read(t, "consents", in->cursor, &after_uri));
    if (str_given(after_uri) && !str_cut(&after_uri, ' ', &after_client))
        return FAIL(t, INTERNAL, "a position in the list of consents cannot be read");
    TRY(consent_page(t, user, admin_of(rq)->tenant, after_client, after_uri, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        json_str(j, "object", STR("consent"));
        json_str(j, "client", rows[i].client_id.v);
        json_str(j, "redirect_uri", rows[i].redirect_uri);
        json_str(j, "scope", rows[i].scope);
        json_time(j, "granted_at", rows[i].granted_at);
        json_close(j);
    }
    str last = shown ? arena_printf(t->arena, "%.*s %.*s", STR_ARG(rows[shown - 1].client_id.v),
                                    STR_ARG(rows[shown - 1].redirect_uri))
                     : STR_NONE;
    list_end(t, j, "consents", n > limit, last);
    return OK;
}

const struct route admin_consents_route = ADMIN_ROUTE(
    GET, "/admin/v1/users/{user}/consents", GUARD_ADMIN_USERS_OWN, BODY_NONE, INPUT(struct page_in, page_params),
    .answer = "Page<Consent>", .handle = admin_consents, .summary = "List what a user allowed on the consent page");

static err admin_consent_end(struct task *t, const struct request *rq, struct response *rs)
{
    str named = request_path_param(rq, "client"); /* whose id is a URL has another name in a path */
    const struct client_show_row *client;
    user_id user;
    TRY(user_of(t, rq, &user));
    TRY(client_show(t, (client_id){ named }, admin_of(rq)->tenant, &client));
    if (!client)
        return FAIL(t, NOT_FOUND, "client %.*s", STR_ARG(named));
    TRY(consent_end(t, admin_of(rq)->actor, user, client->id));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_consent_end_route = ADMIN_ROUTE(
    DELETE, "/admin/v1/users/{user}/consents/{client}", GUARD_ADMIN_USERS_OWN, BODY_NONE, .handle = admin_consent_end,
    .done = "204", .summary = "Withdraw a user's consent to a client, with its grants");
