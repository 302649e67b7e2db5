/* /admin/v1/logouts: back-channel logouts that did not reach an application, and trying them again. */
#include "authsrv/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/flow/session/logout.h"
#include "authsrv/routes.h"
#include "authsrv/store/logout.sql.h"
#include "shared/base/num.h"
#include "shared/text/shape.h"

SHAPE(logout, "Logout",
      "object: 'logout', id: integer, client: string, user: string, state: string, attempts: integer, answered?: "
      "integer, why: string | null, created_at: time, due_at: time")

struct logouts_in {
    ADMIN_PAGE_FIELDS
    bool all;
};

static const struct param logouts_params[] = {
    ADMIN_PAGE_PARAMS(struct logouts_in),
    P_BOOL(struct logouts_in, all, .need = OPTIONAL),
};

static void logout_write(struct json *j, const struct logout_list_row *l)
{
    json_object(j, NULL);
    json_str(j, "object", STR("logout"));
    json_i64(j, "id", l->id);
    json_str(j, "client", l->client_id.v);
    json_str(j, "user", l->user_id.v);
    json_str(j, "state", l->state);
    json_i64(j, "attempts", l->attempts);
    if (l->answered_given)
        json_i64(j, "answered", l->answered);
    json_str_or_null(j, "why", l->why);
    json_time(j, "created_at", l->created_at);
    json_time(j, "due_at", l->due_at);
    json_close(j);
}

static err admin_logouts(struct task *t, const struct request *rq, struct response *rs)
{
    const struct logouts_in *in = rq->in;
    const struct logout_list_row *rows;
    size_t n, limit = (size_t)in->limit;
    int64_t before = INT64_MAX;
    str position;
    TRY(cursor_read(t, "logouts", in->cursor, &position));
    if (str_given(position) && !num_parse(position, &before))
        return FAIL(t, INTERNAL, "a sealed cursor without a number");
    TRY(logout_list(t, in->all, before, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++)
        logout_write(j, &rows[i]);
    str last = shown ? arena_printf(t->arena, "%lld", (long long)rows[shown - 1].id) : STR_NONE;
    list_end(t, j, "logouts", n > limit, last);
    return OK;
}

const struct route admin_logouts_route =
    ADMIN_ROUTE(GET, "/admin/v1/logouts", GUARD_ADMIN_CLIENTS, BODY_NONE, INPUT(struct logouts_in, logouts_params),
                .answer = "Page<Logout>", .handle = admin_logouts,
                .summary = "List the back-channel logouts that did not go through, or all");

struct retry_in {
    str client;
};

static const struct param retry_params[] = {
    P_STR(struct retry_in, client, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 500),
};

static err admin_logouts_retry(struct task *t, const struct request *rq, struct response *rs)
{
    const struct retry_in *in = rq->in;
    int64_t n;
    TRY(logouts_again(t, admin_of(rq)->actor, in->client, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("logout_retry"));
    json_i64(j, "retried", n);
    return OK;
}

const struct route admin_logouts_retry_route =
    ADMIN_ROUTE(POST, "/admin/v1/logouts/retry", GUARD_ADMIN_CLIENTS, BODY_JSON, INPUT(struct retry_in, retry_params),
                .answer = "{ object: 'logout_retry', retried: integer }", .handle = admin_logouts_retry,
                .summary = "Try those of a client again");
