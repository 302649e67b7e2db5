/*
 * /admin/v1/approvals: requests that wait for their person on another device (CIBA). An operator may refuse one; to
 * allow it in the person's place is for tests, and a verb on the server only.
 */
#include "authsrv/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/routes.h"
#include "authsrv/store/decoupled.sql.h"
#include "shared/text/shape.h"

SHAPE(approval, "Approval",
      "object: 'approval', id: string, client: string, user: string, scope: string, binding_message: string | null, "
      "expires_at: time")

struct page_in {
    ADMIN_PAGE_FIELDS
};

static const struct param page_params[] = { ADMIN_PAGE_PARAMS(struct page_in) };

static err admin_approvals(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct ciba_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    str after;
    TRY(cursor_read(t, "approvals", in->cursor, &after));
    TRY(ciba_page(t, after, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        json_str(j, "object", STR("approval"));
        json_str(j, "id", rows[i].id.v);
        json_str(j, "client", rows[i].client_id.v);
        json_str(j, "user", rows[i].user_id.v);
        json_str(j, "scope", rows[i].scope);
        json_str_or_null(j, "binding_message", rows[i].binding_message);
        json_time(j, "expires_at", rows[i].expires_at);
        json_close(j);
    }
    list_end(t, j, "approvals", n > limit, shown ? rows[shown - 1].id.v : STR_NONE);
    return OK;
}

const struct route admin_approvals_route =
    ADMIN_ROUTE(GET, "/admin/v1/approvals", GUARD_ADMIN_USERS, BODY_NONE, INPUT(struct page_in, page_params),
                .answer = "Page<Approval>", .handle = admin_approvals,
                .summary = "List the requests that wait for their person (CIBA)");

static err admin_approval_deny(struct task *t, const struct request *rq, struct response *rs)
{
    bool known;
    TRY(ciba_decide(t, admin_of(rq)->actor, request_path_param(rq, "approval"), false, &known));
    if (!known)
        return FAIL(t, NOT_FOUND, "no such request waits");
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_approval_deny_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/approvals/{approval}", GUARD_ADMIN_USERS, BODY_NONE, .handle = admin_approval_deny,
                .done = "204", .summary = "Refuse such a request in the person's place");
