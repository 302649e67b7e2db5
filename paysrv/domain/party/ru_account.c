/* See ru_account.h. The key: Bank of Russia, order of calculation of the control key of an account, No 515
 * of 8.09.1997. */
#include "paysrv/domain/party/ru_account.h"

#define BIK_DIGITS 9
#define ACCOUNT_DIGITS 20

static bool all_digits(str s, size_t n)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == n;
}

static int digit(str s, size_t i)
{
    return s.p[i] - '0';
}

bool ru_bik_is_valid(str bik)
{
    return all_digits(bik, BIK_DIGITS) && bik.p[0] == '0';
}

/* The last digits of the products of 7-1-3 over three digits of the BIK and the account sum to a multiple of ten. */
bool ru_account_key_fits(str bik, str account, bool is_with_central_bank)
{
    static const int weights[] = { 7, 1, 3 };
    if (!all_digits(bik, BIK_DIGITS) || !all_digits(account, ACCOUNT_DIGITS))
        return false;
    int head[3] = { digit(bik, 6), digit(bik, 7), digit(bik, 8) };
    if (is_with_central_bank) {
        head[0] = 0;
        head[1] = digit(bik, 4);
        head[2] = digit(bik, 5);
    }
    int sum = 0;
    for (int i = 0; i < 3; i++)
        sum += head[i] * weights[i] % 10;
    for (size_t i = 0; i < ACCOUNT_DIGITS; i++)
        sum += digit(account, i) * weights[i % 3] % 10;
    return sum % 10 == 0;
}

static int inn_check(str inn, const int *weights, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += digit(inn, i) * weights[i];
    return sum % 11 % 10;
}

bool ru_inn_is_valid(str inn)
{
    static const int company[] = { 2, 4, 10, 3, 5, 9, 4, 6, 8 };
    static const int first[] = { 7, 2, 4, 10, 3, 5, 9, 4, 6, 8 };
    static const int second[] = { 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8 };
    if (str_starts(inn, STR("00"))) /* of no region: zeros have good check digits */
        return false;
    if (all_digits(inn, 10))
        return inn_check(inn, company, 9) == digit(inn, 9);
    return all_digits(inn, 12) && inn_check(inn, first, 10) == digit(inn, 10) &&
           inn_check(inn, second, 11) == digit(inn, 11);
}

/* NNNNPPXXX: four digits of the tax office, two digits or capital letters of the reason, three digits. */
bool ru_kpp_is_valid(str kpp)
{
    for (size_t i = 0; i < kpp.n; i++) {
        bool is_digit = kpp.p[i] >= '0' && kpp.p[i] <= '9', is_capital = kpp.p[i] >= 'A' && kpp.p[i] <= 'Z';
        if (!is_digit && !(is_capital && (i == 4 || i == 5)))
            return false;
    }
    return kpp.n == 9;
}

/* A correspondent account is with the central bank, in roubles, and ends as its bank's BIK does. */
static bool correspondent_fits(str bik, str account)
{
    return ru_account_key_fits(bik, account, true) && str_starts(account, STR("30101")) &&
           memcmp(account.p + 17, bik.p + 6, 3) == 0;
}

/* Banks' numbers begin with 050; below are branches of the central bank, whose own accounts have the other key. */
static bool is_central_bank(str bik)
{
    return digit(bik, 6) == 0 && digit(bik, 7) == 0 && digit(bik, 8) <= 2;
}

enum ru_verdict ru_account_judge(const struct ru_account *a)
{
    if (!ru_bik_is_valid(a->bik))
        return RU_BAD_BIK;
    if (!ru_account_key_fits(a->bik, a->account, is_central_bank(a->bik)))
        return RU_BAD_ACCOUNT;
    if (str_given(a->correspondent) && !correspondent_fits(a->bik, a->correspondent))
        return RU_BAD_CORRESPONDENT;
    if (!ru_inn_is_valid(a->inn))
        return RU_BAD_INN;
    return str_given(a->kpp) && !ru_kpp_is_valid(a->kpp) ? RU_BAD_KPP : RU_GOOD;
}

str ru_verdict_param(enum ru_verdict verdict)
{
    switch (verdict) {
    case RU_GOOD:
        return STR_NONE;
    case RU_BAD_BIK:
        return STR("bik");
    case RU_BAD_ACCOUNT:
        return STR("account");
    case RU_BAD_CORRESPONDENT:
        return STR("correspondent");
    case RU_BAD_INN:
        return STR("inn");
    case RU_BAD_KPP:
        return STR("kpp");
    }
    return STR_NONE;
}

str ru_verdict_explain(enum ru_verdict verdict)
{
    switch (verdict) {
    case RU_GOOD:
        return STR_NONE;
    case RU_BAD_BIK:
        return STR("9 digits, the first of them 0");
    case RU_BAD_ACCOUNT:
        return STR("20 digits, of which the key fits the BIK");
    case RU_BAD_CORRESPONDENT:
        return STR("20 digits that begin with 30101 and end as the BIK does, of which the key fits the BIK");
    case RU_BAD_INN:
        return STR("10 or 12 digits, the last of which are right");
    case RU_BAD_KPP:
        return STR("9 characters: digits, the fifth and sixth may be capital letters");
    }
    return STR_NONE;
}
