/* See creditor_reference.h. */
#include "paysrv/domain/bank/creditor_reference.h"

#include "shared/crypto/crypto.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits, then "RF" as 2715, then the check digits: 1 modulo 97. */
static unsigned checksum(const char *digits, const char *check)
{
    static const char letters[] = "2715";
    unsigned rest = 0;
    for (size_t i = 0; i < CREDITOR_REFERENCE_DIGITS; i++)
        rest = (rest * 10 + (unsigned)(digits[i] - '0')) % 97;
    for (size_t i = 0; i < 4; i++)
        rest = (rest * 10 + (unsigned)(letters[i] - '0')) % 97;
    for (size_t i = 0; i < 2; i++)
        rest = (rest * 10 + (unsigned)(check[i] - '0')) % 97;
    return rest;
}

str creditor_reference_of(struct arena *a, str attempt)
{
    digest d = sha256_str(attempt);
    char digits[CREDITOR_REFERENCE_DIGITS];
    for (size_t i = 0; i < CREDITOR_REFERENCE_DIGITS; i++)
        digits[i] = (char)('0' + (d.b[2 * i] << 8 | d.b[2 * i + 1]) % 10);
    unsigned check = 98 - checksum(digits, "00");
    return arena_printf(a, "RF%02u%.*s", check, CREDITOR_REFERENCE_DIGITS, digits);
}

bool creditor_reference_is_valid(str s)
{
    if (s.n != CREDITOR_REFERENCE_N || s.p[0] != 'R' || s.p[1] != 'F')
        return false;
    for (size_t i = 2; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return checksum(s.p + 4, s.p + 2) == 1;
}

str creditor_reference_grouped(struct arena *a, str reference)
{
    char *out = arena_alloc(a, reference.n * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < reference.n; i++) {
        if (i && i % 4 == 0)
            out[n++] = ' ';
        out[n++] = reference.p[i];
    }
    return (str){ out, n };
}

static bool is_between(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '/' || c == '\t' || c == '\r' || c == '\n';
}

/* The characters from at on, without what stands between them. false: fewer than wanted, or the number goes on. */
static bool collected(str text, size_t at, char out[CREDITOR_REFERENCE_N])
{
    size_t n = 0;
    for (; at < text.n && n < CREDITOR_REFERENCE_N; at++) {
        char c = text.p[at];
        if (is_between(c) && n != 1)
            continue;
        if (n < 2 ? (c | 0x20) != "rf"[n] : !is_digit(c))
            return false;
        out[n] = n < 2 ? "RF"[n] : c;
        n++;
    }
    return n == CREDITOR_REFERENCE_N && !(at < text.n && is_digit(text.p[at]));
}

str creditor_reference_find(struct arena *a, str text)
{
    str found = STR_NONE;
    for (size_t i = 0; i < text.n; i++) {
        char word[CREDITOR_REFERENCE_N];
        if ((text.p[i] | 0x20) != 'r' || !collected(text, i, word))
            continue;
        str one = { word, sizeof word };
        if (!creditor_reference_is_valid(one) || (str_given(found) && str_eq(found, one)))
            continue;
        if (str_given(found))
            return STR_NONE;
        found = arena_str(a, one);
    }
    return found;
}
