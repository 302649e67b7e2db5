/* Limits of amounts. See money.h. */
#include "paysrv/domain/money.h"

#include "shared/base/num.h"
#include "shared/text/currency.h"

static bool limit_parse(str text, struct money_limit *ret)
{
    str low, high, more;
    return str_next_word(&text, &ret->currency) && str_next_word(&text, &low) && str_next_word(&text, &high) &&
           !str_next_word(&text, &more) && currency_is_taken(ret->currency) && num_parse(low, &ret->low_minor) &&
           num_parse(high, &ret->high_minor) && ret->low_minor >= 1 && ret->low_minor <= ret->high_minor &&
           ret->high_minor <= MONEY_MAX_MINOR;
}

static const struct money_limit *find(const struct money_limits *limits, str currency)
{
    for (size_t i = 0; i < limits->n; i++)
        if (str_eq(limits->items[i].currency, currency))
            return &limits->items[i];
    return NULL;
}

bool money_limits_parse(str text, struct money_limits *ret)
{
    struct money_limits read = { .n = 0 };
    while (text.n > 0) {
        str one = text;
        struct money_limit limit;
        if (!str_cut(&text, ',', &one))
            text.n = 0;
        if (read.n == MONEY_LIMITS_MAX || !limit_parse(one, &limit) || find(&read, limit.currency))
            return false;
        read.items[read.n++] = limit;
    }
    *ret = read;
    return true;
}

struct money_limit money_limit_of(const struct money_limits *limits, str currency)
{
    const struct money_limit *own = find(limits, currency);
    return own ? *own : (struct money_limit){ currency, 1, MONEY_MAX_MINOR };
}
