/* Amounts with a decimal point. See money_text.h. */
#include "shared/text/money_text.h"

#include <inttypes.h>

#include "shared/base/buf.h"
#include "shared/base/panic.h"
#include "shared/text/currency.h"

str money_decimal(struct arena *a, int64_t amount_minor, str currency)
{
    const struct currency *found = currency_find(currency);
    if (!found)
        panic("an amount in no currency");
    int exponent = found->exponent;
    uint64_t size = amount_minor < 0 ? 0 - (uint64_t)amount_minor : (uint64_t)amount_minor;
    const char *sign = amount_minor < 0 ? "-" : "";
    if (exponent == 0)
        return arena_printf(a, "%s%" PRIu64, sign, size);
    uint64_t unit = 1;
    for (int i = 0; i < exponent; i++)
        unit *= 10;
    return arena_printf(a, "%s%" PRIu64 ".%0*" PRIu64, sign, size / unit, exponent, size % unit);
}

/* Thousands apart by a no-break space, so that no amount is torn at the end of a line. */
static str grouped(struct arena *a, str decimal)
{
    str fraction = decimal, whole = decimal;
    str_cut(&fraction, '.', &whole);
    size_t sign = whole.n && whole.p[0] == '-';
    struct buf out;
    buf_init(&out, a, 64);
    for (size_t i = 0; i < whole.n; i++) {
        if (i > sign && (whole.n - i) % 3 == 0)
            buf_add(&out, STR("\xc2\xa0"));
        buf_add_char(&out, whole.p[i]);
    }
    buf_add(&out, (str){ decimal.p + whole.n, decimal.n - whole.n });
    return buf_str(&out);
}

str money_text(struct arena *a, int64_t amount_minor, str currency)
{
    str amount = grouped(a, money_decimal(a, amount_minor, currency));
    return arena_printf(a, "%.*s %.*s", STR_ARG(amount), STR_ARG(currency));
}
