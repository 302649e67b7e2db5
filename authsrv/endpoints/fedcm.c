/*
 * What a browser reads and asks for FedCM: GET /.well-known/web-identity, /fedcm/config.json, /fedcm/client and
 * /fedcm/accounts, POST /fedcm/disconnect. The assertion is in fedcm_assertion.c.
 */
#include "authsrv/flow/authorization/fedcm.h"
#include "authsrv/app.h"
#include "authsrv/cors.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/holdings.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/partner/branding.h"
#include "authsrv/flow/token/subject.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/admin.sql.h"
#include "shared/text/shape.h"

#define APPROVED_MAX 100

SHAPE(fedcm_account, "FedcmAccount", "id: string, name?: string, email?: string, approved_clients: string[]")

static err web_identity(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    struct json *j = reply_json(rs, 200);
    json_array(j, "provider_urls");
    json_str(j, NULL, app_address(t, "/fedcm/config.json"));
    json_close(j);
    json_str(j, "accounts_endpoint", app_address(t, "/fedcm/accounts"));
    json_str(j, "login_url", app_address(t, "/account"));
    return OK;
}

static err config(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    struct json *j = reply_json(rs, 200);
    json_str(j, "accounts_endpoint", app_address(t, "/fedcm/accounts"));
    json_str(j, "client_metadata_endpoint", app_address(t, "/fedcm/client"));
    json_str(j, "id_assertion_endpoint", app_address(t, "/fedcm/assertion"));
    json_str(j, "disconnect_endpoint", app_address(t, "/fedcm/disconnect"));
    json_str(j, "login_url", app_address(t, "/account"));
    return OK;
}

/* ---- what the browser shows of the client ---- */

struct client_in {
    str client_id;
};
static const struct param client_params[] = {
    P_STR(struct client_in, client_id, .need = REQUIRED, .set = TOKEN, .max = 200),
};

/* Browsers show a square; the partner's logo is one only if it was sent so. */
static err icons_write(struct task *t, const struct client *client, struct json *j)
{
    const struct branding_of_row *row;
    TRY(branding_find(t, client, &row));
    if (!row || !row->icon_px_given)
        return OK;
    str path = branding_path(t, row->logo);
    json_array(j, "icons");
    json_object(j, NULL);
    json_str(j, "url", arena_printf(t->arena, "%.*s%.*s", STR_ARG(app_of(t)->origin), STR_ARG(path)));
    json_i64(j, "size", row->icon_px);
    json_close(j);
    json_close(j);
    return OK;
}

static err client_show(struct task *t, const struct request *rq, struct response *rs)
{
    const struct client_in *in = rq->in;
    const struct client *client;
    TRY(client_load(t, (client_id){ in->client_id }, &client));
    if (!client)
        return FAIL(t, NOT_FOUND, "client %.*s", STR_ARG(in->client_id));
    cors_allow_pages(t, rq, rs, client, false);
    struct json *j = reply_json(rs, 200);
    json_str(j, "privacy_policy_url", client->meta.policy_uri);
    json_str(j, "terms_of_service_url", client->meta.tos_uri);
    return icons_write(t, client, j);
}

/* ---- who is logged in ---- */

/* For these clients the browser does not show again what they will learn, so they have to have been allowed that. */
static err approved_write(struct task *t, const struct session *session, struct json *j)
{
    const struct consent_page_row *rows;
    size_t n;
    TRY(consent_page(t, session->row->user_id, STR_NONE, STR_NONE, STR_NONE, APPROVED_MAX, &rows, &n));
    json_array(j, "approved_clients");
    for (size_t i = 0; i < n; i++)
        if (scope_covers(rows[i].scope, FEDCM_SCOPE))
            json_str(j, NULL, rows[i].client_id.v);
    json_close(j);
    return OK;
}

static err accounts(struct task *t, const struct request *rq, struct response *rs)
{
    const struct session *session;
    TRY(fedcm_session(t, request_cookie(rq, FEDCM_COOKIE), &session));
    reply_header(rs, "Set-Login", session ? STR("logged-in") : STR("logged-out"));
    if (!session)
        return FAIL(t, NOT_LOGGED_IN, "no session in the cookie " FEDCM_COOKIE);
    struct json *j = reply_json(rs, 200);
    json_array(j, "accounts");
    json_object(j, NULL);
    json_str(j, "id", session->row->user_id.v);
    json_str(j, "name", session->row->user_name);
    json_str(j, "email", session->row->email);
    TRY(approved_write(t, session, j));
    json_close(j);
    json_close(j);
    return OK;
}

/* ---- the client lets go of the person ---- */

struct disconnect_in {
    str client_id, account_hint;
};
static const struct param disconnect_params[] = {
    P_STR(struct disconnect_in, client_id, .need = REQUIRED, .set = TOKEN, .max = 200),
    P_STR(struct disconnect_in, account_hint, .need = OPTIONAL, .set = LINE, .max = 320),
};

/* A page names the account as it knows it. Only that one is let go: another person may be logged in here by now. */
static bool is_meant(struct task *t, const struct session *session, const struct client *client, str hint)
{
    user_id user = session->row->user_id;
    return !str_given(hint) || str_eq(hint, user.v) || str_eq(hint, subject_at(t, client, user)) ||
           (str_given(session->row->email) && str_eq_nocase(hint, session->row->email));
}

static err disconnect(struct task *t, const struct request *rq, struct response *rs)
{
    const struct disconnect_in *in = rq->in;
    const struct session *session;
    const struct client *client;
    TRY(client_load(t, (client_id){ in->client_id }, &client));
    if (!client || !cors_allow_pages(t, rq, rs, client, true))
        return FAIL(t, FORBIDDEN_ORIGIN, "not a page of %.*s", STR_ARG(in->client_id));
    TRY(fedcm_session(t, request_cookie(rq, FEDCM_COOKIE), &session));
    if (!session)
        return FAIL(t, NOT_LOGGED_IN, "no session in the cookie " FEDCM_COOKIE);
    if (!is_meant(t, session, client, in->account_hint))
        return FAIL(t, NOT_FOUND, "account_hint is not whoever is logged in");
    user_id user = session->row->user_id;
    TRY(consent_end(t, user.v, user, client->id));
    json_str(reply_json(rs, 200), "account_id", user.v);
    return OK;
}

#define FEDCM_ROUTE                                                                                                    \
    .guard = &GUARD_WEB_IDENTITY, .errors = ERRORS_OAUTH, .no_store = true, .per_minute = 300, .ignore_unknown = true

/* Without a cookie: they are the same for everybody. */
#define DOCUMENT_ROUTE                                                                                                 \
    .method = GET, .guard = &GUARD_PUBLIC, .body = BODY_NONE, .run = RUN_INLINE, .errors = ERRORS_OAUTH,               \
    .cache_s = 3600, .ignore_unknown = true

const struct route web_identity_route = {
    DOCUMENT_ROUTE,
    .path = "/.well-known/web-identity",
    .answer = "{ provider_urls: string[], accounts_endpoint: string, login_url: string }",
    .handle = web_identity,
    .summary = "Where FedCM begins",
};

const struct route fedcm_config_route = {
    DOCUMENT_ROUTE,
    .path = "/fedcm/config.json",
    .answer = "{ accounts_endpoint: string, client_metadata_endpoint: string, id_assertion_endpoint: string, "
              "disconnect_endpoint: string, login_url: string }",
    .handle = config,
    .summary = "Endpoints for FedCM",
};

const struct route fedcm_client_route = {
    FEDCM_ROUTE,
    .method = GET,
    .path = "/fedcm/client",
    .body = BODY_NONE,
    .run = RUN_WORKER,
    INPUT(struct client_in, client_params),
    .answer =
        "{ privacy_policy_url?: string, terms_of_service_url?: string, icons?: { url: string, size: integer }[] }",
    .handle = client_show,
    .summary = "What the browser shows of a client",
};

const struct route fedcm_accounts_route = {
    FEDCM_ROUTE,
    .method = GET,
    .path = "/fedcm/accounts",
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .answer = "{ accounts: FedcmAccount[] }",
    .handle = accounts,
    .summary = "Who is logged in, for the browser's eyes",
};

const struct route fedcm_disconnect_route = {
    FEDCM_ROUTE,
    .method = POST,
    .path = "/fedcm/disconnect",
    .body = BODY_FORM,
    .run = RUN_WORKER,
    INPUT(struct disconnect_in, disconnect_params),
    .answer = "{ account_id: string }",
    .handle = disconnect,
    .summary = "Withdraw what a client was allowed",
};
