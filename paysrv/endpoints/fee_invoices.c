/* GET /v1/fee_invoices, GET /v1/fee_invoices/{fee_invoice}: what the platform and the partner took of sellers, by
 * month.
 */
#include "paysrv/flow/report/fee_invoice.h"

#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/report/month.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/statement_reply.h"
#include "paysrv/store/fee_invoice.sql.h"

#define FEE_INVOICE_ROUTE(PATH)                                                                                        \
    .method = GET, .path = PATH, .guard = &GUARD_BALANCE, .body = BODY_NONE, .errors = ERRORS_PROBLEM, .no_store = true

struct read_in {
    str format;
};

static const struct param read_params[] = {
    P_STR(struct read_in, format, .need = OPTIONAL, .set = ID, .min = 1, .max = 10, .words = "json pdf"),
};

static err read_one(struct task *t, const struct request *rq, struct response *rs)
{
    const struct read_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct fee_invoice_find_row *row;
    str owner;
    TRY(party_owner(t, c, &owner));
    TRY(fee_invoice_find(t, (fee_invoice_id){ request_path_param(rq, "fee_invoice") }, c->partner.v, owner, &row));
    return fee_invoice_reply(t, row, in->format, rs);
}

const struct route fee_invoice_read_route = {
    FEE_INVOICE_ROUTE("/v1/fee_invoices/{fee_invoice}"),
    .run = RUN_COSTLY,
    INPUT(struct read_in, read_params),
    .handle = read_one,
    .answer = "FeeInvoice",
    .paper = "application/pdf",
    .summary = "Read an invoice for the fees of a month: json, or as pdf",
};

struct list_in {
    str user, month, issued_by;
    PAGE_FIELDS
};

static const struct param list_params[] = {
    P_STR(struct list_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct list_in, month, .need = OPTIONAL, .set = TOKEN, .min = 7, .max = 7),
    P_STR(struct list_in, issued_by, .need = OPTIONAL, .set = ID, .min = 1, .max = 20, .words = "platform partner"),
    PAGE_PARAMS(struct list_in),
};

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct fee_invoice_find_row *rows;
    struct civil_date first;
    str before, owner;
    size_t limit = page_limit(in->limit), n;
    if (str_given(in->issued_by) && !str_has_word(STR("platform partner"), in->issued_by))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("issued_by"), STR("platform or partner"));
    if (str_given(in->month) && !month_parse(in->month, &first))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("month"), STR("a month as 2026-11"));
    TRY(party_listed(t, c, in->user, &owner));
    TRY(cursor_read(t, "fee_invoices", c->partner, in->cursor, &before));
    TRY(fee_invoice_list(t, owner, in->month, c->partner, before, in->issued_by, (int64_t)limit + 1, &rows, &n));
    size_t shown = n > limit ? limit : n;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++)
        json_raw(j, NULL, fee_invoice_json(t, &rows[i]));
    page_end(t, j, "fee_invoices", c->partner, n > shown, shown ? rows[shown - 1].fee_invoice_id.v : STR_NONE);
    return OK;
}

const struct route fee_invoice_page_route = {
    FEE_INVOICE_ROUTE("/v1/fee_invoices"),
    .run = RUN_WORKER,
    INPUT(struct list_in, list_params),
    .handle = list,
    .answer = "Page<FeeInvoice>",
    .summary = "List invoices for the fees of months that are over, newest first",
};
