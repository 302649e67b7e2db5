/* /v1/payout_schedules: what is available is paid out at agreed times; the owner agrees by a mailed code. */
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/payout/payout_schedule.h"
#include "paysrv/flow/payout/payout_schedule_object.h"
#include "paysrv/guards.h"
#include "paysrv/order_request.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/payout_schedule.sql.h"

struct schedule_in {
    str user, requisite, currency, every, at, zone;
    int64_t day, minimum;
    bool any_day;
};

static const struct param schedule_params[] = {
    P_STR(struct schedule_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct schedule_in, requisite, .need = REQUIRED, .set = ID, .min = 1, .max = 64),
    P_STR(struct schedule_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct schedule_in, every, .need = REQUIRED, .set = ID, .min = 1, .max = 10, .words = "day week month"),
    P_I64(struct schedule_in, day, .need = OPTIONAL, .low = 1, .high = 31),
    P_STR(struct schedule_in, at, .need = REQUIRED, .set = TOKEN, .min = 5, .max = 5),
    P_STR(struct schedule_in, zone, .need = REQUIRED, .set = TOKEN, .min = 1, .max = 64),
    P_BOOL(struct schedule_in, any_day, .need = OPTIONAL),
    P_I64(struct schedule_in, minimum, .need = OPTIONAL, .low = 1, .high = PAYOUT_MAX_MINOR, .fallback = 1),
};

static err create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct schedule_in *in = rq->in;
    struct schedule_order order = { .user = in->user,
                                    .requisite = in->requisite,
                                    .currency = in->currency,
                                    .zone = in->zone,
                                    .when = { .day = (int)in->day, .settles = !in->any_day },
                                    .minimum_minor = in->minimum };
    struct once once;
    struct answer answer;
    TRY(once_of(t, rq, true, &once));
    if (!schedule_unit_parse(in->every, &order.when.unit))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("every"), STR("day, week or month"));
    if (!schedule_time_parse(in->at, &order.when.minute))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("at"), STR("a time of the day: 09:30"));
    TRY(schedules_request(t, caller_of(rq), &order, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

static err confirm(struct task *t, const struct request *rq, struct response *rs)
{
    return code_order_answer(t, rq, rs, "schedule", schedules_confirm);
}

static err set(struct task *t, const struct request *rq, struct response *rs, str to)
{
    struct once once;
    struct answer answer;
    TRY(once_of(t, rq, false, &once));
    TRY(schedules_set(t, caller_of(rq), request_path_param(rq, "schedule"), to, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

static err pause_post(struct task *t, const struct request *rq, struct response *rs)
{
    return set(t, rq, rs, STR("paused"));
}

static err resume(struct task *t, const struct request *rq, struct response *rs)
{
    return set(t, rq, rs, STR("active"));
}

static err end(struct task *t, const struct request *rq, struct response *rs)
{
    return set(t, rq, rs, STR("ended"));
}

static err read(struct task *t, const struct request *rq, struct response *rs)
{
    str document;
    TRY(schedules_read(t, caller_of(rq), request_path_param(rq, "schedule"), &document));
    reply_raw(rs, 200, "application/json", document);
    return OK;
}

struct page_in {
    PAGE_FIELDS
    str user;
};

static const struct param page_params[] = {
    PAGE_PARAMS(struct page_in),
    P_STR(struct page_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
};

/* As of the parts of a payment: nothing said, a page is as long as it may be, for few users have more. */
static err page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct page_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct user_find_row *owner;
    const struct payout_schedule_find_row *rows;
    size_t limit = parts_limit(in->limit), n;
    str before;
    TRY(party_user(t, c, in->user, &owner));
    TRY(cursor_read(t, "payout_schedules", c->partner, in->cursor, &before));
    TRY(payout_schedule_list(t, c->partner, owner->user_id, before, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        schedule_write(j, t, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "payout_schedules", c->partner, n > limit, shown ? rows[shown - 1].schedule_id : STR_NONE);
    return OK;
}

#define SCHEDULE_ROUTE .guard = &GUARD_PAYOUTS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true

const struct route payout_schedule_create_route = { SCHEDULE_ROUTE,
                                                    .method = POST,
                                                    .path = "/v1/payout_schedules",
                                                    .body = BODY_JSON,
                                                    INPUT(struct schedule_in, schedule_params),
                                                    .needs_key = true,
                                                    .handle = create,
                                                    .answer = "PayoutSchedule",
                                                    .done = "201",
                                                    .summary = "Ask for payouts by schedule; a code is mailed" };

const struct route payout_schedule_confirm_route = { SCHEDULE_ROUTE,
                                                     .method = POST,
                                                     .path = "/v1/payout_schedules/{schedule}/confirm",
                                                     .body = BODY_JSON,
                                                     INPUT(struct code_in, code_params),
                                                     .needs_key = true,
                                                     .handle = confirm,
                                                     .answer = "PayoutSchedule",
                                                     .summary = "Put a schedule in force with the mailed code" };

const struct route payout_schedule_pause_route = { SCHEDULE_ROUTE,
                                                   .method = POST,
                                                   .path = "/v1/payout_schedules/{schedule}/pause",
                                                   .body = BODY_NONE,
                                                   .handle = pause_post,
                                                   .answer = "PayoutSchedule",
                                                   .summary = "Pause a schedule" };

const struct route payout_schedule_resume_route = { SCHEDULE_ROUTE,
                                                    .method = POST,
                                                    .path = "/v1/payout_schedules/{schedule}/resume",
                                                    .body = BODY_NONE,
                                                    .handle = resume,
                                                    .answer = "PayoutSchedule",
                                                    .summary = "Go on with a schedule that is paused" };

const struct route payout_schedule_end_route = { SCHEDULE_ROUTE,
                                                 .method = POST,
                                                 .path = "/v1/payout_schedules/{schedule}/end",
                                                 .body = BODY_NONE,
                                                 .handle = end,
                                                 .answer = "PayoutSchedule",
                                                 .summary = "End a schedule" };

const struct route payout_schedule_read_route = { SCHEDULE_ROUTE,
                                                  .method = GET,
                                                  .path = "/v1/payout_schedules/{schedule}",
                                                  .body = BODY_NONE,
                                                  .handle = read,
                                                  .answer = "PayoutSchedule",
                                                  .summary = "Read a schedule, with its last times" };

const struct route payout_schedule_page_route = { SCHEDULE_ROUTE,
                                                  .method = GET,
                                                  .path = "/v1/payout_schedules",
                                                  .body = BODY_NONE,
                                                  INPUT(struct page_in, page_params),
                                                  .handle = page,
                                                  .answer = "Page<PayoutSchedule>",
                                                  .summary = "List the schedules of a user, newest first" };
