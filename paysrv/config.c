/* Judging a configuration beyond the declared limits: what may not start, does not start. */
#include "paysrv/config.h"

#include "paysrv/domain/money.h"
#include "paysrv/domain/settlement.h"
#include "paysrv/flow/connector.h"

static bool complain(const char *what)
{
    fprintf(stderr, "paysrv: %s\n", what);
    return false;
}

bool config_judge(const void *settings)
{
    const struct config *config = settings;
    struct money_limits limits;
    struct settlement_rates rates;
    bool has_test = config->test_acquirer_url.n > 0;
    if (has_test != (config->test_acquirer_key_file.hidden.n > 0) ||
        has_test != (config->test_acquirer_webhook_secret_file.hidden.n > 0))
        return complain("test_acquirer_url, test_acquirer_key_file and test_acquirer_webhook_secret_file: all three or "
                        "none");
    if ((config->screening_url.n > 0) != (config->screening_secret_file.hidden.n > 0))
        return complain("screening_url and screening_secret_file: both or none");
    const struct connector *acquirer = connector_named(config->acquirer);
    if (!acquirer)
        return complain("acquirer: must be sandbox or stripe");
    const char *wrong = acquirer->config_wrong(config);
    if (wrong)
        return complain(wrong);
    if (config->acquirer_settlements && !acquirer->settlements)
        return complain("acquirer_settlements: this acquirer has no registries that could be fetched; import them");
    if (!money_limits_parse(config->payment_limits, &limits))
        return complain("payment_limits: must be like EUR 50 1000000, JPY 50 2000000: each currency once, the least "
                        "and the most of a payment in its minor unit");
    if (!settlement_rates_parse(config->acquirer_fees, &rates))
        return complain("acquirer_fees: must be like EUR 140 25, JPY 180 0: each currency once, basis points and a "
                        "fixed amount in its minor unit");
    return true;
}
