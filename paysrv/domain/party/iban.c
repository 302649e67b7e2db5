/* Countries and lengths of the SWIFT IBAN registry that a bank payout may name. See iban.h. */
#include "paysrv/domain/party/iban.h"

struct country {
    char code[3];
    unsigned char length;
    bool sepa;
};

static const struct country countries[] = {
    { "AD", 24, true },  { "AE", 23, false }, { "AL", 28, true },  { "AT", 20, true },  { "AZ", 28, false },
    { "BA", 20, false }, { "BE", 16, true },  { "BG", 22, true },  { "BH", 22, false }, { "BR", 29, false },
    { "BY", 28, false }, { "CH", 21, true },  { "CR", 22, false }, { "CY", 28, true },  { "CZ", 24, true },
    { "DE", 22, true },  { "DK", 18, true },  { "DO", 28, false }, { "EE", 20, true },  { "EG", 29, false },
    { "ES", 24, true },  { "FI", 18, true },  { "FO", 18, false }, { "FR", 27, true },  { "GB", 22, true },
    { "GE", 22, false }, { "GI", 23, true },  { "GL", 18, false }, { "GR", 27, true },  { "GT", 28, false },
    { "HR", 21, true },  { "HU", 28, true },  { "IE", 22, true },  { "IL", 23, false }, { "IQ", 23, false },
    { "IS", 26, true },  { "IT", 27, true },  { "JO", 30, false }, { "KW", 30, false }, { "KZ", 20, false },
    { "LB", 28, false }, { "LC", 32, false }, { "LI", 21, true },  { "LT", 20, true },  { "LU", 20, true },
    { "LV", 21, true },  { "LY", 25, false }, { "MC", 27, true },  { "MD", 24, true },  { "ME", 22, true },
    { "MK", 19, true },  { "MR", 27, false }, { "MT", 31, true },  { "MU", 30, false }, { "NL", 18, true },
    { "NO", 15, true },  { "PK", 24, false }, { "PL", 28, true },  { "PS", 29, false }, { "PT", 25, true },
    { "QA", 29, false }, { "RO", 24, true },  { "RS", 22, true },  { "SA", 24, false }, { "SC", 31, false },
    { "SE", 24, true },  { "SI", 19, true },  { "SK", 24, true },  { "SM", 27, true },  { "ST", 25, false },
    { "SV", 28, false }, { "TL", 23, false }, { "TN", 24, false }, { "TR", 26, false }, { "UA", 29, false },
    { "VA", 22, true },  { "VG", 24, false }, { "XK", 20, false },
};

static const struct country *country_find(str code)
{
    if (code.n != 2)
        return NULL;
    for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++)
        if (memcmp(countries[i].code, code.p, 2) == 0)
            return &countries[i];
    return NULL;
}

bool iban_country_is_sepa(str code)
{
    const struct country *country = country_find(code);
    return country && country->sepa;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Keeps *n <= IBAN_MAX. */
static bool electronic_format(str typed, char out[IBAN_MAX], size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if ((!is_digit(c) && !is_capital(c)) || *n == IBAN_MAX)
            return false;
        out[(*n)++] = c;
    }
    return *n >= 5 && is_capital(out[0]) && is_capital(out[1]) && is_digit(out[2]) && is_digit(out[3]);
}

static unsigned mod97(const char *p, size_t n)
{
    unsigned rest = 0;
    for (size_t i = 0; i < n; i++) {
        char c = p[(i + 4) % n]; /* the first four characters stand last */
        if (is_digit(c))
            rest = (rest * 10 + (unsigned)(c - '0')) % 97;
        else
            rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
    }
    return rest;
}

enum iban_verdict iban_judge(struct arena *a, str typed, str *ret)
{
    char text[IBAN_MAX];
    size_t n;
    if (!electronic_format(typed, text, &n))
        return IBAN_BAD_SYNTAX;
    const struct country *country = country_find((str){ text, 2 });
    if (!country)
        return IBAN_UNKNOWN_COUNTRY;
    if (n != country->length)
        return IBAN_BAD_LENGTH;
    /* 00, 01 and 99 satisfy the congruence for some numbers, but no bank issues them. */
    if (mod97(text, n) != 1 || (text[2] == '0' && text[3] <= '1') || (text[2] == '9' && text[3] == '9'))
        return IBAN_BAD_CHECK_DIGITS;
    *ret = arena_str(a, (str){ text, n });
    return IBAN_GOOD;
}

str iban_verdict_explain(enum iban_verdict verdict)
{
    switch (verdict) {
    case IBAN_GOOD:
        break;
    case IBAN_BAD_SYNTAX:
        return STR("two letters, two digits, then letters and digits; spaces are allowed");
    case IBAN_UNKNOWN_COUNTRY:
        return STR("the first two letters are no country with IBANs that is supported");
    case IBAN_BAD_LENGTH:
        return STR("the length is wrong for this country");
    case IBAN_BAD_CHECK_DIGITS:
        return STR("the check digits do not match: there is a typing error");
    }
    return STR_NONE;
}

str iban_masked(struct arena *a, str iban)
{
    if (iban.n < 8)
        return STR("••••");
    return arena_printf(a, "%.2s•• •••• %.4s", iban.p, iban.p + iban.n - 4);
}

bool bic_is_valid(str bic)
{
    if (bic.n != 8 && bic.n != 11)
        return false;
    for (size_t i = 0; i < bic.n; i++) {
        bool letter_only = i == 4 || i == 5;
        if (!is_capital(bic.p[i]) && (letter_only || !is_digit(bic.p[i])))
            return false;
    }
    return true;
}
