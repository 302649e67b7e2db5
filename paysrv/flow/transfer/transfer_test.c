/* See transfer_test.h. */
#include "paysrv/flow/transfer/transfer_test.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/creditor_reference.h"
#include "paysrv/domain/party/iban.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/transfer/transfer.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/ops/log.h"

#define BUYER_NAME "Test Buyer"
#define BUYER_IBAN "DE75512108001245126199"

struct testing {
    const struct transfer_find_row *transfer;
    struct incoming in;
};

static err effect(struct task *t, void *context, struct answer *ret)
{
    const struct testing *x = context;
    str document;
    TRY(transfer_credit_in_tx(t, x->transfer, &x->in, &document));
    *ret = (struct answer){ .status = 201, .body = document };
    return OK;
}

static err incoming_of(struct task *t, const struct test_transfer *in, struct incoming *ret)
{
    str typed = str_given(in->payer_iban) ? in->payer_iban : STR(BUYER_IBAN), iban;
    enum iban_verdict verdict = iban_judge(t->arena, typed, &iban);
    if (verdict != IBAN_GOOD)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("payer_iban"), iban_verdict_explain(verdict));
    *ret = (struct incoming){ .message = STR("test"),
                              .amount_minor = in->amount,
                              .payer_name = str_given(in->payer_name) ? in->payer_name : STR(BUYER_NAME),
                              .payer_iban = iban };
    return OK;
}

err transfer_test(struct task *t, partner_id partner, const struct test_transfer *in, const struct once *once,
                  struct answer *ret)
{
    struct testing x = { .transfer = NULL };
    if (clock_is_live(t))
        return FAIL_PARAM(t, LIVE_PARTNER, STR("partner"),
                          arena_printf(t->arena, "%.*s is no sandbox partner", STR_ARG(partner.v)));
    TRY(incoming_of(t, in, &x.in));
    str reference = creditor_reference_find(t->arena, in->reference);
    if (str_given(reference))
        TRY(transfer_of_reference(t, reference, &x.transfer));
    if (!x.transfer)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("reference"), STR("names no bank transfer of this partner's"));
    TRY(once_run(t, partner, once, ((const struct app *)t->app)->env->new_id(t->arena, "tt_"), effect, &x, ret));
    err e = transfer_advance(t, x.transfer->call_id);
    if (e)
        log_failure(t, e); /* the credit is in the books, and the clock's job goes on with it */
    return OK;
}
