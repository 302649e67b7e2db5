/* /operator/requests: what a partner asked for in the last 30 days, or one request by its id, whoever made it. */
#include "paysrv/faults.h"
#include "paysrv/flow/request_log.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/operator_hooks.sql.h"
#include "paysrv/store/request_log.sql.h"
#include "web/operator/pages.h"

struct requests_in {
    str request, partner, status, method, path, code, object, key, before;
};

static const struct param requests_params[] = {
    P_STR(struct requests_in, request, .need = OPTIONAL, .set = LINE, .max = 100),
    P_STR(struct requests_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct requests_in, status, .need = OPTIONAL, .set = LINE, .max = 3),
    P_STR(struct requests_in, method, .need = OPTIONAL, .set = LINE, .max = 6),
    P_STR(struct requests_in, path, .need = OPTIONAL, .set = LINE, .max = 300),
    P_STR(struct requests_in, code, .need = OPTIONAL, .set = LINE, .max = 60),
    P_STR(struct requests_in, object, .need = OPTIONAL, .set = LINE, .max = 64),
    P_STR(struct requests_in, key, .need = OPTIONAL, .set = LINE, .max = 255),
    P_STR(struct requests_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static struct operator_request_row row_of(struct task *t, const struct request_log_find_row *r)
{
    return (struct operator_request_row){
        .id = r->request_id,
        .time = instant_text(t->arena, r->created_at),
        .time_iso = instant_iso(t->arena, r->created_at),
        .client = str_given(r->actor) ? arena_printf(t->arena, "%.*s: %.*s", STR_ARG(r->client_id), STR_ARG(r->actor))
                                      : r->client_id,
        .method = r->method,
        .path = r->path,
        .look = r->status < 400   ? STR("ok")
                : r->status < 500 ? STR("pending")
                                  : STR("failed"),
        .status = r->status,
        .duration = arena_printf(t->arena, "%lld.%lld ms", (long long)(r->elapsed_us / 1000),
                                 (long long)(r->elapsed_us % 1000 / 100)),
        .code = r->code,
        .object = r->object_id,
        .object_url = operator_object(t, r->object_id),
        .key = r->idem_key,
        .version = r->api_version,
        .problem = r->problem,
    };
}

static void rows_show(struct task *t, const struct request_log_find_row *rows, size_t n,
                      struct page_operator_requests *page)
{
    struct operator_request_row *items = arena_array(t->arena, struct operator_request_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = row_of(t, &rows[i]);
    page->requests.items = items;
    page->requests.n = n;
}

/* By its id alone: whose it was says the log. */
static err one_read(struct task *t, const struct requests_in *in, struct page_operator_requests *page)
{
    const struct request_log_owner_row *owner;
    const struct request_log_find_row *row = NULL;
    TRY(request_log_owner(t, in->request, &owner));
    if (owner)
        TRY(request_log_find(t, in->request, owner->partner_id, &row));
    if (!row)
        return OK;
    page->partner = owner->partner_id.v;
    rows_show(t, row, 1, page);
    return OK;
}

static err list_read(struct task *t, const struct requests_in *in, struct page_operator_requests *page)
{
    const struct operator_query queries[] = { { "partner", in->partner }, { "status", in->status },
                                              { "method", in->method },   { "path", in->path },
                                              { "code", in->code },       { "object", in->object },
                                              { "key", in->key } };
    const struct operator_list list = { .name = "operator requests",
                                        .path = STR("/operator/requests"),
                                        .queries = queries,
                                        .n_queries = sizeof queries / sizeof queries[0] };
    const struct request_wish wish = { .method = operator_wish(in->method),
                                       .path = operator_wish(in->path),
                                       .code = operator_wish(in->code),
                                       .object = operator_wish(in->object),
                                       .key = operator_wish(in->key),
                                       .status = operator_wish(in->status) };
    struct request_place place;
    struct request_found found;
    str position;
    TRY(operator_position(t, &list, in->before, &position));
    bool is_first = !str_given(position);
    if (!is_first && !request_place_parse(position, &place))
        return FAIL(t, INTERNAL, "a sealed cursor without a place");
    TRY(request_log_search(t, (partner_id){ in->partner }, &wish, is_first ? NULL : &place, OPERATOR_ROWS, &found));
    rows_show(t, found.rows, found.n, page);
    page->older_url = operator_older(t, &list, found.has_more, request_place_text(t, &found.next));
    if (found.is_cut) {
        page->looked_until = instant_text(t->arena, found.next.at);
        page->looked_iso = instant_iso(t->arena, found.next.at);
    }
    return OK;
}

static err requests_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct requests_in *in = rq->in;
    str_array partners;
    TRY(operator_partners(t, &partners));
    struct page_operator_requests page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .partners = { partners.items, partners.n },
        .request = in->request,
        .partner = in->partner,
        .status = in->status,
        .method = in->method,
        .path = in->path,
        .code = in->code,
        .object = in->object,
        .key = in->key,
        .is_asked = in->request.n || in->partner.n,
    };
    err e = in->request.n ? one_read(t, in, &page) : in->partner.n ? list_read(t, in, &page) : OK;
    if (e && !err_is(e, &FAULT_INVALID_PARAMETER))
        return e;
    if (e) /* what was asked for stays in the form, with what is wrong about it */
        page.problem = arena_printf(t->arena, "%.*s: %.*s", STR_ARG(e->param), STR_ARG(e->explain));
    page_operator_requests(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_requests_route = {
    .method = GET,
    .path = "/operator/requests",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct requests_in, requests_params),
    .handle = requests_page,
    .summary = "Requests of a partner, or one by its id",
};
