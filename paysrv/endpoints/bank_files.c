/* /v1/operator/bank: files of the bank's come in, and what could not be matched is looked at and closed. */
#include "paysrv/decision_request.h"
#include "paysrv/domain/bank/bank_answer.h"
#include "paysrv/faults.h"
#include "paysrv/flow/bank/bank_import.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/settlement/settlement_book.h"
#include "paysrv/flow/transfer/transfer_lines.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/bank.sql.h"
#include "shared/base/num.h"
#include "shared/text/shape.h"

static const partner_id ALL = { { "", 0 } }; /* the operator's lists belong to no partner */

SHAPE(bank_file, "BankFile",
      "id: integer, object: 'bank_file', type: string, status: string, message_id: string, statement: "
      "string | null, lines: integer, breaks: integer, imported_by: string, created_at: time")

/* ---- files ---- */

static void file_write(struct json *j, const struct bank_file_of_hash_row *f)
{
    json_i64(j, "id", f->file_id);
    json_str(j, "object", STR("bank_file"));
    json_str(j, "type", f->kind);
    json_str(j, "status", f->state);
    json_str(j, "message_id", f->message_id);
    json_str_or_null(j, "statement", f->statement_id);
    json_i64(j, "lines", f->lines);
    json_i64(j, "breaks", f->breaks);
    json_str(j, "imported_by", f->imported_by);
    json_time(j, "created_at", f->created_at);
}

static err file_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct bank_file_of_hash_row *file;
    bool is_new;
    TRY(bank_import(t, rq->body, caller_actor(caller_of(rq)), &file, &is_new));
    file_write(reply_json(rs, is_new ? 201 : 200), file);
    return OK;
}

const struct route bank_file_create_route = {
    .method = POST,
    .path = "/v1/operator/bank/files",
    .guard = &GUARD_OPERATOR,
    .body = BODY_RAW,
    .max_body_bytes = BANK_ANSWER_MAX_BYTES,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .repeatable = true,
    .handle = file_create,
    .answer = "BankFile",
    .done = "200 201",
    .summary = "Import a pain.002, camt.054, camt.053 or 1CClientBankExchange file of the bank's",
};

struct files_in {
    PAGE_FIELDS
};

static const struct param files_params[] = { PAGE_PARAMS(struct files_in) };

/* The cursor of both lists is a number. */
static err before_read(struct task *t, const char *list, str cursor, int64_t *number, const int64_t **ret)
{
    str text;
    TRY(cursor_read(t, list, ALL, cursor, &text));
    *ret = str_given(text) && num_parse(text, number) ? number : NULL;
    return OK;
}

static err file_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct files_in *in = rq->in;
    const struct bank_file_of_hash_row *rows;
    size_t limit = page_limit(in->limit), n;
    int64_t number;
    const int64_t *before;
    TRY(before_read(t, "bank files", in->cursor, &number, &before));
    TRY(bank_file_list(t, before, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        file_write(j, &rows[i]);
        json_close(j);
    }
    str last = shown ? arena_printf(t->arena, "%lld", (long long)rows[shown - 1].file_id) : STR_NONE;
    page_end(t, j, "bank files", ALL, n > limit, last);
    return OK;
}

const struct route bank_file_page_route = {
    .method = GET,
    .path = "/v1/operator/bank/files",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct files_in, files_params),
    .handle = file_page,
    .answer = "Page<BankFile>",
    .summary = "Files that were imported from the bank, newest first",
};

struct reason_in {
    str note;
};

static const struct param reason_params[] = {
    P_STR(struct reason_in, note, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
};

static err id_read(struct task *t, const struct request *rq, const char *name, int64_t *ret)
{
    if (!num_parse(request_path_param(rq, name), ret))
        return FAIL(t, NOT_FOUND, "no number");
    return OK;
}

static err file_release(struct task *t, const struct request *rq, struct response *rs)
{
    const struct reason_in *in = rq->in;
    const struct bank_file_of_hash_row *file;
    int64_t id;
    TRY(id_read(t, rq, "file", &id));
    TRY(bank_release(t, id, caller_actor(caller_of(rq)), in->note));
    TRY(bank_file_find(t, id, &file));
    file_write(reply_json(rs, 200), file);
    return OK;
}

const struct route bank_file_release_route = {
    .method = POST,
    .path = "/v1/operator/bank/files/{file}/release",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct reason_in, reason_params),
    .repeatable = true,
    .handle = file_release,
    .answer = "BankFile",
    .summary = "Take up a statement though one before it is missing",
};

SHAPE(suggested_payment, "SuggestedPayment",
      "payment: string, partner: string, description: string, reference: string, waits: boolean, created_at: time")

SHAPE(bank_break, "BankBreak",
      "id: integer, object: 'bank_break', kind: string, reference: string, payout: string | null, payment: string | "
      "null, settlement: integer | null, amount: integer | null, currency: string | null, detail: string, status: "
      "'open' | 'closed', "
      "source: string, partner: string | null, assignee: string | null, resolution: string | null, "
      "closed_by: string | null, note: string | null, payer_name: string | null, payer_iban: string | null, "
      "remittance: string | null, suggested_payments: SuggestedPayment[], created_at: time")

/* ---- breaks ---- */

struct suggestions {
    const struct transfers_like_row *rows;
    size_t n;
};

static void suggestions_write(struct json *j, int64_t id, const struct suggestions *s)
{
    json_array(j, "suggested_payments");
    for (size_t i = 0; i < s->n; i++) {
        if (s->rows[i].break_id != id)
            continue;
        json_object(j, NULL);
        json_str(j, "payment", s->rows[i].payment_id.v);
        json_str(j, "partner", s->rows[i].partner_id.v);
        json_str(j, "description", s->rows[i].description);
        json_str(j, "reference", s->rows[i].reference);
        json_bool(j, "waits", s->rows[i].is_waiting);
        json_time(j, "created_at", s->rows[i].created_at);
        json_close(j);
    }
    json_close(j);
}

static void break_write(struct json *j, const struct bank_break_list_row *b, const struct suggestions *s)
{
    json_i64(j, "id", b->break_id);
    json_str(j, "object", STR("bank_break"));
    json_str(j, "kind", b->kind);
    json_str(j, "reference", b->ref);
    json_str_or_null(j, "payout", b->payout_id);
    json_str_or_null(j, "payment", b->payment_id);
    if (b->settlement_id_given)
        json_i64(j, "settlement", b->settlement_id);
    else
        json_null(j, "settlement");
    if (b->amount_given)
        json_i64(j, "amount", b->amount);
    else
        json_null(j, "amount");
    json_str_or_null(j, "currency", b->currency);
    json_str(j, "detail", b->detail);
    json_str(j, "status", b->closed_at_given ? STR("closed") : STR("open"));
    json_str(j, "source", b->source);
    json_str_or_null(j, "partner", b->partner_id);
    json_str_or_null(j, "assignee", b->assignee);
    json_str_or_null(j, "resolution", b->resolution);
    json_str_or_null(j, "closed_by", b->closed_by);
    json_str_or_null(j, "note", b->note);
    json_str_or_null(j, "payer_name", b->payer_name);
    json_str_or_null(j, "payer_iban", b->payer_iban);
    json_str_or_null(j, "remittance", b->remittance);
    suggestions_write(j, b->break_id, s);
    json_time(j, "created_at", b->created_at);
}

struct breaks_in {
    PAGE_FIELDS
    bool all;
};

static const struct param breaks_params[] = {
    PAGE_PARAMS(struct breaks_in),
    P_BOOL(struct breaks_in, all, .need = OPTIONAL),
};

static err break_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct breaks_in *in = rq->in;
    const struct bank_break_list_row *rows;
    size_t limit = page_limit(in->limit), n;
    int64_t number;
    const int64_t *before;
    TRY(before_read(t, "bank breaks", in->cursor, &number, &before));
    TRY(bank_break_list(t, before, !in->all, STR_NONE, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct suggestions suggestions;
    TRY(transfer_suggestions(t, rows, shown, &suggestions.rows, &suggestions.n));
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        break_write(j, &rows[i], &suggestions);
        json_close(j);
    }
    str last = shown ? arena_printf(t->arena, "%lld", (long long)rows[shown - 1].break_id) : STR_NONE;
    page_end(t, j, "bank breaks", ALL, n > limit, last);
    return OK;
}

const struct route bank_break_page_route = {
    .method = GET,
    .path = "/v1/operator/bank/breaks",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct breaks_in, breaks_params),
    .handle = break_page,
    .answer = "Page<BankBreak>",
    .summary = "What of the bank's could not be matched and is open; all=true: closed ones too",
};

static err break_show(struct task *t, const struct request *rq, struct response *rs)
{
    const struct bank_break_list_row *row;
    struct suggestions suggestions;
    int64_t id;
    TRY(id_read(t, rq, "break", &id));
    TRY(bank_break_find(t, id, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such break");
    TRY(transfer_suggestions(t, row, 1, &suggestions.rows, &suggestions.n));
    break_write(reply_json(rs, 200), row, &suggestions);
    return OK;
}

const struct route bank_break_get_route = {
    .method = GET,
    .path = "/v1/operator/bank/breaks/{break}",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = break_show,
    .answer = "BankBreak",
    .summary = "One of what could not be matched, open or not",
};

static err break_close(struct task *t, const struct request *rq, struct response *rs)
{
    const struct reason_in *in = rq->in;
    const struct bank_break_list_row *row;
    int64_t id;
    TRY(id_read(t, rq, "break", &id));
    TRY(break_end(t, id, caller_actor(caller_of(rq)), in->note));
    TRY(bank_break_find(t, id, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such break");
    break_write(reply_json(rs, 200), row, &(struct suggestions){ .n = 0 }); /* it is closed */
    return OK;
}

const struct route bank_break_close_route = {
    .method = POST,
    .path = "/v1/operator/bank/breaks/{break}/close",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct reason_in, reason_params),
    .repeatable = true,
    .handle = break_close,
    .answer = "BankBreak",
    .summary = "Close what was looked at, with a note",
};
