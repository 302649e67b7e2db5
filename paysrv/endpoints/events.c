/* /v1/events: what happened to a partner's objects, as it is delivered to webhook endpoints, for whoever missed one. */
#include "paysrv/domain/message/event_type.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/message/event_life.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/webhook_request.h"
#include "shared/text/shape.h"

SHAPE(event, "Event",
      "id: string, object: 'event', livemode: boolean, type: string, timestamp: time, sequence?: integer, account?: "
      "string | null, store?: string, data: EventData")

static void event_write(const struct task *t, struct json *j, const struct event_find_row *row)
{
    json_str(j, "id", row->event_id.v);
    json_str(j, "object", STR("event"));
    json_bool(j, "livemode", clock_is_live(t));
    json_str(j, "type", row->type);
    json_time(j, "timestamp", row->created_at);
    if (row->sequence > 0)
        json_i64(j, "sequence", row->sequence);
    json_str_or_null(j, "account", row->account);
    json_str(j, "store", row->store);
    json_raw(j, "data", row->data);
}

static err event_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct event_find_row *row;
    TRY(partner_itself(t, rq));
    TRY(event_find(t, caller_of(rq)->partner, (event_id){ request_path_param(rq, "event") }, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such event of this partner");
    event_write(t, reply_json(rs, 200), row);
    return OK;
}

const struct route event_read_route = {
    .method = GET,
    .path = "/v1/events/{event}",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = event_read,
    .answer = "Event",
    .summary = "Read an event",
};

struct list_in {
    str type, about;
    PAGE_FIELDS
};

static const struct param list_params[] = {
    P_STR(struct list_in, type, .need = OPTIONAL, .set = TEXT, .min = 1, .max = 60),
    P_STR(struct list_in, about, .need = OPTIONAL, .set = ID, .min = 1, .max = 60),
    PAGE_PARAMS(struct list_in),
};

/* What was there is gone: an end of the list there would look as if nothing had been. */
static err position_read(struct task *t, partner_id partner, str cursor, str *before)
{
    TRY(cursor_read(t, "events", partner, cursor, before));
    str oldest = event_oldest_kept(t);
    bool is_gone = str_given(*before) && before->n >= oldest.n && memcmp(before->p, oldest.p, oldest.n) < 0;
    return is_gone ? FAIL_PARAM(t, CURSOR_EXPIRED, STR("cursor"), STR("begin anew without one")) : OK;
}

static err rows_of(struct task *t, partner_id partner, const struct list_in *in, size_t limit,
                   const struct event_find_row **rows, size_t *n)
{
    str before;
    int64_t most = (int64_t)limit + 1;
    TRY(position_read(t, partner, in->cursor, &before));
    if (str_given(in->about))
        return event_list_of_object(t, in->about, partner, before, in->type, most, rows, n);
    return event_list(t, partner, before, in->type, most, rows, n);
}

static err event_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    partner_id partner = caller_of(rq)->partner;
    const struct event_find_row *rows;
    size_t limit = page_limit(in->limit), n;
    TRY(partner_itself(t, rq));
    if (str_given(in->type) && !event_type_exists(in->type))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("type"), STR("an event type of the documentation"));
    TRY(rows_of(t, partner, in, limit, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        event_write(t, j, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "events", partner, n > limit, shown ? rows[shown - 1].event_id.v : STR_NONE);
    return OK;
}

const struct route event_page_route = {
    .method = GET,
    .path = "/v1/events",
    .guard = &GUARD_WEBHOOKS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct list_in, list_params),
    .handle = event_page,
    .answer = "Page<Event>",
    .summary = "List events, newest first: of one type, or about one object",
};
