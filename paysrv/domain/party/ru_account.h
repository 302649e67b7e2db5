/*
 * Russian requisites, as far as they can be checked without asking anybody: BIK (9 digits), account (20 digits) with
 * the key that depends on the BIK (weights 7-1-3), INN (10 or 12 digits with check digits), KPP.
 */
#pragma once

#include <stdbool.h>

#include "shared/base/str.h"

struct ru_account {
    str bik;
    str account;
    str correspondent; /* absent: not given */
    str inn;
    str kpp; /* absent: not given; persons and sole proprietors have none */
};

enum ru_verdict { RU_GOOD = 1, RU_BAD_BIK, RU_BAD_ACCOUNT, RU_BAD_CORRESPONDENT, RU_BAD_INN, RU_BAD_KPP };

enum ru_verdict ru_account_judge(const struct ru_account *a);
/* Which input is wrong, and what is allowed there. */
str ru_verdict_param(enum ru_verdict verdict);
str ru_verdict_explain(enum ru_verdict verdict);

bool ru_bik_is_valid(str bik);
/* The key of an account with a bank, or (bank's branch of the central bank) of a correspondent account. */
bool ru_account_key_fits(str bik, str account, bool is_with_central_bank);
bool ru_inn_is_valid(str inn);
bool ru_kpp_is_valid(str kpp);
