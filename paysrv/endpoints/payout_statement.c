/* GET /v1/payouts/{payout}/statement, GET /v1/payments/{payment}/payouts: what is in a payout, and where a payment
 * went. */
#include "paysrv/flow/payout/payout_statement.h"
#include "paysrv/flow/ledger/account_line.h"

#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/payout_statement.sql.h"
#include "shared/text/shape.h"

#define CSV_MAX_BYTES ((size_t)4 << 20)

struct statement_in {
    PAGE_FIELDS
    str format;
};

static const struct param statement_params[] = {
    PAGE_PARAMS(struct statement_in),
    P_STR(struct statement_in, format, .need = OPTIONAL, .set = ID, .min = 1, .max = 10, .words = "json csv"),
};

static void number_or_null(struct json *j, const char *name, bool given, int64_t v)
{
    if (given)
        json_i64(j, name, v);
    else
        json_null(j, name);
}

SHAPE(payout_statement_line, "PayoutStatementLine",
      "entry: integer, kind: string, reference: string, payment: string | null, external_id: string | "
      "null, description: string | null, gross: integer | null, fee: integer | null, net: integer | null, platform: "
      "integer | null, partner: "
      "integer | null, other_sellers: integer | null, amount: integer, balance: integer, created_at: "
      "time")

static void line_write(struct json *j, const struct account_lines_row *line, int64_t balance_minor)
{
    bool of_payment = str_given(line->payment_id);
    json_object(j, NULL);
    json_i64(j, "entry", line->entry_id);
    json_str(j, "kind", line->kind);
    json_str(j, "reference", line->ref);
    json_str_or_null(j, "payment", line->payment_id);
    json_str_or_null(j, "external_id", line->external_id);
    json_str_or_null(j, "description", line->description);
    number_or_null(j, "gross", of_payment, line->gross);
    number_or_null(j, "fee", of_payment, line->fee);
    number_or_null(j, "net", of_payment, account_line_net(line));
    number_or_null(j, "platform", of_payment, line->platform);
    number_or_null(j, "partner", of_payment, line->partner);
    number_or_null(j, "other_sellers", of_payment, line->others);
    json_i64(j, "amount", line->amount);
    json_i64(j, "balance", balance_minor);
    json_time(j, "created_at", line->created_at);
    json_close(j);
}

/* A cursor is of one payout: it holds the balance there. */
static const char *list_of(struct task *t, payout_id payout)
{
    return arena_cstr(t->arena, arena_printf(t->arena, "statement of %.*s", STR_ARG(payout.v)));
}

static str next_cursor(struct task *t, const struct statement_page *page, partner_id partner)
{
    const char *list = list_of(t, page->span->payout_id);
    return page->is_last ? STR_NONE : cursor_make(t, list, partner, statement_place_text(t->arena, &page->to));
}

SHAPE(payout_statement, "PayoutStatement",
      "object: 'payout_statement', payout: string, status: string, user: string, currency: string, "
      "previous_payout: string | null, held_at: time, opening: integer, amount: integer, closing: "
      "integer | null, data: PayoutStatementLine[], has_more: boolean, next_cursor: string | null")

static void send_json(struct task *t, const struct statement_page *page, partner_id partner, struct response *rs)
{
    const struct payout_span_row *span = page->span;
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("payout_statement"));
    json_str(j, "payout", span->payout_id.v);
    json_str(j, "status", span->status);
    json_str(j, "user", span->user_id.v);
    json_str(j, "currency", span->currency);
    json_str_or_null(j, "previous_payout", span->previous_payout);
    json_time(j, "held_at", span->held_at);
    json_i64(j, "opening", page->from.opening_minor);
    json_i64(j, "amount", span->amount);
    number_or_null(j, "closing", page->is_last, page->to.balance_minor - span->amount);
    json_array(j, "data");
    for (size_t i = 0; i < page->n; i++)
        line_write(j, &page->lines[i], payout_statement_balance(page, i));
    json_close(j);
    json_bool(j, "has_more", !page->is_last);
    json_str_or_null(j, "next_cursor", next_cursor(t, page, partner));
}

/* The cursor of a page of CSV is in its header Link: pages one after another are the whole sheet. */
static void send_csv(struct task *t, const struct statement_page *page, partner_id partner, bool is_first,
                     struct response *rs)
{
    struct buf out;
    buf_init(&out, t->arena, CSV_MAX_BYTES);
    payout_statement_csv(t, page, is_first, &out);
    reply_raw(rs, 200, "text/csv; charset=utf-8", buf_str(&out));
    str payout = page->span->payout_id.v, cursor = next_cursor(t, page, partner);
    reply_header(rs, "Content-Disposition",
                 arena_printf(t->arena, "attachment; filename=\"%.*s.csv\"", STR_ARG(payout)));
    if (str_given(cursor))
        reply_header(rs, "Link",
                     arena_printf(t->arena, "</v1/payouts/%.*s/statement?format=csv&cursor=%.*s>; rel=\"next\"",
                                  STR_ARG(payout), STR_ARG(cursor)));
}

static err statement(struct task *t, const struct request *rq, struct response *rs)
{
    const struct statement_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    bool csv = str_eq(in->format, STR("csv")), is_first = !str_given(in->cursor);
    struct statement_place place;
    struct statement_page page;
    str position, owner;
    if (str_given(in->format) && !csv && !str_eq(in->format, STR("json")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("format"), STR("json or csv"));
    payout_id payout = { request_path_param(rq, "payout") };
    TRY(cursor_read(t, list_of(t, payout), c->partner, in->cursor, &position));
    if (!is_first && !statement_place_parse(position, &place))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cursor"), STR("next_cursor of an earlier page of this list"));
    TRY(party_owner(t, c, &owner));
    TRY(payout_statement_read(t, c->partner, payout, owner, is_first ? NULL : &place, page_limit(in->limit), &page));
    if (csv)
        send_csv(t, &page, c->partner, is_first, rs);
    else
        send_json(t, &page, c->partner, rs);
    return OK;
}

const struct route payout_statement_route = {
    .method = GET,
    .path = "/v1/payouts/{payout}/statement",
    .guard = &GUARD_PAYOUTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct statement_in, statement_params),
    .handle = statement,
    .answer = "PayoutStatement",
    .sheet = "text/csv",
    .summary = "What is in a payout: each payment, refund and fee since the one before; format=csv for a sheet",
};

/* ---- where a payment went ---- */

static err payment_payouts(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    const struct payment_find_row *p;
    const struct payouts_of_payment_row *rows;
    str owner;
    size_t n;
    TRY(payment_find(t, (payment_id){ request_path_param(rq, "payment") }, c->partner, c->subject, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "no such payment for this caller");
    TRY(party_owner(t, c, &owner));
    TRY(payouts_of_payment(t, p->payment_id, c->partner, owner, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_str(j, "object", STR("list"));
    json_array(j, "data");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "user", rows[i].user_id.v);
        json_str(j, "kind", rows[i].kind);
        json_str(j, "reference", rows[i].ref);
        json_i64(j, "amount", rows[i].amount);
        json_str(j, "currency", rows[i].currency);
        json_str_or_null(j, "payout", rows[i].payout_id);
        json_str_or_null(j, "payout_status", rows[i].status);
        json_close(j);
    }
    json_close(j);
    return OK;
}

const struct route payment_payouts_route = {
    .method = GET,
    .path = "/v1/payments/{payment}/payouts",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = payment_payouts,
    .answer = "List<{ user: string, kind: string, reference: string, amount: integer, currency: string, "
              "payout: string | null, payout_status: string | null }>",
    .summary = "In which payouts the shares of a payment went out",
};
