/* See test_bank.h. */
#include "paysrv/domain/bank/test_bank.h"

#define CODE_N 4

static bool code_is_valid(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9')))
            return false;
    return s.n == CODE_N;
}

enum test_bank_fate test_bank_fate_of(str holder, str *reason)
{
    str word, rest = holder;
    *reason = STR_NONE;
    if (str_eq(holder, STR("Silent")))
        return TEST_BANK_IS_SILENT;
    if (!str_cut(&rest, ' ', &word) || !code_is_valid(rest))
        return TEST_BANK_PAYS;
    bool rejects = str_eq(word, STR("Reject")), returns = str_eq(word, STR("Return"));
    if (rejects || returns)
        *reason = rest;
    return rejects ? TEST_BANK_REJECTS : returns ? TEST_BANK_RETURNS : TEST_BANK_PAYS;
}

enum verification test_bank_payee(str holder, str *matched_name)
{
    str word, rest = holder;
    *matched_name = STR_NONE;
    if (str_eq(holder, STR("Mismatch")))
        return VERIFICATION_NO_MATCH;
    if (str_eq(holder, STR("Unverifiable")))
        return VERIFICATION_NOT_POSSIBLE;
    if (str_eq(holder, STR("Unanswered")))
        return VERIFICATION_UNKNOWN;
    if (!str_cut(&rest, ' ', &word) || !str_eq(word, STR("Close")) || rest.n == 0)
        return VERIFICATION_MATCH;
    *matched_name = rest;
    return VERIFICATION_CLOSE_MATCH;
}

static enum test_bank_step answer_of(enum test_bank_fate fate)
{
    switch (fate) {
    case TEST_BANK_PAYS:
    case TEST_BANK_RETURNS:
        return TEST_BANK_PAY;
    case TEST_BANK_REJECTS:
        return TEST_BANK_REJECT;
    case TEST_BANK_IS_SILENT:
        break;
    }
    return TEST_BANK_GIVE_UP;
}

enum test_bank_step test_bank_judge(enum test_bank_fate fate, enum payout_state state, instant since,
                                    duration answer_within, instant now, instant *at)
{
    bool is_sent = state == PAYOUT_SENT, comes_back = state == PAYOUT_PAID && fate == TEST_BANK_RETURNS;
    if (!is_sent && !comes_back)
        return TEST_BANK_DONE;
    *at = instant_add(since, comes_back                    ? TEST_BANK_RETURNS_AFTER
                             : fate == TEST_BANK_IS_SILENT ? answer_within
                                                           : TEST_BANK_ANSWERS_AFTER);
    if (instant_before(now, *at))
        return TEST_BANK_WAIT;
    return comes_back ? TEST_BANK_RETURN : answer_of(fate);
}
