/* /admin/v1/detail_types: types of authorization_details with their rules and sentences (RFC 9396). */
#include "authsrv/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/cursor.h"
#include "authsrv/flow/token/trust.h"
#include "authsrv/routes.h"
#include "authsrv/store/detail_type.sql.h"
#include "shared/text/shape.h"

SHAPE(detail_type, "DetailType",
      "object: 'detail_type', id: string, name: string, audience: string, sentence: string, rules: any, version: "
      "integer, created_at: time")

static void type_write(struct json *j, const struct detail_type_page_row *d)
{
    json_str(j, "object", STR("detail_type"));
    json_str(j, "id", d->id);
    json_str(j, "name", d->name);
    json_str(j, "audience", d->audience);
    json_str(j, "sentence", d->sentence);
    json_raw(j, "rules", d->rules);
    json_i64(j, "version", d->version);
    json_time(j, "created_at", d->created_at);
}

static err type_find(struct task *t, str id, const struct detail_type_page_row **ret)
{
    TRY(detail_type_show(t, id, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "type %.*s", STR_ARG(id));
}

static err type_reply(struct task *t, struct response *rs, int status, str id)
{
    const struct detail_type_page_row *row;
    TRY(type_find(t, id, &row));
    version_tag(t, rs, row->version);
    type_write(reply_json(rs, status), row);
    return OK;
}

struct page_in {
    ADMIN_PAGE_FIELDS
};

static const struct param page_params[] = { ADMIN_PAGE_PARAMS(struct page_in) };

static err admin_detail_types(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct detail_type_page_row *rows;
    size_t n, limit = (size_t)in->limit;
    str after;
    TRY(cursor_read(t, "detail_types", in->cursor, &after));
    TRY(detail_type_page(t, after, in->limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        type_write(j, &rows[i]);
        json_close(j);
    }
    list_end(t, j, "detail_types", n > limit, shown ? rows[shown - 1].name : STR_NONE);
    return OK;
}

const struct route admin_detail_types_route = ADMIN_ROUTE(
    GET, "/admin/v1/detail_types", GUARD_ADMIN_RESOURCES, BODY_NONE, INPUT(struct page_in, page_params),
    .answer = "Page<DetailType>", .handle = admin_detail_types, .summary = "List the types of authorization_details");

#define TYPE_PARAMS                                                                                                    \
    P_STR(struct detail_draft, audience, .need = REQUIRED, .set = URI, .min = 1, .max = 500),                          \
        P_STR(struct detail_draft, sentence, .need = OPTIONAL, .set = LINE, .min = 1, .max = 4096),                    \
        P_VALUE(struct detail_draft, rules, .need = OPTIONAL)

static const struct param type_new_params[] = {
    P_STR(struct detail_draft, name, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 100),
    TYPE_PARAMS,
};
static const struct param type_change_params[] = { TYPE_PARAMS };

static err admin_detail_type_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct detail_draft *d = rq->in;
    static const int64_t fresh = 0;
    bool changed;
    TRY(detail_put(t, admin_of(rq)->actor, d, &fresh, &changed));
    return type_reply(t, rs, 201, d->name);
}

const struct route admin_detail_type_create_route = ADMIN_ROUTE(
    POST, "/admin/v1/detail_types", GUARD_ADMIN_RESOURCES, BODY_JSON, INPUT(struct detail_draft, type_new_params),
    .answer = "DetailType", .handle = admin_detail_type_create, .done = "201",
    .summary = "Name a type of authorization_details; payment, payout and store_management need no rules");

static err admin_detail_type(struct task *t, const struct request *rq, struct response *rs)
{
    return type_reply(t, rs, 200, request_path_param(rq, "type"));
}

const struct route admin_detail_type_route =
    ADMIN_ROUTE(GET, "/admin/v1/detail_types/{type}", GUARD_ADMIN_RESOURCES, BODY_NONE, .answer = "DetailType",
                .handle = admin_detail_type, .summary = "Read a type of authorization_details");

static err admin_detail_type_change(struct task *t, const struct request *rq, struct response *rs)
{
    struct detail_draft d = *(const struct detail_draft *)rq->in;
    const struct detail_type_page_row *row;
    int64_t version;
    TRY(version_want(t, rq, &version));
    TRY(type_find(t, request_path_param(rq, "type"), &row));
    d.name = row->name;
    bool changed;
    TRY(detail_put(t, admin_of(rq)->actor, &d, &version, &changed));
    return type_reply(t, rs, 200, d.name);
}

const struct route admin_detail_type_change_route = ADMIN_ROUTE(
    PUT, "/admin/v1/detail_types/{type}", GUARD_ADMIN_RESOURCES, BODY_JSON,
    INPUT(struct detail_draft, type_change_params), .answer = "DetailType", .handle = admin_detail_type_change,
    .summary = "Replace all of a type of authorization_details; If-Match is needed");

static err admin_detail_type_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct detail_type_page_row *row;
    TRY(type_find(t, request_path_param(rq, "type"), &row));
    TRY(detail_remove(t, admin_of(rq)->actor, row->name));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_detail_type_end_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/detail_types/{type}", GUARD_ADMIN_RESOURCES, BODY_NONE,
                .handle = admin_detail_type_end, .done = "204", .summary = "Forget a type of authorization_details");
