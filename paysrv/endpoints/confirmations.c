/* /v1/confirmations: what waits for its owner's code, which is typed in the partner's pages. */
#include "paysrv/domain/confirmation/confirmation.h"
#include "paysrv/faults.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/confirmation/confirmation_object.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/guards.h"
#include "paysrv/order_request.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/confirmation.sql.h"

static err confirmation_get(struct task *t, const struct request *rq, struct response *rs)
{
    const struct confirmation_find_row *row;
    TRY(confirmations_find(t, caller_of(rq), request_path_param(rq, "confirmation"), &row));
    confirmation_write(reply_json(rs, 200), t, row);
    return OK;
}

const struct route confirmation_read_route = {
    .method = GET,
    .path = "/v1/confirmations/{confirmation}",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = confirmation_get,
    .answer = "Confirmation",
    .summary = "Read a confirmation",
};

struct confirmations_in {
    PAGE_FIELDS
    str subject, status;
};

static const struct param confirmations_params[] = {
    PAGE_PARAMS(struct confirmations_in),
    P_STR(struct confirmations_in, subject, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct confirmations_in, status, .need = OPTIONAL, .set = ID, .min = 1, .max = 20,
          .words = "awaiting_code confirmed canceled expired"),
};

static err confirmation_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct confirmations_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    str before, owner;
    if (str_given(in->status) && !confirmation_status_is_known(in->status))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("awaiting_code, confirmed, canceled or expired"));
    TRY(cursor_read(t, "confirmations", c->partner, in->cursor, &before));
    TRY(party_owner(t, c, &owner));
    size_t limit = page_limit(in->limit), n;
    const struct confirmation_find_row *rows;
    TRY(confirmation_list(t, c->partner, before, owner, in->subject, in->status, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        confirmation_write(j, t, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "confirmations", c->partner, n > limit, shown ? rows[shown - 1].confirmation_id : STR_NONE);
    return OK;
}

const struct route confirmation_page_route = {
    .method = GET,
    .path = "/v1/confirmations",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct confirmations_in, confirmations_params),
    .handle = confirmation_page,
    .answer = "Page<Confirmation>",
    .summary = "List confirmations, newest first",
};

/* ---- POST /v1/confirmations/{confirmation}/confirm, /resend, /cancel ---- */

static err confirmation_code(struct task *t, const struct request *rq, struct response *rs)
{
    return code_order_answer(t, rq, rs, "confirmation", confirmations_confirm);
}

const struct route confirmation_confirm_route = {
    .method = POST,
    .path = "/v1/confirmations/{confirmation}/confirm",
    .guard = &GUARD_USERS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct code_in, code_params),
    .needs_key = true,
    .handle = confirmation_code,
    .answer = "Confirmation",
    .summary = "Confirm with the mailed code; what it is for is done at once",
};

static err confirmation_again(struct task *t, const struct request *rq, struct response *rs)
{
    return order_answer(t, rq, rs, "confirmation", confirmations_resend);
}

const struct route confirmation_resend_route = {
    .method = POST,
    .path = "/v1/confirmations/{confirmation}/resend",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .needs_key = true,
    .handle = confirmation_again,
    .answer = "Confirmation",
    .summary = "Mail a new code, which keeps the number of guesses",
};

static err confirmation_end(struct task *t, const struct request *rq, struct response *rs)
{
    return order_answer(t, rq, rs, "confirmation", confirmations_cancel);
}

const struct route confirmation_cancel_route = {
    .method = POST,
    .path = "/v1/confirmations/{confirmation}/cancel",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = confirmation_end,
    .answer = "Confirmation",
    .summary = "Cancel what waits for a code, and with it what it was for",
};
