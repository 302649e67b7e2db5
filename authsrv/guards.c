/* The guards of authsrv's routes. */
#include "authsrv/guards.h"

#include "authsrv/app.h"
#include "authsrv/cors.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_auth.h"
#include "authsrv/flow/limit.h"
#include "authsrv/flow/partner/site.h"
#include "authsrv/proof.h"
#include "authsrv/store/client.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/text/network.h"

#define FAILURES_PER_MINUTE 60
#define OPEN_PER_ADDRESS 1 /* a minute */
#define OPEN_PER_ADDRESS_BURST 10
#define OPEN_FOR_ALL 3 /* a minute */
#define OPEN_FOR_ALL_BURST 100

/* Guessing secrets is slow for everybody at one address; good requests are never counted (no lock-out by outsiders). */
static err failure_counted(struct task *t, const struct request *rq, err failed)
{
    if (!t->db)
        return FAIL(t, NEED_WORKER, "a failed authentication is counted on a worker");
    count_client_auth_failure(t);
    str key = arena_printf(t->arena, "client_auth:%.*s", STR_ARG(network_of(t->arena, rq->peer)));
    TRY(limit_take(t, key, FAILURES_PER_MINUTE, FAILURES_PER_MINUTE, "failed client authentications of one address"));
    return failed;
}

static err client_check(struct task *t, struct request *rq)
{
    /* Credentials and tokens do not belong into addresses, which are logged everywhere. */
    if (rq->query.n > 0)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("query"), STR("must be empty: parameters go into the body"));
    const struct client_credentials c = {
        .authorization = request_header(rq, "authorization"),
        .client_id = form_get(rq->form, STR("client_id")),
        .client_secret = form_get(rq->form, STR("client_secret")),
        .client_assertion = form_get(rq->form, STR("client_assertion")),
        .client_assertion_type = form_get(rq->form, STR("client_assertion_type")),
        .path = str_of(rq->route->path),
        .certificate = rq->client_certificate,
        .certificate_trusted = rq->client_certificate_trusted,
    };
    const struct client *client;
    err e = client_authenticate(t, &c, &client);
    if (err_is(e, &FAULT_INVALID_CLIENT))
        return failure_counted(t, rq, e);
    TRY(e);
    TRY(proof_take(t, rq, &client));
    rq->caller = client;
    return OK;
}

/* A browser client has to be able to read why, and the nonce to come back with. */
static void client_refused(struct task *t, const struct request *rq, struct response *rs)
{
    cors_allow_refused(t, rq, rs);
    proof_nonce_offer(t, rq, rs);
}

const struct guard GUARD_CLIENT = { "client", client_check, client_refused };

/* Browsers say where a post comes from; what says "elsewhere" is refused. The CSRF token is checked with the flow. */
static err form_check(struct task *t, struct request *rq)
{
    str site = request_header(rq, "sec-fetch-site"), origin = request_header(rq, "origin");
    if (str_given(site) && !str_eq(site, STR("same-origin")))
        return FAIL(t, FORBIDDEN, "sec-fetch-site is not same-origin");
    /* "null" is what a page with no-referrer sends of itself; then Sec-Fetch-Site or the CSRF token decides. */
    if (str_given(origin) && !str_eq(origin, STR("null")) && !str_eq(origin, origin_here(t)))
        return FAIL(t, FORBIDDEN, "posted from another origin");
    return OK;
}

const struct guard GUARD_FORM = { "own_form", form_check };

static err visit_check_request(struct task *t, struct request *rq)
{
    if (rq->method == HEAD)
        return FAIL(t, METHOD_NOT_ALLOWED, "HEAD would do what GET does");
    return str_given(request_header(rq, "sec-purpose")) ? FAIL(t, FORBIDDEN, "a prefetch") : OK;
}

const struct guard GUARD_VISIT = { "visit", visit_check_request };

static err web_identity_check(struct task *t, struct request *rq)
{
    return str_eq(request_header(rq, "sec-fetch-dest"), STR("webidentity"))
               ? OK
               : FAIL(t, FORBIDDEN_ORIGIN, "sec-fetch-dest is not webidentity");
}

const struct guard GUARD_WEB_IDENTITY = { "web_identity", web_identity_check };

bool bearer_read(const struct request *rq, str *token)
{
    str header = request_header(rq, "authorization");
    if (header.n <= 7 || !str_eq_nocase((str){ header.p, 7 }, STR("Bearer ")))
        return false;
    *token = (str){ header.p + 7, header.n - 7 };
    return true;
}

/*
 * Registration for anybody (MCP clients have no token to show) is slow per address and for all together, so that the
 * table grows by some thousands of rows a day at the worst; unused ones are purged.
 */
static err open_registration_check(struct task *t, const struct request *rq)
{
    if (!t->db)
        return FAIL(t, NEED_WORKER, "an open registration is counted on a worker");
    str key = arena_printf(t->arena, "register:%.*s", STR_ARG(network_of(t->arena, rq->peer)));
    TRY(limit_take(t, key, OPEN_PER_ADDRESS, OPEN_PER_ADDRESS_BURST, "open registrations of one address"));
    return limit_take(t, STR("register"), OPEN_FOR_ALL, OPEN_FOR_ALL_BURST, "open registrations");
}

static err registration_check(struct task *t, struct request *rq)
{
    str token;
    bool shows = bearer_read(rq, &token);
    if (!shows && !str_given(request_header(rq, "authorization")) &&
        str_eq(app_of(t)->config.registration, STR("open")))
        return open_registration_check(t, rq);
    if (!shows) {
        struct failure *f = FAIL(t, INVALID_TOKEN, "no initial access token");
        f->challenge = STR("Bearer");
        return f;
    }
    digest given = typed_digest("initial_token", token);
    if (equal_digest(&given, &app_of(t)->initial_token_hash))
        return OK;
    if (!t->db)
        return FAIL(t, NEED_WORKER, "initial access tokens are in the database");
    const struct initial_token_find_row *row;
    TRY(initial_token_find(t, given, &row));
    if (row) {
        digest *one_use = arena_new(t->arena, digest);
        *one_use = given;
        rq->caller = one_use; /* which the new client takes */
        return OK;
    }
    struct failure *f = FAIL(t, INVALID_TOKEN, "unknown, used or expired initial access token");
    f->challenge = STR("Bearer error=\"invalid_token\"");
    return f;
}

const struct guard GUARD_REGISTRATION = { "initial_access_token", registration_check };
