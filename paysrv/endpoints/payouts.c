/* /v1/payouts: requested in the partner's pages, confirmed with the code that was mailed to the owner. */
#include "paysrv/flow/payout/payout.h"

#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/flow/payout/payout_object.h"
#include "paysrv/guards.h"
#include "paysrv/order_request.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/payout.sql.h"

/* ---- POST /v1/payouts ---- */

struct payout_in {
    int64_t amount;
    str currency, requisite, user, external_id;
};

static const struct param payout_params[] = {
    P_I64(struct payout_in, amount, .need = REQUIRED, .low = 1, .high = PAYOUT_MAX_MINOR),
    P_STR(struct payout_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct payout_in, requisite, .need = REQUIRED, .set = ID, .min = 1, .max = 64),
    P_STR(struct payout_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct payout_in, external_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
};

static err payout_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct payout_in *in = rq->in;
    const struct payout_order order = {
        .user = in->user,
        .requisite = in->requisite,
        .amount_minor = in->amount,
        .currency = in->currency,
        .external_id = in->external_id,
    };
    struct once once;
    struct answer answer;
    TRY(once_of(t, rq, true, &once));
    TRY(payouts_request(t, caller_of(rq), &order, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct route payout_create_route = {
    .method = POST,
    .path = "/v1/payouts",
    .guard = &GUARD_PAYOUTS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct payout_in, payout_params),
    .needs_key = true,
    .handle = payout_create,
    .answer = "Payout",
    .done = "201",
    .summary = "Request a payout; a code is mailed to the owner",
};

/* ---- POST /v1/payouts/{payout}/confirm, /resend, /cancel ---- */

static err payout_confirm_post(struct task *t, const struct request *rq, struct response *rs)
{
    return code_order_answer(t, rq, rs, "payout", payouts_confirm);
}

const struct route payout_confirm_route = {
    .method = POST,
    .path = "/v1/payouts/{payout}/confirm",
    .guard = &GUARD_PAYOUTS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct code_in, code_params),
    .needs_key = true,
    .handle = payout_confirm_post,
    .answer = "Payout",
    .summary = "Confirm a payout with the mailed code",
};

static err payout_resend_post(struct task *t, const struct request *rq, struct response *rs)
{
    return order_answer(t, rq, rs, "payout", payouts_resend);
}

const struct route payout_resend_route = {
    .method = POST,
    .path = "/v1/payouts/{payout}/resend",
    .guard = &GUARD_PAYOUTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .needs_key = true,
    .handle = payout_resend_post,
    .answer = "Payout",
    .summary = "Mail a new code, which keeps the number of guesses",
};

static err payout_cancel_post(struct task *t, const struct request *rq, struct response *rs)
{
    return order_answer(t, rq, rs, "payout", payouts_cancel);
}

const struct route payout_cancel_route = {
    .method = POST,
    .path = "/v1/payouts/{payout}/cancel",
    .guard = &GUARD_PAYOUTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = payout_cancel_post,
    .answer = "Payout",
    .summary = "Cancel a payout that was not sent yet",
};

/* ---- GET /v1/payouts/{payout}, GET /v1/payouts ---- */

static err payout_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    str owner;
    TRY(party_owner(t, c, &owner));
    const struct payout_find_row *row;
    TRY(payout_find(t, c->partner, (payout_id){ request_path_param(rq, "payout") }, owner, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such payout of this caller");
    payout_write(reply_json(rs, 200), t, row);
    return OK;
}

const struct route payout_read_route = {
    .method = GET,
    .path = "/v1/payouts/{payout}",
    .guard = &GUARD_PAYOUTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = payout_read,
    .answer = "Payout",
    .summary = "Read a payout",
};

struct payouts_in {
    PAGE_FIELDS
    str status, user, external_id;
};

static const struct param payouts_params[] = {
    PAGE_PARAMS(struct payouts_in),
    P_STR(struct payouts_in, status, .need = OPTIONAL, .set = ID, .min = 1, .max = 20,
          .words = PAYOUT_STATES(STR_LISTED)),
    P_STR(struct payouts_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_STR(struct payouts_in, external_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
};

/* The one of this name, when it is what else was asked for. */
static err named_find(struct task *t, partner_id partner, str owner, const struct payouts_in *in,
                      const struct payout_find_row **rows, size_t *n)
{
    const struct payout_by_name_row *named;
    *rows = NULL;
    TRY(payout_by_name(t, partner, in->external_id, &named));
    if (named)
        TRY(payout_find(t, partner, named->payout_id, owner, rows));
    *n = *rows && (!str_given(in->status) || str_eq((*rows)->status, in->status)) ? 1 : 0;
    return OK;
}

static err payout_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct payouts_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    enum payout_state state;
    if (str_given(in->status) && !payout_state_parse(in->status, &state))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"), STR("a status of payouts"));
    str before, owner;
    TRY(cursor_read(t, "payouts", c->partner, in->cursor, &before));
    TRY(party_listed(t, c, in->user, &owner));
    size_t limit = page_limit(in->limit), n;
    const struct payout_find_row *rows;
    if (str_given(in->external_id))
        TRY(named_find(t, c->partner, owner, in, &rows, &n));
    else
        TRY(payout_list(t, c->partner, owner, in->status, before, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        payout_write(j, t, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "payouts", c->partner, n > limit, shown ? rows[shown - 1].payout_id.v : STR_NONE);
    return OK;
}

const struct route payout_page_route = {
    .method = GET,
    .path = "/v1/payouts",
    .guard = &GUARD_PAYOUTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct payouts_in, payouts_params),
    .handle = payout_page,
    .answer = "Page<Payout>",
    .summary = "List payouts, newest first",
};
