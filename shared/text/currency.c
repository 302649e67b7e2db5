/* ISO 4217 list one, in the order of the codes. See currency.h. */
#include "shared/text/currency.h"

#include <stddef.h>
#include <string.h>

static const struct currency currencies[] = {
    { "AED", 784, 2, true },  { "AFN", 971, 2, true },  { "ALL", 8, 2, true },   { "AMD", 51, 2, true },
    { "ANG", 532, 2, false }, { "AOA", 973, 2, true },  { "ARS", 32, 2, true },  { "AUD", 36, 2, true },
    { "AWG", 533, 2, true },  { "AZN", 944, 2, true },  { "BAM", 977, 2, true }, { "BBD", 52, 2, true },
    { "BDT", 50, 2, true },   { "BGN", 975, 2, false }, { "BHD", 48, 3, true },  { "BIF", 108, 0, true },
    { "BMD", 60, 2, true },   { "BND", 96, 2, true },   { "BOB", 68, 2, true },  { "BRL", 986, 2, true },
    { "BSD", 44, 2, true },   { "BTN", 64, 2, true },   { "BWP", 72, 2, true },  { "BYN", 933, 2, true },
    { "BZD", 84, 2, true },   { "CAD", 124, 2, true },  { "CDF", 976, 2, true }, { "CHF", 756, 2, true },
    { "CLF", 990, 4, true },  { "CLP", 152, 0, true },  { "CNY", 156, 2, true }, { "COP", 170, 2, true },
    { "CRC", 188, 2, true },  { "CUC", 931, 2, false }, { "CUP", 192, 2, true }, { "CVE", 132, 2, true },
    { "CZK", 203, 2, true },  { "DJF", 262, 0, true },  { "DKK", 208, 2, true }, { "DOP", 214, 2, true },
    { "DZD", 12, 2, true },   { "EGP", 818, 2, true },  { "ERN", 232, 2, true }, { "ETB", 230, 2, true },
    { "EUR", 978, 2, true },  { "FJD", 242, 2, true },  { "FKP", 238, 2, true }, { "GBP", 826, 2, true },
    { "GEL", 981, 2, true },  { "GHS", 936, 2, true },  { "GIP", 292, 2, true }, { "GMD", 270, 2, true },
    { "GNF", 324, 0, true },  { "GTQ", 320, 2, true },  { "GYD", 328, 2, true }, { "HKD", 344, 2, true },
    { "HNL", 340, 2, true },  { "HRK", 191, 2, false }, { "HTG", 332, 2, true }, { "HUF", 348, 2, true },
    { "IDR", 360, 2, true },  { "ILS", 376, 2, true },  { "INR", 356, 2, true }, { "IQD", 368, 3, true },
    { "IRR", 364, 2, true },  { "ISK", 352, 0, true },  { "JMD", 388, 2, true }, { "JOD", 400, 3, true },
    { "JPY", 392, 0, true },  { "KES", 404, 2, true },  { "KGS", 417, 2, true }, { "KHR", 116, 2, true },
    { "KMF", 174, 0, true },  { "KPW", 408, 2, true },  { "KRW", 410, 0, true }, { "KWD", 414, 3, true },
    { "KYD", 136, 2, true },  { "KZT", 398, 2, true },  { "LAK", 418, 2, true }, { "LBP", 422, 2, true },
    { "LKR", 144, 2, true },  { "LRD", 430, 2, true },  { "LSL", 426, 2, true }, { "LYD", 434, 3, true },
    { "MAD", 504, 2, true },  { "MDL", 498, 2, true },  { "MGA", 969, 2, true }, { "MKD", 807, 2, true },
    { "MMK", 104, 2, true },  { "MNT", 496, 2, true },  { "MOP", 446, 2, true }, { "MRU", 929, 2, true },
    { "MUR", 480, 2, true },  { "MVR", 462, 2, true },  { "MWK", 454, 2, true }, { "MXN", 484, 2, true },
    { "MYR", 458, 2, true },  { "MZN", 943, 2, true },  { "NAD", 516, 2, true }, { "NGN", 566, 2, true },
    { "NIO", 558, 2, true },  { "NOK", 578, 2, true },  { "NPR", 524, 2, true }, { "NZD", 554, 2, true },
    { "OMR", 512, 3, true },  { "PAB", 590, 2, true },  { "PEN", 604, 2, true }, { "PGK", 598, 2, true },
    { "PHP", 608, 2, true },  { "PKR", 586, 2, true },  { "PLN", 985, 2, true }, { "PYG", 600, 0, true },
    { "QAR", 634, 2, true },  { "RON", 946, 2, true },  { "RSD", 941, 2, true }, { "RUB", 643, 2, true },
    { "RWF", 646, 0, true },  { "SAR", 682, 2, true },  { "SBD", 90, 2, true },  { "SCR", 690, 2, true },
    { "SDG", 938, 2, true },  { "SEK", 752, 2, true },  { "SGD", 702, 2, true }, { "SHP", 654, 2, true },
    { "SLE", 925, 2, true },  { "SLL", 694, 2, false }, { "SOS", 706, 2, true }, { "SRD", 968, 2, true },
    { "SSP", 728, 2, true },  { "STN", 930, 2, true },  { "SVC", 222, 2, true }, { "SYP", 760, 2, true },
    { "SZL", 748, 2, true },  { "THB", 764, 2, true },  { "TJS", 972, 2, true }, { "TMT", 934, 2, true },
    { "TND", 788, 3, true },  { "TOP", 776, 2, true },  { "TRY", 949, 2, true }, { "TTD", 780, 2, true },
    { "TWD", 901, 2, true },  { "TZS", 834, 2, true },  { "UAH", 980, 2, true }, { "UGX", 800, 0, true },
    { "USD", 840, 2, true },  { "UYU", 858, 2, true },  { "UYW", 927, 4, true }, { "UZS", 860, 2, true },
    { "VED", 926, 2, true },  { "VES", 928, 2, true },  { "VND", 704, 0, true }, { "VUV", 548, 0, true },
    { "WST", 882, 2, true },  { "XAF", 950, 0, true },  { "XCD", 951, 2, true }, { "XCG", 532, 2, true },
    { "XOF", 952, 0, true },  { "XPF", 953, 0, true },  { "YER", 886, 2, true }, { "ZAR", 710, 2, true },
    { "ZMW", 967, 2, true },  { "ZWG", 924, 2, true },  { "ZWL", 932, 2, false }
};

const struct currency *currency_find(str code)
{
    size_t low = 0, high = sizeof currencies / sizeof currencies[0];
    if (code.n != 3)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(code.p, currencies[middle].code, 3);
        if (order == 0)
            return &currencies[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool currency_is_taken(str code)
{
    const struct currency *found = currency_find(code);
    return found && found->is_active;
}

str currency_of_bank(str code)
{
    return str_eq(code, STR("RUR")) ? STR("RUB") : code;
}

str currency_allowed(str code)
{
    return str_eq(code, STR("RUR"))
               ? STR("must be RUB: RUR was the rouble until 1998")
               : STR("must be the code of a currency of ISO 4217 that is in use, such as EUR, JPY or BHD");
}
