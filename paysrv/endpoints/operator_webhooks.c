/* /operator/webhooks: partners' endpoints, whether they answer and what waits; one with its deliveries, to be repeated.
 */
#include "paysrv/domain/message/webhook.h"
#include "paysrv/faults.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "paysrv/store/operator_hooks.sql.h"
#include "paysrv/words.h"
#include "web/operator/pages.h"

/* ---- the list ---- */

struct list_in {
    str partner, before;
};

static const struct param list_params[] = {
    P_STR(struct list_in, partner, .need = OPTIONAL, .set = LINE, .max = 63),
    P_STR(struct list_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static struct operator_endpoint_row endpoint_of(struct task *t, const struct webhook_endpoint_page_row *r)
{
    return (struct operator_endpoint_row){
        .url = operator_link(t, "webhooks", r->webhook_endpoint_id.v),
        .address = r->url,
        .partner = r->partner_id.v,
        .store = r->store_id,
        .is_disabled = r->disabled_at_given,
        .why = r->disabled_why,
        .failures = r->failures,
        .at_once = r->at_once,
        .waiting = webhook_counted(t->arena, r->waiting),
        .oldest = r->oldest_given ? instant_text(t->arena, r->oldest) : STR_NONE,
        .oldest_iso = r->oldest_given ? instant_iso(t->arena, r->oldest) : STR_NONE,
        .failed = webhook_counted(t->arena, r->failed),
    };
}

static err list_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct operator_query queries[] = { { "partner", in->partner } };
    const struct operator_list list = {
        .name = "operator webhooks", .path = STR("/operator/webhooks"), .queries = queries, .n_queries = 1
    };
    const struct webhook_endpoint_page_row *rows;
    str position;
    size_t found;
    TRY(operator_position(t, &list, in->before, &position));
    TRY(webhook_endpoint_page(t, WEBHOOK_COUNT_MOST, operator_wish(in->partner), position, OPERATOR_ROWS + 1, &rows,
                              &found));
    size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    struct operator_endpoint_row *items = arena_array(t->arena, struct operator_endpoint_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = endpoint_of(t, &rows[i]);
    str_array partners;
    TRY(operator_partners(t, &partners));
    const struct page_operator_webhooks page = {
        OPERATOR_FRAME((const struct operator_session *)rq->caller),
        .partners = { partners.items, partners.n },
        .partner = in->partner,
        .endpoints = { items, n },
        .older_url = operator_older(t, &list, found > n, n ? rows[n - 1].webhook_endpoint_id.v : STR_NONE),
    };
    page_operator_webhooks(reply_html(rs, 200), &page);
    return OK;
}

#define HOOK_ROUTE .guard = &GUARD_OPERATOR_SESSION, .run = RUN_WORKER, .errors = ERRORS_PAGE, .no_store = true

const struct route operator_webhooks_route = { HOOK_ROUTE,
                                               INPUT(struct list_in, list_params),
                                               .method = GET,
                                               .body = BODY_NONE,
                                               .path = "/operator/webhooks",
                                               .handle = list_page,
                                               .summary = "Webhook endpoints with what waits and what failed" };

/* ---- one ---- */

struct one_in {
    str state, replayed, before;
};

static const struct param one_params[] = {
    P_STR(struct one_in, state, .need = OPTIONAL, .set = ID, .max = 10),
    P_STR(struct one_in, replayed, .need = OPTIONAL, .set = ID, .max = 64),
    P_STR(struct one_in, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static struct operator_delivery_row delivery_of(struct task *t, const struct webhook_delivery_page_row *r, bool is_on)
{
    bool waits = str_eq(r->status, STR("pending"));
    return (struct operator_delivery_row){
        .event = r->event_id.v,
        .type = r->type,
        .object = r->object_id,
        .object_url = operator_object(t, r->object_id),
        .status = r->status,
        .status_text = word_of_delivery(r->status),
        .attempts = r->attempts,
        .answered = r->answered_given && r->answered ? arena_printf(t->arena, "%d", (int)r->answered) : STR_NONE,
        .why = r->why,
        .excerpt = r->excerpt,
        .time = instant_text(t->arena, r->created_at),
        .time_iso = instant_iso(t->arena, r->created_at),
        .next = waits && is_on ? instant_text(t->arena, r->due_at) : STR_NONE,
        .next_iso = waits && is_on ? instant_iso(t->arena, r->due_at) : STR_NONE,
        .can_replay = !waits,
    };
}

static err deliveries_read(struct task *t, const struct one_in *in, webhook_endpoint_id id,
                           struct page_operator_webhook *page)
{
    const struct operator_query queries[] = { { "state", in->state } };
    const struct operator_list list = {
        .name = arena_cstr(t->arena, arena_printf(t->arena, "deliveries %.*s", STR_ARG(id.v))),
        .path = operator_link(t, "webhooks", id.v),
        .queries = queries,
        .n_queries = 1,
    };
    const struct webhook_delivery_page_row *rows;
    str position;
    size_t found;
    page->is_failed_only = str_eq(in->state, STR("failed"));
    TRY(operator_position(t, &list, in->before, &position));
    TRY(webhook_delivery_page(t, page->is_failed_only, id, position, OPERATOR_ROWS + 1, &rows, &found));
    size_t n = found < OPERATOR_ROWS ? found : OPERATOR_ROWS;
    struct operator_delivery_row *items = arena_array(t->arena, struct operator_delivery_row, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = delivery_of(t, &rows[i], !page->is_disabled);
    page->deliveries.items = items;
    page->deliveries.n = n;
    page->older_url = operator_older(t, &list, found > n, n ? rows[n - 1].event_id.v : STR_NONE);
    page->all_url = list.path;
    page->failed_url = arena_printf(t->arena, "%.*s?state=failed", STR_ARG(list.path));
    return OK;
}

static err one_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct one_in *in = rq->in;
    const struct operator_session *who = rq->caller;
    const webhook_endpoint_id id = { request_path_param(rq, "endpoint") };
    const struct webhook_endpoint_any_row *w;
    TRY(webhook_endpoint_any(t, id, &w));
    if (!w)
        return FAIL(t, NOT_FOUND, "no such endpoint");
    struct page_operator_webhook page = {
        OPERATOR_FRAME(who),
        .id = id.v,
        .address = w->url,
        .partner_name = w->partner_name,
        .store = w->store_id,
        .store_url = operator_link(t, "stores", w->store_id),
        .contact = w->contact_email,
        .events = { w->events.items, w->events.n },
        .is_disabled = w->disabled_at_given,
        .disabled = w->disabled_at_given ? instant_text(t->arena, w->disabled_at) : STR_NONE,
        .disabled_iso = w->disabled_at_given ? instant_iso(t->arena, w->disabled_at) : STR_NONE,
        .why = w->disabled_why,
        .failures = w->failures,
        .created = instant_text(t->arena, w->created_at),
        .created_iso = instant_iso(t->arena, w->created_at),
        .action = who->only_looks ? STR_NONE : arena_printf(t->arena, "/operator/webhooks/%.*s/replay", STR_ARG(id.v)),
        .replayed = operator_wish(in->replayed),
        .audit_url = arena_printf(t->arena, "/operator/audit?object=%.*s", STR_ARG(id.v)),
    };
    TRY(deliveries_read(t, in, id, &page));
    page_operator_webhook(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_webhook_route = { HOOK_ROUTE,
                                              INPUT(struct one_in, one_params),
                                              .method = GET,
                                              .body = BODY_NONE,
                                              .path = "/operator/webhooks/{endpoint}",
                                              .handle = one_page,
                                              .summary = "A webhook endpoint with its deliveries" };

/* ---- again ---- */

struct replay_in {
    str csrf, event;
};

static const struct param replay_params[] = {
    P_STR(struct replay_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct replay_in, event, .need = REQUIRED, .set = ID, .min = 1, .max = 64),
};

static err replay_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct replay_in *in = rq->in;
    const webhook_endpoint_id id = { request_path_param(rq, "endpoint") };
    const struct webhook_endpoint_any_row *w;
    const struct webhook_delivery_replay_row *again;
    TRY(operator_form(t, rq->caller, in->csrf));
    TRY(webhook_endpoint_any(t, id, &w));
    if (!w)
        return FAIL(t, NOT_FOUND, "no such endpoint");
    TRY(webhook_delivery_replay(t, id, (event_id){ in->event }, w->partner_id.v, &again));
    if (again->n == 0)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("event"), STR("one that this endpoint had"));
    reply_see_other(rs,
                    arena_printf(t->arena, "/operator/webhooks/%.*s?replayed=%.*s", STR_ARG(id.v), STR_ARG(in->event)));
    return OK;
}

const struct route operator_replay_route = { HOOK_ROUTE,
                                             INPUT(struct replay_in, replay_params),
                                             .method = POST,
                                             .body = BODY_FORM,
                                             .path = "/operator/webhooks/{endpoint}/replay",
                                             .handle = replay_post,
                                             .summary = "Deliver an event again to one endpoint" };
