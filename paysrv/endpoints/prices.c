/* /v1/prices: what stores sell again and again. Made and archived, never edited. */
#include "paysrv/app.h"
#include "paysrv/domain/money.h"
#include "paysrv/domain/payment/receipt.h"
#include "paysrv/domain/stores/store.h"
#include "paysrv/domain/subscription/notice.h"
#include "paysrv/domain/subscription/recurrence.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/price.sql.h"

struct price_in {
    str store, name, currency, interval;
    int64_t amount, interval_count, notice_days, notice_above;
    const struct json_value *receipt;
};

static const struct param price_params[] = {
    P_STR(struct price_in, store, .need = REQUIRED, .set = ID, .max = 40),
    P_STR(struct price_in, name, .need = REQUIRED, .set = LINE, .min = 1, .max = 200, .in_characters = true),
    P_I64(struct price_in, amount, .need = REQUIRED, .low = 0, .high = MONEY_MAX_MINOR),
    P_STR(struct price_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct price_in, interval, .need = REQUIRED, .set = ID, .max = 10, .words = "day week month year"),
    P_I64(struct price_in, interval_count, .need = OPTIONAL, .low = 1, .high = 366, .fallback = 1),
    P_I64(struct price_in, notice_days, .need = OPTIONAL, .low = 0, .high = NOTICE_DAYS_MAX, .fallback = -1),
    P_I64(struct price_in, notice_above, .need = OPTIONAL, .low = 0, .high = MONEY_MAX_MINOR, .fallback = -1),
    P_VALUE(struct price_in, receipt, .need = OPTIONAL, .type = RECEIPT_TERMS_TYPE),
};

static err price_judge(struct task *t, const struct caller *caller, const struct price_in *in)
{
    const struct payment_store_row *store;
    enum recurrence_unit unit;
    TRY(payment_store(t, STR_NONE, caller->partner, (store_id){ in->store }, caller->subject, &store));
    if (!store)
        return FAIL_PARAM(t, NOT_FOUND, STR("store"), STR("there is no such store"));
    if (str_eq(store->status, store_status_name(STORE_CLOSED)))
        return FAIL_PARAM(t, STORE_STATE, STR("store"), STR("it is closed, and nothing new begins in it"));
    if (!str_eq(store->currency, in->currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"),
                          arena_printf(t->arena, "must be the store's, %.*s", STR_ARG(store->currency)));
    if (!recurrence_unit_parse(in->interval, &unit))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("interval"), STR("must be day, week, month or year"));
    if (in->interval_count > recurrence_count_max(unit))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("interval_count"),
                          arena_printf(t->arena, "must be at most %d", (int)recurrence_count_max(unit)));
    return OK;
}

static err make_effect(struct task *t, void *context, struct answer *ret)
{
    const struct price_find_row *p = context;
    struct buf b;
    struct json j;
    int64_t affected;
    buf_init(&b, t->arena, 4096);
    json_begin(&j, &b);
    price_write(&j, p);
    json_end(&j);
    *ret = (struct answer){ .status = 201, .body = buf_str(&b) };
    const struct price_insert_args args = { .price = p->price_id,
                                            .partner = p->partner_id,
                                            .store = p->store_id,
                                            .name = p->name,
                                            .currency = p->currency,
                                            .amount = p->amount,
                                            .unit = p->unit,
                                            .unit_count = p->unit_count,
                                            .notice_days = p->notice_days_given ? &p->notice_days : NULL,
                                            .notice_above = p->notice_above_given ? &p->notice_above : NULL,
                                            .receipt = p->receipt };
    return price_insert(t, &args, &affected);
}

/* *terms absent: its invoices make no receipts. */
static err receipt_read(struct task *t, const struct price_in *in, str *terms)
{
    *terms = STR_NONE;
    if (!in->receipt)
        return OK;
    const struct receipt_verdict verdict = receipt_terms_judge(t->arena, in->receipt, terms);
    return verdict.good ? OK : FAIL_PARAM(t, INVALID_PARAMETER, verdict.param, verdict.explain);
}

static err price_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct price_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    struct once once;
    struct answer answer;
    str terms;
    bool is_answered;
    TRY(once_answered(t, rq, rs, &once, &is_answered));
    if (is_answered)
        return OK;
    TRY(price_judge(t, caller, in));
    TRY(receipt_read(t, in, &terms));
    struct price_find_row p = {
        .price_id = { ((const struct app *)t->app)->env->new_id(t->arena, "price_") },
        .partner_id = caller->partner,
        .store_id = { in->store },
        .name = in->name,
        .currency = in->currency,
        .amount = in->amount,
        .unit = in->interval,
        .unit_count = (int32_t)in->interval_count,
        .notice_days = (int32_t)in->notice_days,
        .notice_days_given = in->notice_days >= 0,
        .notice_above = in->notice_above,
        .notice_above_given = in->notice_above >= 0,
        .receipt = terms,
        .created_at = t->now,
    };
    TRY(once_run(t, caller->partner, &once, p.price_id.v, make_effect, &p, &answer));
    answer_send(rs, &answer);
    return OK;
}

struct list_in {
    str store;
    PAGE_FIELDS
};

static const struct param list_params[] = {
    P_STR(struct list_in, store, .need = OPTIONAL, .set = ID, .max = 40),
    PAGE_PARAMS(struct list_in),
};

static err price_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    const struct price_find_row *rows;
    size_t limit = page_limit(in->limit), n;
    str before;
    TRY(cursor_read(t, "prices", caller->partner, in->cursor, &before));
    TRY(price_list(t, caller->partner, before, in->store, caller->subject, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        price_write(j, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "prices", caller->partner, n > limit, shown ? rows[shown - 1].price_id.v : STR_NONE);
    return OK;
}

static err price_end(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *caller = caller_of(rq);
    const struct price_find_row *row;
    price_id id = { request_path_param(rq, "price") };
    int64_t affected;
    TRY(price_find(t, caller->partner, id, caller->subject, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such price for this caller");
    TRY(price_archive(t, caller->partner, id, &affected));
    TRY(price_find(t, caller->partner, id, caller->subject, &row));
    price_write(reply_json(rs, 200), row);
    return OK;
}

#define PRICE_ROUTE .guard = &GUARD_PAYMENTS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true
const struct route price_create_route = { PRICE_ROUTE,
                                          .method = POST,
                                          .path = "/v1/prices",
                                          .body = BODY_JSON,
                                          INPUT(struct price_in, price_params),
                                          .handle = price_create,
                                          .answer = "Price",
                                          .done = "201",
                                          .summary = "Make a price of a store" };
const struct route price_page_route = { PRICE_ROUTE,
                                        .method = GET,
                                        .path = "/v1/prices",
                                        .body = BODY_NONE,
                                        INPUT(struct list_in, list_params),
                                        .handle = price_page,
                                        .answer = "Page<Price>",
                                        .summary = "List prices, newest first" };
const struct route price_archive_route = { PRICE_ROUTE,
                                           .method = POST,
                                           .path = "/v1/prices/{price}/archive",
                                           .body = BODY_NONE,
                                           .repeatable = true,
                                           .handle = price_end,
                                           .answer = "Price",
                                           .summary = "Take no new subscriptions at a price" };
