/* /v1/invoices: what subscriptions were billed, one or all of a partner's, charging one again and forgiving one; and
 * what comes next. */
#include "paysrv/flow/subscription/invoice.h"

#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/subscription/invoice_retry.h"
#include "paysrv/flow/subscription/invoice_void.h"
#include "paysrv/flow/subscription/unused_refund.h"
#include "paysrv/flow/subscription/upcoming.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/subscription_request.h"
#include "shared/text/shape.h"

static err invoice_load(struct task *t, const struct request *rq, const struct invoice_list_row **ret)
{
    const struct caller *caller = caller_of(rq);
    invoice_id id = { request_path_param(rq, "invoice") };
    TRY(invoice_find(t, caller->partner, id, caller->subject, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such invoice for this caller");
}

static err read_one(struct task *t, const struct request *rq, struct response *rs)
{
    const struct invoice_list_row *i;
    TRY(invoice_load(t, rq, &i));
    invoice_write(reply_json(rs, 200), i);
    return OK;
}

/* ---- lists ---- */

/* Of one row more than is shown. */
static void page_write(struct task *t, struct response *rs, const struct invoice_list_row *rows, size_t n, size_t limit)
{
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        invoice_write(j, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "invoices", shown ? rows[0].partner_id : (partner_id){ STR("") }, n > limit,
             shown ? rows[shown - 1].invoice_id.v : STR_NONE);
}

struct invoices_in {
    PAGE_FIELDS
};
static const struct param invoices_params[] = { PAGE_PARAMS(struct invoices_in) };

static err of_subscription(struct task *t, const struct request *rq, struct response *rs)
{
    const struct invoices_in *in = rq->in;
    const struct subscription_find_row *s;
    const struct invoice_list_row *rows;
    size_t limit = page_limit(in->limit), n;
    str before;
    TRY(subscription_load(t, rq, &s));
    TRY(cursor_read(t, "invoices", s->partner_id, in->cursor, &before));
    TRY(invoice_list(t, s->partner_id, s->subscription_id, before, (int64_t)limit + 1, &rows, &n));
    page_write(t, rs, rows, n, limit);
    return OK;
}

struct list_in {
    str store, status;
    PAGE_FIELDS
};

static const struct param list_params[] = {
    P_STR(struct list_in, store, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct list_in, status, .need = OPTIONAL, .set = ID, .max = 20, .words = "open paid void uncollectible"),
    PAGE_PARAMS(struct list_in),
};

static err status_judge(struct task *t, str status)
{
    static const char *const known[] = { "open", "paid", "void", "uncollectible" };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (!str_given(status) || str_eq(status, str_of(known[i])))
            return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("must be open, paid, void or uncollectible"));
}

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    const struct invoice_list_row *rows;
    size_t limit = page_limit(in->limit), n;
    str before;
    TRY(status_judge(t, in->status));
    TRY(cursor_read(t, "invoices", caller->partner, in->cursor, &before));
    TRY(invoices_of_partner(t, caller->partner, before, in->status, in->store, caller->subject, (int64_t)limit + 1,
                            &rows, &n));
    page_write(t, rs, rows, n, limit);
    return OK;
}

/* ---- charging one again, or not at all ---- */

static err retry(struct task *t, const struct request *rq, struct response *rs)
{
    const struct invoice_list_row *i;
    struct once once;
    struct answer answer;
    TRY(once_of(t, rq, true, &once)); /* it charges the card */
    TRY(invoice_load(t, rq, &i));
    TRY(invoice_retry_once(t, i, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

static err forgive(struct task *t, const struct request *rq, struct response *rs)
{
    const struct invoice_list_row *i;
    struct once once;
    struct answer answer;
    TRY(once_of(t, rq, false, &once));
    TRY(invoice_load(t, rq, &i));
    TRY(invoice_void_once(t, i->partner_id, i->invoice_id, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

/* ---- what comes next ---- */

SHAPE(
    upcoming_invoice, "UpcomingInvoice",
    "object: 'upcoming_invoice', subscription: string, at: time, ends: boolean, period?: integer, period_start?: time, "
    "period_end?: time, price?: string, quantity?: integer, currency: string, total: integer, balance_applied: "
    "integer, amount_due: integer, refund?: integer")

static void upcoming_write(struct json *j, const struct subscription_find_row *s, const struct upcoming *u,
                           const int64_t *refund_minor)
{
    json_str(j, "object", STR("upcoming_invoice"));
    json_str(j, "subscription", s->subscription_id.v);
    json_time(j, "at", u->at);
    json_bool(j, "ends", u->is_end);
    if (!u->is_end) {
        json_i64(j, "period", u->period.n);
        json_time(j, "period_start", u->period.start);
        json_time(j, "period_end", u->period.end);
        json_str(j, "price", u->price.v);
        json_i64(j, "quantity", s->quantity);
    }
    json_str(j, "currency", s->currency);
    json_i64(j, "total", u->amount_minor);
    json_i64(j, "balance_applied", u->amount_minor - u->due_minor);
    json_i64(j, "amount_due", u->due_minor);
    if (refund_minor)
        json_i64(j, "refund", *refund_minor);
}

static err upcoming_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct subscription_find_row *s;
    struct upcoming next;
    int64_t refund_minor;
    TRY(subscription_load(t, rq, &s));
    if (str_eq(s->status, STR("paused")) || str_eq(s->status, STR("unpaid")) || str_eq(s->status, STR("canceled")))
        return FAIL_PARAM(t, SUBSCRIPTION_STATE, STR("subscription"),
                          arena_printf(t->arena, "it is %.*s: nothing is charged by itself", STR_ARG(s->status)));
    TRY(upcoming_find(t, s, &next));
    bool refunds = next.is_end && s->cancel_at_given && s->cancel_refunds;
    if (refunds)
        TRY(unused_refund_preview(t, s, next.at, &refund_minor));
    upcoming_write(reply_json(rs, 200), s, &next, refunds ? &refund_minor : NULL);
    return OK;
}

#define INVOICE_ROUTE .guard = &GUARD_PAYMENTS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true
const struct route invoice_page_route = { INVOICE_ROUTE,
                                          .method = GET,
                                          .path = "/v1/subscriptions/{subscription}/invoices",
                                          .body = BODY_NONE,
                                          INPUT(struct invoices_in, invoices_params),
                                          .handle = of_subscription,
                                          .answer = "Page<Invoice>",
                                          .summary = "List the invoices of a subscription, newest first" };
const struct route invoice_list_route = { INVOICE_ROUTE,
                                          .method = GET,
                                          .path = "/v1/invoices",
                                          .body = BODY_NONE,
                                          INPUT(struct list_in, list_params),
                                          .handle = list,
                                          .answer = "Page<Invoice>",
                                          .summary = "List invoices of all subscriptions, newest first" };
const struct route invoice_read_route = {
    INVOICE_ROUTE,      .method = GET,       .path = "/v1/invoices/{invoice}", .body = BODY_NONE,
    .handle = read_one, .answer = "Invoice", .summary = "Read an invoice"
};
const struct route invoice_retry_route = { INVOICE_ROUTE,
                                           .method = POST,
                                           .path = "/v1/invoices/{invoice}/retry",
                                           .body = BODY_NONE,
                                           .needs_key = true,
                                           .handle = retry,
                                           .answer = "Invoice",
                                           .summary = "Charge an open invoice again now, and not when it is due" };
const struct route invoice_void_route = { INVOICE_ROUTE,
                                          .method = POST,
                                          .path = "/v1/invoices/{invoice}/void",
                                          .body = BODY_NONE,
                                          .handle = forgive,
                                          .answer = "Invoice",
                                          .summary = "Forgive an open invoice; its subscription goes on" };
const struct route subscription_upcoming_route = { INVOICE_ROUTE,
                                                   .method = GET,
                                                   .path = "/v1/subscriptions/{subscription}/upcoming",
                                                   .body = BODY_NONE,
                                                   .handle = upcoming_read,
                                                   .answer = "UpcomingInvoice",
                                                   .summary = "What a subscription is charged next, and when" };
