/* Judging a configuration beyond the declared limits: what may not start, does not start. */
#include "paysrv/config.h"

#include "paysrv/domain/money.h"

bool config_judge(const void *settings)
{
    const struct config *config = settings;
    struct money_limits limits;
    if (money_limits_parse(config->payment_limits, &limits))
        return true;
    fprintf(stderr,
            "paysrv: payment_limits: must be like EUR 50 1000000, JPY 50 2000000: each currency once, the least "
            "and the most of a payment in its minor unit\n");
    return false;
}
