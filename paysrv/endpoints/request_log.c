/* /v1/request_log: what a partner asked for in the last 30 days, for his developers to find a call again. */
#include "paysrv/flow/request_log.h"

#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/request_log.sql.h"
#include "paysrv/webhook_request.h"
#include "shared/text/shape.h"

#define LIST "request_log"

SHAPE(logged_request, "LoggedRequest",
      "id: string, object: 'request', created_at: time, client: string, actor: string | null, method: string, path: "
      "string, route: string, status: integer, duration_us: integer, api_version: string | null, idempotency_key: "
      "string | null, "
      "about: string | null, parent: string | null, error_code: string | null, problem: Problem | null")

static void request_write(struct json *j, const struct request_log_find_row *row)
{
    json_str(j, "id", row->request_id);
    json_str(j, "object", STR("request"));
    json_time(j, "created_at", row->created_at);
    json_str(j, "client", row->client_id);
    json_str_or_null(j, "actor", row->actor);
    json_str(j, "method", row->method);
    json_str(j, "path", row->path);
    json_str(j, "route", row->route);
    json_i64(j, "status", row->status);
    json_i64(j, "duration_us", row->elapsed_us);
    json_str_or_null(j, "api_version", row->api_version);
    json_str_or_null(j, "idempotency_key", row->idem_key);
    json_str_or_null(j, "about", row->object_id);
    json_str_or_null(j, "parent", row->parent_id);
    json_str_or_null(j, "error_code", row->code);
    if (str_given(row->problem))
        json_raw(j, "problem", row->problem);
    else
        json_null(j, "problem");
}

static err request_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct request_log_find_row *row;
    TRY(partner_itself(t, rq));
    TRY(request_log_find(t, request_path_param(rq, "request"), caller_of(rq)->partner, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such request of this partner");
    request_write(reply_json(rs, 200), row);
    return OK;
}

#define REQUEST_ROUTE                                                                                                  \
    .method = GET, .guard = &GUARD_WEBHOOKS, .body = BODY_NONE, .run = RUN_WORKER, .errors = ERRORS_PROBLEM,           \
    .no_store = true

const struct route request_read_route = { REQUEST_ROUTE, .path = "/v1/request_log/{request}", .handle = request_read,
                                          .answer = "LoggedRequest",
                                          .summary = "Read what became of a request, by its X-Request-Id" };

struct list_in {
    str status, method, path, object, idempotency_key, error_code, from, to;
    PAGE_FIELDS
};

static const struct param list_params[] = {
    P_STR(struct list_in, status, .need = OPTIONAL, .set = ID, .min = 3, .max = 3),
    P_STR(struct list_in, method, .need = OPTIONAL, .set = TOKEN, .min = 3, .max = 6),
    P_STR(struct list_in, path, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 300),
    P_STR(struct list_in, object, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct list_in, idempotency_key, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 255),
    P_STR(struct list_in, error_code, .need = OPTIONAL, .set = ID, .min = 1, .max = 60),
    P_STR(struct list_in, from, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 40),
    P_STR(struct list_in, to, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 40),
    PAGE_PARAMS(struct list_in),
};

/* The position is a time and a number; absent: the beginning. */
static err place_read(struct task *t, partner_id partner, str cursor, struct request_place *place,
                      const struct request_place **ret)
{
    str text;
    TRY(cursor_read(t, LIST, partner, cursor, &text));
    *ret = str_given(text) ? place : NULL;
    if (str_given(text) && !request_place_parse(text, place))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cursor"), STR("next_cursor of an earlier page of this list"));
    return OK;
}

static err request_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const partner_id partner = caller_of(rq)->partner;
    const struct request_wish wish = { .method = in->method,
                                       .path = in->path,
                                       .code = in->error_code,
                                       .object = in->object,
                                       .key = in->idempotency_key,
                                       .status = in->status,
                                       .from = in->from,
                                       .to = in->to };
    const struct request_place *before;
    struct request_place place;
    struct request_found found;
    TRY(partner_itself(t, rq));
    TRY(place_read(t, partner, in->cursor, &place, &before));
    TRY(request_log_search(t, partner, &wish, before, page_limit(in->limit), &found));
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < found.n; i++) {
        json_object(j, NULL);
        request_write(j, &found.rows[i]);
        json_close(j);
    }
    page_end(t, j, LIST, partner, found.has_more, request_place_text(t, &found.next));
    return OK;
}

const struct route request_page_route = { REQUEST_ROUTE,
                                          .path = "/v1/request_log",
                                          INPUT(struct list_in, list_params),
                                          .handle = request_page,
                                          .answer = "Page<LoggedRequest>",
                                          .summary = "Search the requests of the last 30 days, newest first" };
