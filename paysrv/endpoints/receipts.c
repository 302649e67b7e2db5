/* /v1/payments/{payment}/receipts: positions and taxes of what was paid and given back, for who takes no webhooks. */
#include "paysrv/domain/payment/receipt.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/receipt.sql.h"

#define TOLD_MORE_BYTES 8192 /* than its positions, with the blanks that PostgreSQL writes between them */
_Static_assert((PAGE_MAX + 1) * (RECEIPT_MAX_BYTES + TOLD_MORE_BYTES) < RESPONSE_MAX_BYTES, "a page of receipts fits");

static err receipts_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct parts_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    const struct payment_find_row *p;
    const struct receipts_of_payment_row *rows;
    payment_id id = { request_path_param(rq, "payment") };
    const char *list = parts_name(t, "receipts", id);
    size_t limit = parts_limit(in->limit), n;
    str after;
    TRY(payment_find(t, id, caller->partner, caller->subject, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "no such payment for this caller");
    TRY(cursor_read(t, list, caller->partner, in->cursor, &after));
    TRY(receipts_of_payment(t, id, after, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++)
        json_raw(j, NULL, rows[i].data);
    page_end(t, j, list, caller->partner, n > limit, shown ? rows[shown - 1].place : STR_NONE);
    return OK;
}

const struct route receipts_list_route = {
    .method = GET,
    .path = "/v1/payments/{payment}/receipts",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct parts_in, parts_params),
    .handle = receipts_read,
    .answer = "Page<Receipt>",
    .summary = "List the receipts of a payment: its sale or each capture, and each refund",
};
