/* /admin/v1/resources and scopes: which APIs there are, and which scopes belong to them (RFC 8707). */
#include "authsrv/admin.h"
#include "authsrv/domain/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/flow/partner/partners.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/routes.h"
#include "authsrv/store/admin.sql.h"
#include "authsrv/store/resource.sql.h"
#include "shared/text/shape.h"

SHAPE(resource, "Resource", "object: 'resource', audience: string, scopes: string[], created_at: time")

SHAPE(scope, "Scope", "object: 'scope', scope: string, audience?: string, open: boolean")

struct page_in {
    ADMIN_PAGE_FIELDS
};

static const struct param page_params[] = { ADMIN_PAGE_PARAMS(struct page_in) };

static err admin_resources(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct resource_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    str after;
    TRY(cursor_read(t, "resources", in->cursor, &after));
    TRY(resource_page(t, after, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        json_str(j, "object", STR("resource"));
        json_str(j, "audience", rows[i].audience);
        json_words(j, "scopes", rows[i].scopes);
        json_time(j, "created_at", rows[i].created_at);
        json_close(j);
    }
    list_end(t, j, "resources", n > limit, shown ? rows[shown - 1].audience : STR_NONE);
    return OK;
}

const struct route admin_resources_route =
    ADMIN_ROUTE(GET, "/admin/v1/resources", GUARD_ADMIN_RESOURCES, BODY_NONE, INPUT(struct page_in, page_params),
                .answer = "Page<Resource>", .handle = admin_resources, .summary = "List the APIs with their scopes");

struct resource_in {
    str audience, scopes;
};

static const struct param resource_params[] = {
    P_STR(struct resource_in, audience, .need = REQUIRED, .set = URI, .max = 500),
    P_STR(struct resource_in, scopes, .need = REQUIRED, .set = WORDS, .max = 4096),
};

/* Saying the same again adds nothing and is no mistake. */
static err admin_resource_put(struct task *t, const struct request *rq, struct response *rs)
{
    const struct resource_in *in = rq->in;
    int64_t added;
    TRY(resource_add(t, admin_of(rq)->actor, in->audience, in->scopes, &added));
    struct json *j = reply_json(rs, added > 0 ? 201 : 200);
    json_str(j, "object", STR("resource"));
    json_str(j, "audience", in->audience);
    json_i64(j, "scopes_added", added);
    return OK;
}

const struct route admin_resource_put_route = ADMIN_ROUTE(
    POST, "/admin/v1/resources", GUARD_ADMIN_RESOURCES, BODY_JSON, INPUT(struct resource_in, resource_params),
    .answer = "{ object: 'resource', audience: string, scopes_added: integer }", .handle = admin_resource_put,
    .done = "200 201", .summary = "Name an API, or give it more scopes");

struct audience_in {
    str audience;
};

static const struct param audience_params[] = {
    P_STR(struct audience_in, audience, .need = REQUIRED, .set = URI, .max = 500),
};

static err admin_resource_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct audience_in *in = rq->in;
    TRY(resource_end(t, admin_of(rq)->actor, in->audience));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_resource_end_route = ADMIN_ROUTE(
    DELETE, "/admin/v1/resources", GUARD_ADMIN_RESOURCES, BODY_NONE, INPUT(struct audience_in, audience_params),
    .handle = admin_resource_end, .done = "204", .summary = "Forget an API with its scopes");

/* ---- scopes ---- */

static err admin_scopes(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct resource_scopes_row *rows;
    size_t n, limit = (size_t)in->limit;
    str after;
    TRY(cursor_read(t, "scopes", in->cursor, &after));
    TRY(scope_page(t, after, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        json_str(j, "object", STR("scope"));
        json_str(j, "scope", rows[i].scope);
        json_str(j, "audience", rows[i].audience);
        json_bool(j, "open", rows[i].is_open);
        json_close(j);
    }
    list_end(t, j, "scopes", n > limit, shown ? rows[shown - 1].scope : STR_NONE);
    return OK;
}

const struct route admin_scopes_route = ADMIN_ROUTE(
    GET, "/admin/v1/scopes", GUARD_ADMIN_RESOURCES, BODY_NONE, INPUT(struct page_in, page_params),
    .answer = "Page<Scope>", .handle = admin_scopes, .summary = "List the scopes and the APIs they belong to");

struct scope_in {
    str scope;
    bool open;
};

static const struct param scope_params[] = {
    P_STR(struct scope_in, scope, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 200),
    P_BOOL(struct scope_in, open, .need = REQUIRED),
};

/* One fact, said whole: there is nothing that a second writer could lose. */
static err admin_scope_mark(struct task *t, const struct request *rq, struct response *rs)
{
    const struct scope_in *in = rq->in;
    TRY(scope_mark(t, admin_of(rq)->actor, in->scope, in->open));
    TRY(snapshot_refresh(t));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("scope"));
    json_str(j, "scope", in->scope);
    json_bool(j, "open", in->open);
    return OK;
}

const struct route admin_scope_mark_route =
    ADMIN_ROUTE(PATCH, "/admin/v1/scopes", GUARD_ADMIN_RESOURCES, BODY_JSON, INPUT(struct scope_in, scope_params),
                .answer = "Scope", .handle = admin_scope_mark,
                .summary = "Open a scope to clients that no operator knows, or close it");

static err admin_scope_end(struct task *t, const struct request *rq, struct response *rs)
{
    TRY(scope_end(t, admin_of(rq)->actor, request_path_param(rq, "scope")));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_scope_end_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/scopes/{scope}", GUARD_ADMIN_RESOURCES, BODY_NONE, .handle = admin_scope_end,
                .done = "204", .summary = "Take a scope away from its API");
