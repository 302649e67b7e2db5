/* Judging a configuration beyond the declared limits: what may not start, does not start. */
#include "paysrv/config.h"

#include "paysrv/domain/money.h"

bool config_judge(const void *settings)
{
    const struct config *config = settings;
    struct money_limits limits;
    bool has_test = config->test_acquirer_url.n > 0;
    if (has_test != (config->test_acquirer_key_file.hidden.n > 0) ||
        has_test != (config->test_acquirer_webhook_secret_file.hidden.n > 0)) {
        fprintf(stderr, "paysrv: test_acquirer_url, test_acquirer_key_file and test_acquirer_webhook_secret_file: all "
                        "three or none\n");
        return false;
    }
    if (money_limits_parse(config->payment_limits, &limits))
        return true;
    fprintf(stderr,
            "paysrv: payment_limits: must be like EUR 50 1000000, JPY 50 2000000: each currency once, the least "
            "and the most of a payment in its minor unit\n");
    return false;
}
