/* POST /par (RFC 9126): an authorization request that never passes through the browser, from a client that proved
 * itself. */
#include "authsrv/cors.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/authz_request.h"
#include "authsrv/flow/authorization/request_batch.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"

static err par(struct task *t, const struct request *rq, struct response *rs)
{
    struct authz_request a = { .form = rq->form, .client = client_of(rq) };
    enum authz_verdict verdict;
    str uri;
    cors_allow_client(t, rq, rs);
    if (a.client->cnf.kind == CNF_DPOP)
        a.proved_jkt = a.client->cnf.thumbprint;
    if (form_get(rq->form, STR("request_uri")).n > 0)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("request_uri"), STR("must not be pushed itself"));
    TRY(authz_request_take(t, &a));
    a.is_pushed = true;
    TRY(authz_request_judge(t, &a, &verdict));
    if (verdict != AUTHZ_GOOD) {
        reply_oauth_error(t, rs, 400, str_of(authz_error(verdict)), authz_request_say(&a, verdict));
        return OK;
    }
    if (str_given(a.proved_jkt) && str_given(a.wanted.terms.dpop_jkt) && !str_eq(a.proved_jkt, a.wanted.terms.dpop_jkt))
        return FAIL_PARAM(t, INVALID_DPOP_PROOF, STR("dpop_jkt"), STR("is another key than that of the proof"));
    TRY(authz_request_push(t, &a, &uri));
    struct json *j = reply_json(rs, 201);
    json_str(j, "request_uri", uri);
    json_i64(j, "expires_in", PUSHED_LIFE.us / 1000000);
    return OK;
}

const struct route par_route = {
    .method = POST,
    .path = "/par",
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 131072,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 1200,
    .ignore_unknown = true,
    .repeats = "resource",
    .answer = "{ request_uri: string, expires_in: integer }",
    .handle = par,
    .done = "201",
    .summary = "Push an authorization request",
};

const struct route par_preflight_route = {
    .method = OPTIONS,
    .path = "/par",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_TRY_INLINE,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    .handle = cors_preflight,
    .done = "204",
    .summary = "CORS preflight",
};
