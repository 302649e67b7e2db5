/* See connector_bank.h; docs/decisions/0058. */
#include "paysrv/flow/acquirer/connector_bank.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/creditor_reference.h"
#include "paysrv/domain/party/iban.h"
#include "paysrv/domain/transfer/transfer.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/transfer/repayment.h"
#include "paysrv/store/repayment.sql.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"

#define TEST_NAME "Stoa test bank"
#define TEST_IBAN "DE89370400440532013000"
#define SEPA_MAX_MINOR INT64_C(99999999999) /* SEPA credit transfers */
#define NEVER_FORGOTTEN HOURS(24 * 3650)    /* our own books keep a key */

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* false: none is configured. */
static bool receiving_account_of(struct task *t, struct receiving_account *ret)
{
    const struct config *c = &app_of(t)->config;
    *ret = (struct receiving_account){ .holder_name = STR(TEST_NAME), .iban = STR(TEST_IBAN) };
    if (!clock_is_live(t))
        return true;
    ret->holder_name = c->debtor_name;
    ret->bic = c->debtor_bic.n ? c->debtor_bic : STR_NONE;
    return iban_judge(t->arena, c->debtor_iban, &ret->iban) == IBAN_GOOD;
}

/* ---- charges ---- */

static void transfer_say(const struct transfer_find_row *x, struct acquirer_said *ret)
{
    enum call_state call = CALL_UNKNOWN;
    call_state_parse(x->call_state, &call);
    *ret = (struct acquirer_said){ .outcome = OUTCOME_ACTION, .ref = x->reference, .transfer = x };
    if (call == CALL_OK || (!x->is_abandoned && transfer_is_complete(x->amount, x->received))) {
        ret->outcome = OUTCOME_SUCCEEDED;
    } else if (x->is_abandoned || call == CALL_DECLINED) {
        ret->outcome = OUTCOME_DECLINED;
        ret->decline_code = STR("transfer_closed");
    }
}

static void transfer_look(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    const struct transfer_find_row *x = NULL;
    acquirer_unknown(ret, STR("our own books cannot be read"));
    err e = transfer_find(t, ask->key, &x);
    if (e) {
        log_failure(t, e);
    } else if (x) {
        transfer_say(x, ret);
    } else {
        acquirer_unknown(ret, STR("the buyer was told nothing yet"));
        ret->is_absent = true;
    }
}

/* The same reference for the same attempt, however often it is asked for. */
static void transfer_tell(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct receiving_account account;
    int64_t affected;
    acquirer_unknown(ret, STR("what the buyer is to be told could not be kept"));
    if (!receiving_account_of(t, &account))
        return;
    instant pay_by = instant_add(t->now, app_of(t)->config.transfer_pay_within);
    err e = transfer_make(t,
                          &(struct transfer_make_args){
                              .reference = creditor_reference_of(t->arena, ask->key),
                              .holder_name = account.holder_name,
                              .iban = account.iban,
                              .bic = account.bic,
                              .pay_by = pay_by,
                              .waits_until = instant_add(pay_by, app_of(t)->config.transfer_grace),
                              .call = ask->key,
                          },
                          &affected);
    if (e)
        log_failure(t, e);
    else
        transfer_look(t, ask, ret);
}

/* ---- refunds ---- */

static void repayment_say(const struct repayment_of_refund_row *r, struct acquirer_said *ret)
{
    *ret = (struct acquirer_said){ .outcome = OUTCOME_ACTION, .ref = r->repayment_id };
    if (str_eq(r->status, STR("paid")) || str_eq(r->status, STR("returned")) || str_eq(r->status, STR("offset"))) {
        ret->outcome = OUTCOME_SUCCEEDED;
    } else if (str_eq(r->status, STR("rejected"))) {
        ret->outcome = OUTCOME_DECLINED;
        ret->decline_code = str_given(r->bank_reason) ? r->bank_reason : STR("rejected");
    }
}

static void repayment_look(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    const struct repayment_of_refund_row *r = NULL;
    acquirer_unknown(ret, STR("our own books cannot be read"));
    err e = repayment_of_refund(t, ask->key, &r);
    if (e) {
        log_failure(t, e);
    } else if (r) {
        repayment_say(r, ret);
    } else {
        acquirer_unknown(ret, STR("it was not ordered yet"));
        ret->is_absent = true;
    }
}

struct ordering {
    const struct acquirer_ask *ask;
    str decline; /* absent: it is ordered, now or before */
};

/* Its payer has got his money back from his bank: nothing is to be sent, and it is the sellers' no longer. */
static err offset_order(struct task *t, const struct acquirer_ask *ask, const struct credit_to_offset_row *credit)
{
    TRY(repayment_new(t,
                      &(struct repayment_order){ .credit = credit->credit_id,
                                                 .refund = ask->key,
                                                 .reason = REPAYMENT_REFUND,
                                                 .amount_minor = ask->amount_minor,
                                                 .iban = str_given(credit->payer_iban) ? credit->payer_iban : STR(""),
                                                 .holder_name = credit->payer_name,
                                                 .by = STR("paysrv"),
                                                 .is_offset = true }));
    return credit_made_good(t, credit->credit_id, ask->key);
}

/* Under the lock of the transfer, as whoever takes its credits back is. */
static err order_in_tx(struct task *t, void *context)
{
    struct ordering *o = context;
    const struct acquirer_ask *ask = o->ask;
    const struct transfer_find_row *x;
    const struct transfer_lock_row *locked;
    const struct credit_to_offset_row *taken_back;
    const struct payers_of_refund_row *rows;
    size_t n;
    int64_t most;
    o->decline = STR_NONE;
    TRY(transfer_of_reference(t, ask->charge_ref, &x));
    if (!x)
        return FAIL(t, INTERNAL, "a refund of no transfer");
    TRY(transfer_lock(t, x->call_id, &locked));
    TRY(credit_to_offset(t, x->call_id, ask->amount_minor, &taken_back));
    if (taken_back)
        return offset_order(t, ask, taken_back);
    TRY(payers_of_refund(t, ask->charge_ref, &rows, &n));
    struct transfer_payer *payers = arena_array(t->arena, struct transfer_payer, n + 1);
    for (size_t i = 0; i < n; i++)
        payers[i] = (struct transfer_payer){ rows[i].left_over };
    int chosen = transfer_refund_payer(payers, n, ask->amount_minor, &most);
    if (chosen < 0) {
        o->decline = most > 0 ? STR("several_payers") : STR("payer_unknown");
        return OK;
    }
    return repayment_new(t, &(struct repayment_order){ .credit = rows[chosen].credit_id,
                                                       .refund = ask->key,
                                                       .reason = REPAYMENT_REFUND,
                                                       .amount_minor = ask->amount_minor,
                                                       .iban = rows[chosen].payer_iban,
                                                       .holder_name = rows[chosen].payer_name,
                                                       .by = STR("paysrv") });
}

static void refund_order(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct ordering o = { .ask = ask };
    repayment_look(t, ask, ret);
    if (!ret->is_absent)
        return; /* it has its order, which is never made anew */
    err e = db_tx(t, order_in_tx, &o);
    if (e)
        log_failure(t, e);
    else if (str_given(o.decline))
        *ret = (struct acquirer_said){ .outcome = OUTCOME_DECLINED, .decline_code = o.decline };
    else
        repayment_look(t, ask, ret);
}

/* ---- the table ---- */

static void order(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    if (ask->op == OP_CHARGE)
        transfer_tell(t, ask, ret);
    else if (ask->op == OP_REFUND)
        refund_order(t, ask, ret);
    else
        acquirer_unknown(ret, STR("a transfer cannot be authorized, captured or released"));
}

static void query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    if (ask->op == OP_CHARGE)
        transfer_look(t, ask, ret);
    else if (ask->op == OP_REFUND)
        repayment_look(t, ask, ret);
    else
        acquirer_unknown(ret, STR("a transfer cannot be authorized, captured or released"));
}

static const char *config_wrong(const struct config *c)
{
    struct arena *a = arena_create(4096, 65536);
    str iban;
    bool is_good = c->debtor_name.n > 0 && iban_judge(a, c->debtor_iban, &iban) == IBAN_GOOD &&
                   (c->debtor_bic.n == 0 || bic_is_valid(c->debtor_bic));
    arena_destroy(a);
    return is_good ? NULL
                   : "bank_transfers: debtor_name, debtor_iban and debtor_bic must name the account that buyers pay to";
}

static const char *amount_wrong(enum call_op op, str currency, int64_t amount_minor)
{
    (void)op;
    if (!str_eq(currency, STR("EUR")))
        return "bank transfers are in EUR, which the account is in";
    return amount_minor > SEPA_MAX_MINOR ? "a bank transfer moves at most 999999999.99 EUR" : NULL;
}

const struct connector connector_bank = {
    .name = BANK_CONNECTOR,
    .method = METHOD_BANK_TRANSFER,
    .can = CAN_TEST_CLOCKS | CAN_STAY,
    .clearing = BANK_CONNECTOR,
    .key_retention = NEVER_FORGOTTEN,
    .config_wrong = config_wrong,
    .amount_wrong = amount_wrong,
    .order = order,
    .query = query,
};
