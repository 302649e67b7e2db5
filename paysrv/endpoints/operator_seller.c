/* /operator/sellers/{user}: a seller; stopping his payouts and letting them go on. */
#include "paysrv/faults.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/operator_seller_page.h"
#include "paysrv/routes.h"
#include "paysrv/statement_reply.h"
#include "paysrv/store/fee_invoice.sql.h"
#include "paysrv/store/user.sql.h"

static err seller_page(struct task *t, const struct request *rq, struct response *rs)
{
    return operator_seller_show(t, rq->caller, (user_id){ request_path_param(rq, "user") }, NULL, rs);
}

const struct route operator_seller_route = {
    .method = GET,
    .path = "/operator/sellers/{user}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    .handle = seller_page,
    .summary = "A seller: states, balances, entries, payouts, stores",
};

/* ---- invoices for fees ---- */

static err fee_invoice_file(struct task *t, const struct request *rq, struct response *rs)
{
    const struct fee_invoice_find_row *row;
    TRY(fee_invoice_find(t, (fee_invoice_id){ request_path_param(rq, "fee_invoice") }, STR_NONE, STR_NONE, &row));
    return fee_invoice_reply(t, row, STR("pdf"), rs);
}

const struct route operator_fee_invoice_route = {
    .method = GET,
    .path = "/operator/fee_invoices/{fee_invoice}",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_COSTLY,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .handle = fee_invoice_file,
    .sheet = "application/pdf",
    .summary = "An invoice for a seller's fees of a month, as pdf",
};

/* ---- freezing payouts ---- */

struct freeze_in {
    str csrf, decision;
};

static const struct param freeze_params[] = {
    P_STR(struct freeze_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct freeze_in, decision, .need = REQUIRED, .set = ID, .min = 1, .max = 20),
};

static err freeze_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct freeze_in *in = rq->in;
    const user_id id = { request_path_param(rq, "user") };
    const struct user_find_row *u;
    partner_id partner;
    bool changed;
    TRY(operator_form(t, rq->caller, in->csrf));
    TRY(operator_seller_load(t, id, &partner, &u));
    if (str_eq(in->decision, STR("freeze")))
        TRY(freeze_run(t, partner, id));
    else if (str_eq(in->decision, STR("unfreeze")))
        TRY(freeze_end(t, partner, id, &changed));
    else
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("decision"), STR("freeze or unfreeze"));
    reply_see_other(rs, arena_printf(t->arena, "/operator/sellers/%.*s", STR_ARG(id.v)));
    return OK;
}

const struct route operator_freeze_route = {
    .method = POST,
    .path = "/operator/sellers/{user}/payouts",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct freeze_in, freeze_params),
    .handle = freeze_post,
    .summary = "Stop a seller's payouts, or let them go on",
};
