/* Which acquirer it is: that of the partner whose clock it is. See acquirer.h. */
#include "paysrv/flow/acquirer.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/connector.h"

static const struct connector *const connectors[] = { &connector_sandbox, &connector_stripe };

const struct connector *connector_named(str name)
{
    for (size_t i = 0; i < sizeof connectors / sizeof connectors[0]; i++)
        if (str_eq(name, str_of(connectors[i]->name)))
            return connectors[i];
    return NULL;
}

const struct connector *connector_of(struct task *t)
{
    const struct app *app = t->app;
    return clock_is_live(t) ? app->acquirer : app->test_acquirer;
}

err acquirer_usable(struct task *t)
{
    const struct app *app = t->app;
    if (clock_is_live(t) || app->config.test_acquirer_url.n > 0)
        return OK;
    return FAIL(t, TEST_ACQUIRER_MISSING, "test_acquirer_url is not configured");
}

err acquirer_amount_check(struct task *t, enum call_op op, str currency, int64_t amount_minor)
{
    const char *why = connector_of(t)->amount_wrong(op, currency, amount_minor);
    return why ? FAIL_PARAM(t, ACQUIRER_REFUSES, STR("amount"), str_of(why)) : OK;
}

err acquirer_capture_check(struct task *t, bool is_final)
{
    if (is_final || (connector_of(t)->can & CAN_CAPTURE_SEVERAL))
        return OK;
    return FAIL_PARAM(t, ACQUIRER_REFUSES, STR("final"),
                      STR("the acquirer takes one capture of an authorization, and releases the rest with it"));
}

void acquirer_order(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    connector_of(t)->order(t, ask, ret);
}

void acquirer_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    connector_of(t)->query(t, ask, ret);
}

void acquirer_card(struct task *t, str token, struct acquirer_card *ret)
{
    connector_of(t)->card(t, token, ret);
}

bool acquirer_dispute_tell(struct task *t, const struct dispute_letter *letter, struct acquirer_dispute *ret, str *why)
{
    const struct connector *connector = connector_of(t);
    if (connector->dispute_tell)
        return connector->dispute_tell(t, letter, ret, why);
    *why = STR("the acquirer takes no answers to disputes through this API");
    return false;
}

err acquirer_card_page(struct task *t, const struct card_session *in, str *url)
{
    const struct connector *connector = connector_of(t);
    TRY(acquirer_usable(t));
    if (!connector->card_page)
        return FAIL(t, ACQUIRER_REFUSES, "%s has no card page here", connector->name);
    return connector->card_page(t, in, url);
}
