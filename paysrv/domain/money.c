/* Checked arithmetic of amounts. See money.h. */
#include "paysrv/domain/money.h"

#include "shared/base/num.h"
#include "shared/text/money_text.h"

bool money_of(int64_t minor, str currency, struct money *ret)
{
    int exponent;
    if (minor < 1 || minor > MONEY_MAX_MINOR || !currency_exponent(currency, &exponent))
        return false;
    *ret = (struct money){ minor, currency };
    return true;
}

bool money_add(struct money a, struct money b, struct money *ret)
{
    int64_t sum;
    if (!str_eq(a.currency, b.currency) || !num_add(a.minor, b.minor, &sum))
        return false;
    *ret = (struct money){ sum, a.currency };
    return true;
}

bool money_sub(struct money a, struct money b, struct money *ret)
{
    int64_t rest;
    if (!str_eq(a.currency, b.currency) || !num_sub(a.minor, b.minor, &rest))
        return false;
    *ret = (struct money){ rest, a.currency };
    return true;
}
