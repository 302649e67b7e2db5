/* /v1/operator/settlements, /v1/operator/bank/breaks/{break}/assign, /resolve, /credit and /send: the acquirer's
 * registries, and what a person does about what did not fit. */
#include "paysrv/decision_request.h"
#include "paysrv/domain/settlement/settlement_file.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/settlement/settlement_book.h"
#include "paysrv/flow/settlement/settlement_import.h"
#include "paysrv/flow/transfer/transfer.h"
#include "paysrv/flow/transfer/transfer_lines.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/base/num.h"
#include "shared/text/shape.h"

#define LIST "settlements"

static const partner_id ALL = { { "", 0 } }; /* the operator's lists belong to no partner */

SHAPE(acquirer_settlement, "AcquirerSettlement",
      "id: integer, object: 'acquirer_settlement', name: string, status: string, currency: string, "
      "gross: integer, fee: integer, net: integer, transfer?: string, lines: integer, breaks: "
      "integer, acquirer: string | null, imported_by: string, created_at: time")

/* ---- registries ---- */

static void settlement_write(struct json *j, const struct settlement_find_row *s)
{
    json_i64(j, "id", s->settlement_id);
    json_str(j, "object", STR("acquirer_settlement"));
    json_str(j, "name", s->acquirer_ref);
    json_str(j, "status", s->state);
    json_str(j, "currency", s->currency);
    json_i64(j, "gross", s->gross);
    json_i64(j, "fee", s->fee);
    json_i64(j, "net", s->net);
    json_str(j, "transfer", s->transfer_ref);
    json_i64(j, "lines", s->lines);
    json_i64(j, "breaks", s->breaks);
    json_str_or_null(j, "acquirer", s->acquirer);
    json_str(j, "imported_by", s->imported_by);
    json_time(j, "created_at", s->created_at);
}

struct create_in {
    str acquirer;
};

static const struct param create_params[] = {
    P_STR(struct create_in, acquirer, .need = OPTIONAL, .set = ID, .min = 1, .max = 40),
};

static err settlement_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct settlement_find_row *s;
    bool is_new;
    const struct create_in *in = rq->in;
    TRY(settlement_import(t, in->acquirer.n ? in->acquirer : STR_NONE, rq->body, caller_actor(caller_of(rq)), &s,
                          &is_new));
    settlement_write(reply_json(rs, is_new ? 201 : 200), s);
    return OK;
}

const struct route acquirer_settlement_create_route = {
    .method = POST,
    .path = "/v1/operator/settlements",
    .guard = &GUARD_OPERATOR,
    .body = BODY_RAW,
    .max_body_bytes = SETTLEMENT_MAX_BYTES,
    .media = "text/csv",
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct create_in, create_params),
    .repeatable = true,
    .handle = settlement_create,
    .answer = "AcquirerSettlement",
    .done = "200 201",
    .summary = "Import a registry of the acquirer's (CSV)",
};

struct list_in {
    PAGE_FIELDS
};

static const struct param list_params[] = { PAGE_PARAMS(struct list_in) };

static err settlement_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct settlement_find_row *rows;
    size_t limit = page_limit(in->limit), n;
    int64_t number;
    str position;
    TRY(cursor_read(t, LIST, ALL, in->cursor, &position));
    const int64_t *before = str_given(position) && num_parse(position, &number) ? &number : NULL;
    TRY(settlement_list(t, before, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        settlement_write(j, &rows[i]);
        json_close(j);
    }
    str last = shown ? arena_printf(t->arena, "%lld", (long long)rows[shown - 1].settlement_id) : STR_NONE;
    page_end(t, j, LIST, ALL, n > limit, last);
    return OK;
}

const struct route acquirer_settlement_page_route = {
    .method = GET,
    .path = "/v1/operator/settlements",
    .guard = &GUARD_OPERATOR,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct list_in, list_params),
    .handle = settlement_page,
    .answer = "Page<AcquirerSettlement>",
    .summary = "Registries of the acquirer's, newest first",
};

/* ---- breaks ---- */

static err id_read(struct task *t, const struct request *rq, int64_t *ret)
{
    return num_parse(request_path_param(rq, "break"), ret) ? OK : FAIL(t, NOT_FOUND, "no number");
}

SHAPE(break_answer, "BreakAnswer",
      "id: integer, object: 'bank_break', kind: string, status: 'open' | 'closed', assignee: string | "
      "null, resolution: string | null, closed_by: string | null, note: string | null, manual_entry: string | null")

static err break_answer(struct task *t, int64_t id, str waits, struct response *rs)
{
    const struct bank_break_list_row *b;
    TRY(bank_break_find(t, id, &b));
    if (!b)
        return FAIL(t, NOT_FOUND, "no such break");
    struct json *j = reply_json(rs, 200);
    json_i64(j, "id", b->break_id);
    json_str(j, "object", STR("bank_break"));
    json_str(j, "kind", b->kind);
    json_str(j, "status", b->closed_at_given ? STR("closed") : STR("open"));
    json_str_or_null(j, "assignee", b->assignee);
    json_str_or_null(j, "resolution", b->resolution);
    json_str_or_null(j, "closed_by", b->closed_by);
    json_str_or_null(j, "note", b->note);
    json_str_or_null(j, "manual_entry", waits); /* that another operator has to approve */
    return OK;
}

struct assign_in {
    str to;
};

static const struct param assign_params[] = {
    P_STR(struct assign_in, to, .need = OPTIONAL, .set = LINE, .min = 1, .max = 100, .in_characters = true),
};

static err assign(struct task *t, const struct request *rq, struct response *rs)
{
    const struct assign_in *in = rq->in;
    int64_t id, affected;
    TRY(id_read(t, rq, &id));
    TRY(break_assign(t, in->to, id, &affected));
    return break_answer(t, id, STR_NONE, rs);
}

const struct route bank_break_assign_route = {
    .method = POST,
    .path = "/v1/operator/bank/breaks/{break}/assign",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct assign_in, assign_params),
    .repeatable = true,
    .handle = assign,
    .answer = "BreakAnswer",
    .summary = "Say who looks at a break; without `to` nobody",
};

struct resolve_in {
    str as, reason, partner;
};

static const struct param resolve_params[] = {
    P_STR(struct resolve_in, as, .need = REQUIRED, .set = ID, .min = 1, .max = 20),
    P_STR(struct resolve_in, reason, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
    P_STR(struct resolve_in, partner, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 63),
};

static err resolve(struct task *t, const struct request *rq, struct response *rs)
{
    const struct resolve_in *in = rq->in;
    const struct caller *c = rq->caller;
    struct break_resolution r = {
        .as = in->as, .reason = in->reason, .by = caller_actor(c), .by_name = caller_shown(c), .partner = in->partner
    };
    TRY(id_read(t, rq, &r.break_id));
    TRY(break_resolve(t, &r));
    return break_answer(t, r.break_id, r.waits, rs);
}

const struct route bank_break_resolve_route = {
    .method = POST,
    .path = "/v1/operator/bank/breaks/{break}/resolve",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct resolve_in, resolve_params),
    .repeatable = true,
    .handle = resolve,
    .answer = "BreakAnswer",
    .summary = "Close a break by an entry: the difference is the platform's, or waits in suspense; what the bank has "
               "moved may be the partner's",
};

struct credit_in {
    str payment, note;
};

static const struct param credit_params[] = {
    P_STR(struct credit_in, payment, .need = REQUIRED, .set = ID, .min = 1, .max = 40),
    P_STR(struct credit_in, note, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
};

static err credit(struct task *t, const struct request *rq, struct response *rs)
{
    const struct credit_in *in = rq->in;
    const struct caller *c = rq->caller;
    struct transfer_assigning a = {
        .payment = { in->payment }, .note = in->note, .by = caller_actor(c), .by_name = caller_shown(c)
    };
    TRY(id_read(t, rq, &a.break_id));
    TRY(transfer_assign(t, &a));
    return break_answer(t, a.break_id, a.waits, rs);
}

const struct route bank_break_credit_route = {
    .method = POST,
    .path = "/v1/operator/bank/breaks/{break}/credit",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct credit_in, credit_params),
    .repeatable = true,
    .handle = credit,
    .answer = "BreakAnswer",
    .summary = "Give money that came in and named nothing to the payment that it is for",
};

struct send_in {
    str iban, holder_name, note;
};

static const struct param send_params[] = {
    P_STR(struct send_in, iban, .need = REQUIRED, .set = LINE, .min = 5, .max = 60),
    P_STR(struct send_in, holder_name, .need = REQUIRED, .set = LINE, .min = 1, .max = 70, .in_characters = true),
    P_STR(struct send_in, note, .need = REQUIRED, .min = NOTE_LEAST, NOTE_PARAM),
};

static err send_back(struct task *t, const struct request *rq, struct response *rs)
{
    const struct send_in *in = rq->in;
    const struct caller *c = rq->caller;
    struct transfer_sending sending = { .iban = in->iban,
                                        .holder_name = in->holder_name,
                                        .note = in->note,
                                        .by = caller_actor(c),
                                        .by_name = caller_shown(c) };
    int64_t id;
    TRY(id_read(t, rq, &id));
    TRY(break_send(t, id, &sending));
    return break_answer(t, id, sending.waits, rs);
}

const struct route bank_break_send_route = {
    .method = POST,
    .path = "/v1/operator/bank/breaks/{break}/send",
    .guard = &GUARD_OPERATOR,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct send_in, send_params),
    .repeatable = true,
    .handle = send_back,
    .answer = "BreakAnswer",
    .summary = "Send money that nobody knew where to give back to the account that its payer names",
};
