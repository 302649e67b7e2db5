/* See bank_exchange.h; docs/protocol/acquirer.md, The bank; MONEY 4, 6.A13; SECURITY L 309, 310. */
#include "paysrv/flow/bank/bank_exchange.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/bank_answer.h"
#include "paysrv/domain/bank/bank_file.h"
#include "paysrv/faults.h"
#include "paysrv/flow/bank/bank_export.h"
#include "paysrv/flow/bank/bank_import.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/flow/transfer/repayment.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/payout.sql.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/json_in.h"

#define CALL_LIMIT SECONDS(15)
#define ORDER_MAX_BYTES (16u << 20)
#define XML "application/xml"
#define TEXT_1251 "text/plain; charset=windows-1251"
#define TEXT_UTF8 "text/plain; charset=utf-8"
#define FILES_PER_ROUND 20
#define CHANNEL STR("bank")
#define ASIDE_MAX_BYTES ((size_t)64 << 20) /* for an order or a file of the greatest size */

void bank_call(struct task *t, const char *method, str path, const char *type, str body, struct fetch_answer *ret)
{
    const struct app *app = t->app;
    const struct fetch_header headers[] = {
        { "Authorization", arena_printf(t->arena, "Bearer %.*s", STR_ARG(app->config.bank_key_file.hidden)) },
        { "Content-Type", str_of(type) },
    };
    const struct fetch_request rq = {
        .method = method,
        .url = arena_printf(t->arena, "%.*s%.*s", STR_ARG(app->config.bank_url), STR_ARG(path)),
        .headers = headers,
        .n_headers = str_given(body) ? 2 : 1,
        .body = body,
        .max_bytes = BANK_ANSWER_MAX_BYTES,
        .limit = CALL_LIMIT,
        .is_ours = true,
    };
    fetch(t, &rq, ret);
}

/* ---- orders out ---- */

static err order_lost(struct task *t, str msg_id, str why)
{
    const struct batch_payouts_row *rows;
    size_t n;
    int64_t affected;
    TRY(batch_payouts(t, msg_id, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        bool done;
        TRY(payout_step_lose_sight(t, rows[i].partner_id, rows[i].payout_id, NULL, &done));
    }
    TRY(batch_repayments_lose_sight(t, msg_id));
    const struct bank_break_open_args args = { .kind = STR("unanswered"), .ref = msg_id, .detail = why };
    return bank_break_open(t, &args, &affected);
}

static err order_refused(struct task *t, str msg_id, int status)
{
    const struct bank_break_open_args args = {
        .kind = STR("refused"),
        .ref = msg_id,
        .detail = arena_printf(t->arena, "the bank does not take the order: HTTP %d", status),
    };
    int64_t affected;
    return bank_break_open(t, &args, &affected);
}

static const char *type_of(str format)
{
    if (str_eq(format, bank_format_name(BANK_FORMAT_PAIN_001)))
        return XML;
    return str_eq(format, bank_format_name(BANK_FORMAT_1C)) ? TEXT_1251 : TEXT_UTF8;
}

/* Any later try sends the same bytes: the bank knows an order by its name. */
static err order_send(struct task *t, void *context)
{
    const struct batch_undelivered_row *row = context;
    struct buf xml;
    struct fetch_answer answer;
    int64_t affected;
    buf_init(&xml, t->arena, ORDER_MAX_BYTES);
    TRY(batch_write(t, row->msg_id, &xml));
    TRY(batch_tried(t, row->msg_id, &affected));
    if (affected == 0) /* it was answered, or given back, a moment ago */
        return OK;
    CRASH_POINT("bank.before_order");
    bank_call(t, "POST", STR("/orders"), type_of(row->format), buf_str(&xml), &answer);
    CRASH_POINT("bank.after_order");
    bool is_taken = answer.outcome == FETCH_ANSWERED && (answer.status == 200 || answer.status == 201);
    if (is_taken)
        return batch_delivered(t, row->msg_id, &affected);
    log_warn(t, "bank.order_not_taken", L_STR("order", row->msg_id), L_I64("status", answer.status),
             L_STR("why", answer.why));
    if (answer.outcome == FETCH_UNKNOWN || (answer.outcome == FETCH_ANSWERED && answer.status >= 500))
        return order_lost(t, row->msg_id,
                          STR("whether the bank has the order is not known; it is asked again with the same bytes"));
    return answer.outcome == FETCH_ANSWERED ? order_refused(t, row->msg_id, answer.status) : OK;
}

static err orders_send(struct task *t)
{
    const struct app *app = t->app;
    const struct batch_undelivered_row *rows;
    int64_t known;
    size_t n;
    TRY(batches_collect(t, BATCH_FOR_CHANNEL));
    TRY(batch_known(t, &known));
    TRY(batch_undelivered(t, &rows, &n));
    for (size_t i = 0; i < n && !app->service.is_stopping; i++) {
        struct batch_undelivered_row row = rows[i];
        err e = task_aside(t, ASIDE_MAX_BYTES, order_send, &row);
        if (e)
            log_failure(t, e); /* one order must not keep the others waiting */
    }
    return OK;
}

/* ---- files in ---- */

/* A file that will never be had keeps none of those after it: what it may have told is for a person. */
static err file_missing(struct task *t, int64_t number, const struct fetch_answer *answer)
{
    const struct bank_break_open_args args = {
        .kind = STR("refused"),
        .ref = arena_printf(t->arena, "bank file %lld", (long long)number),
        .detail = answer->is_too_large
                      ? STR("it is larger than a file may be: have the bank make it in parts, and import them")
                      : arena_printf(t->arena, "the bank lists it, and does not give it: HTTP %d", answer->status),
    };
    int64_t affected;
    TRY(bank_break_open(t, &args, &affected));
    return bank_channel_move(t, number, CHANNEL, &affected);
}

static err file_fetch(struct task *t, void *context)
{
    int64_t number = *(const int64_t *)context;
    struct fetch_answer answer;
    const struct bank_file_of_hash_row *file;
    bool is_new;
    bank_call(t, "GET", arena_printf(t->arena, "/files/%lld", (long long)number), XML, STR_NONE, &answer);
    bool is_gone = answer.outcome == FETCH_ANSWERED && (answer.status == 404 || answer.status == 410);
    if (is_gone || answer.is_too_large)
        return file_missing(t, number, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200)
        return FAIL(t, UNAVAILABLE, "the bank's file %lld: HTTP %d %.*s", (long long)number, answer.status,
                    STR_ARG(answer.why));
    err e = bank_import(t, answer.body, STR("channel"), &file, &is_new);
    if (e && !err_is(e, &FAULT_BANK_FILE_REFUSED)) /* one that is refused is a break, and the next ones are fetched */
        return e;
    int64_t affected;
    CRASH_POINT("bank.before_cursor");
    return bank_channel_move(t, number, CHANNEL, &affected);
}

static err files_fetch(struct task *t)
{
    const struct app *app = t->app;
    const struct bank_channel_read_row *channel;
    struct fetch_answer answer;
    const struct json_value *document;
    TRY(bank_channel_read(t, CHANNEL, &channel));
    bank_call(t, "GET", arena_printf(t->arena, "/files?after=%lld", (long long)channel->last_file), XML, STR_NONE,
              &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200 || !json_parse(t->arena, answer.body, &document))
        return FAIL(t, UNAVAILABLE, "the bank's list of files: HTTP %d %.*s", answer.status, STR_ARG(answer.why));
    const struct json_value *data = json_get(document, "data");
    for (size_t i = 0; i < json_size(data) && i < FILES_PER_ROUND && !app->service.is_stopping; i++) {
        int64_t number;
        if (json_get_i64(json_item(data, i), "file", &number))
            TRY(task_aside(t, ASIDE_MAX_BYTES, file_fetch, &number));
    }
    return OK;
}

err bank_exchange(struct task *t)
{
    const struct app *app = t->app;
    if (app->config.bank_url.n == 0)
        return OK;
    err e = orders_send(t), f = files_fetch(t); /* what the bank has to say does not wait for what it is to be told */
    if (e && f)
        log_failure(t, e);
    return f ? f : e;
}
