/* See luhn.h. */
#include "paysrv/domain/payment/luhn.h"

#define NUMBER_MIN_DIGITS 12
#define NUMBER_MAX_DIGITS 19

bool luhn_fits(str digits)
{
    int sum = 0;
    for (size_t i = 0; i < digits.n; i++) {
        int d = (digits.p[digits.n - 1 - i] - '0') * (i % 2 ? 2 : 1);
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10 == 0;
}

bool is_card_number(str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return text.n >= NUMBER_MIN_DIGITS && text.n <= NUMBER_MAX_DIGITS && luhn_fits(text);
}
