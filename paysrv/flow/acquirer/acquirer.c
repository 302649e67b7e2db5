/* Which acquirer it is: that which the operation names, of the partner whose clock it is. See acquirer.h. */
#include "paysrv/flow/acquirer/acquirer.h"

#include <assert.h>

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/store/payment.rows.h"

static const struct connector *const connectors[] = { &connector_sandbox, &connector_stripe, &connector_wallet,
                                                      &connector_bank };

static_assert(sizeof connectors / sizeof connectors[0] <= CONNECTORS_MAX, "the metrics have room for all");

const struct connector *connector_at(size_t n)
{
    return n < sizeof connectors / sizeof connectors[0] ? connectors[n] : NULL;
}

const struct connector *connector_named(str name)
{
    const struct connector *c;
    for (size_t i = 0; (c = connector_at(i)); i++)
        if (str_eq(name, str_of(c->name)))
            return c;
    return NULL;
}

const struct connector *connector_for(struct task *t, enum payment_method method)
{
    const struct app *app = t->app;
    return clock_is_live(t) ? app->acquirers[method] : app->test_acquirers[method];
}

const struct connector *connector_called(struct task *t, str name)
{
    if (!str_given(name))
        return connector_for(t, METHOD_CARD);
    for (unsigned method = 0; method < PAYMENT_METHOD_COUNT; method++) {
        const struct connector *c = connector_for(t, (enum payment_method)method);
        if (c && str_eq(name, str_of(c->name)))
            return c;
    }
    return NULL;
}

struct acquirer_door acquirer_door(const struct config *c, enum payment_method method, bool is_live)
{
    switch (method) {
    case METHOD_CARD:
        return is_live ? (struct acquirer_door){ c->acquirer_url, c->acquirer_key_file.hidden,
                                                 c->acquirer_webhook_secret_file.hidden }
                       : (struct acquirer_door){ c->test_acquirer_url, c->test_acquirer_key_file.hidden,
                                                 c->test_acquirer_webhook_secret_file.hidden };
    case METHOD_WALLET:
        return is_live ? (struct acquirer_door){ c->wallet_url, c->wallet_key_file.hidden,
                                                 c->wallet_webhook_secret_file.hidden }
                       : (struct acquirer_door){ c->test_wallet_url, c->test_wallet_key_file.hidden,
                                                 c->test_wallet_webhook_secret_file.hidden };
    case METHOD_BANK_TRANSFER:
    case PAYMENT_METHOD_COUNT:
        break;
    }
    return (struct acquirer_door){ STR(""), STR(""), STR("") };
}

str acquirer_clearing(str acquirer)
{
    const struct connector *c = str_given(acquirer) ? connector_named(acquirer) : NULL;
    return str_of(c ? c->clearing : "");
}

err acquirer_usable(struct task *t, enum payment_method method, const struct connector **ret)
{
    const struct app *app = t->app;
    *ret = connector_for(t, method);
    if (method == METHOD_CARD && !clock_is_live(t) && app->config.test_acquirer_url.n == 0)
        return FAIL(t, TEST_ACQUIRER_MISSING, "test_acquirer_url is not configured");
    return *ret ? OK
                : FAIL_PARAM(t, METHOD_UNAVAILABLE, STR("method"), str_of(method_verdict_text(METHOD_NOT_CONFIGURED)));
}

enum method_verdict acquirer_method_judge(struct task *t, const struct payment_find_row *p, enum payment_method method)
{
    const struct connector *c = connector_for(t, method);
    const struct method_basis basis = {
        .is_configured = c != NULL,
        .can_authorize = c && (c->can & CAN_AUTHORIZE),
        .amount_wrong = c ? c->amount_wrong(OP_CHARGE, p->currency, p->amount) : NULL,
        .allowed = p->methods,
        .is_manual = p->captured_given,
    };
    return payment_method_judge(method, &basis);
}

/* The method that comes nearest to it says what is wrong. */
static err unpayable(struct task *t, const struct payment_find_row *p, const enum method_verdict *verdicts)
{
    enum method_verdict nearest = METHOD_NOT_CONFIGURED;
    for (unsigned i = 0; i < PAYMENT_METHOD_COUNT; i++) {
        const struct connector *c = connector_for(t, (enum payment_method)i);
        if (verdicts[i] == METHOD_AMOUNT)
            return FAIL_PARAM(t, ACQUIRER_REFUSES, STR("amount"),
                              str_of(c->amount_wrong(OP_CHARGE, p->currency, p->amount)));
        if (verdicts[i] == METHOD_TAKES_AT_ONCE)
            nearest = verdicts[i];
    }
    return FAIL_PARAM(t, METHOD_UNAVAILABLE, nearest == METHOD_TAKES_AT_ONCE ? STR("capture_method") : STR("store"),
                      str_of(method_verdict_text(nearest)));
}

err acquirer_methods_fix(struct task *t, struct payment_find_row *p)
{
    enum method_verdict verdicts[PAYMENT_METHOD_COUNT];
    str *good = arena_array(t->arena, str, PAYMENT_METHOD_COUNT);
    size_t n = 0;
    for (unsigned i = 0; i < PAYMENT_METHOD_COUNT; i++) {
        verdicts[i] = acquirer_method_judge(t, p, (enum payment_method)i);
        if (verdicts[i] == METHOD_GOOD)
            good[n++] = payment_method_name((enum payment_method)i);
    }
    if (n == 0)
        return unpayable(t, p, verdicts);
    if (verdicts[METHOD_CARD] != METHOD_GOOD)
        p->methods = (str_array){ good, n };
    return OK;
}

#define NOT_HERE STR("its acquirer is not configured here any more")

/* That which the payment was made with, and no other one that is configured by now. ACQUIRER_REFUSES: it is not. */
static err connector_that_paid(struct task *t, const struct payment_find_row *p, const struct connector **ret)
{
    const struct app *app = t->app;
    const struct call_find_row *call = NULL;
    if (str_given(p->charge_id))
        TRY(app->env->call_find(t, p->charge_id, &call));
    *ret = connector_called(t, call ? call->acquirer : STR_NONE);
    return *ret ? OK : FAIL_PARAM(t, ACQUIRER_REFUSES, STR("payment"), NOT_HERE);
}

err acquirer_part_check(struct task *t, const struct payment_find_row *p, enum call_op op, int64_t amount_minor)
{
    const struct connector *c;
    TRY(connector_that_paid(t, p, &c));
    const char *why = c->amount_wrong(op, p->currency, amount_minor);
    return why ? FAIL_PARAM(t, ACQUIRER_REFUSES, STR("amount"), str_of(why)) : OK;
}

err acquirer_capture_check(struct task *t, const struct payment_find_row *p, bool is_final)
{
    const struct connector *c;
    TRY(connector_that_paid(t, p, &c));
    if (is_final || (c->can & CAN_CAPTURE_SEVERAL))
        return OK;
    return FAIL_PARAM(t, ACQUIRER_REFUSES, STR("final"),
                      STR("the acquirer takes one capture of an authorization, and releases the rest with it"));
}

err payout_connector(struct task *t, enum rail rail, const struct connector **ret)
{
    static const enum payment_method methods[RAIL_COUNT] = { [RAIL_CARD] = METHOD_CARD, [RAIL_WALLET] = METHOD_WALLET };
    *ret = NULL;
    if (rail != RAIL_BANK && connector_for(t, methods[rail]))
        TRY(acquirer_usable(t, methods[rail], ret));
    if (*ret && (*ret)->pay_out)
        return OK;
    return FAIL_PARAM(t, ACQUIRER_REFUSES, STR("type"),
                      arena_printf(t->arena, "nothing is paid out to a %.*s here", STR_ARG(rail_name(rail))));
}

/* ---- calls ---- */

typedef void (*exchange)(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);

void acquirer_order(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    const struct connector *c = connector_called(t, ask->acquirer);
    exchange order = !c ? NULL : ask->op == OP_PAYOUT ? c->pay_out : c->order;
    if (!order) {
        acquirer_unknown(ret, NOT_HERE);
        return;
    }
    if (saved_card_is_id(ask->token) && !ask->is_again) { /* it has ended, or is blocked: there is nothing to charge */
        *ret = (struct acquirer_said){ .outcome = OUTCOME_DECLINED, .decline_code = STR("token_unusable") };
        return;
    }
    order(t, ask, ret);
    for (size_t i = 0; connector_at(i); i++)
        if (connector_at(i) == c)
            pay_metrics_order(t, i, ret->outcome != OUTCOME_UNKNOWN);
}

void acquirer_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    const struct connector *c = connector_called(t, ask->acquirer);
    exchange query = !c ? NULL : ask->op == OP_PAYOUT ? c->pay_out_query : c->query;
    if (query)
        query(t, ask, ret);
    else
        acquirer_unknown(ret, NOT_HERE);
}

void acquirer_card(struct task *t, str token, struct acquirer_card *ret)
{
    connector_for(t, METHOD_CARD)->card(t, token, ret);
}

bool acquirer_dispute_tell(struct task *t, const struct dispute_letter *letter, struct acquirer_dispute *ret, str *why)
{
    const struct connector *c = connector_called(t, letter->acquirer);
    if (c && c->dispute_tell)
        return c->dispute_tell(t, letter, ret, why);
    *why = c ? STR("the acquirer takes no answers to disputes through this API") : NOT_HERE;
    return false;
}

err acquirer_card_page(struct task *t, const struct card_session *in, str *url)
{
    const struct connector *connector;
    TRY(acquirer_usable(t, METHOD_CARD, &connector));
    if (!connector->card_page)
        return FAIL(t, ACQUIRER_REFUSES, "%s has no card page here", connector->name);
    return connector->card_page(t, in, url);
}
