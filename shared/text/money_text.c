/* ISO 4217 exponents and amounts with a decimal point. */
#include "shared/text/money_text.h"

#include <inttypes.h>

#include "shared/base/buf.h"
#include "shared/base/panic.h"

struct group {
    int exponent;
    const char *codes;
};

/* Everything listed in ISO 4217 that money can be paid in; withdrawn codes (RUR) and funds codes are not. */
static const struct group groups[] = {
    { 0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF" },
    { 2, "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
         "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
         "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
         "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
         "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW" },
    { 3, "BHD IQD JOD KWD LYD OMR TND" },
    { 4, "CLF UYW" },
};

bool currency_exponent(str currency, int *ret)
{
    if (currency.n != 3)
        return false;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (str_has_word(str_of(groups[i].codes), currency)) {
            *ret = groups[i].exponent;
            return true;
        }
    }
    return false;
}

str money_decimal(struct arena *a, int64_t amount_minor, str currency)
{
    int exponent = 0;
    if (!currency_exponent(currency, &exponent))
        panic("an amount in no currency");
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
