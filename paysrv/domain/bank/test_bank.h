/*
 * What the test bank, which pays the payouts of sandbox partners, does with one: it stands in the name of who gets it,
 * in the words of the sandbox bank (docs/protocol/acquirer.md, The bank). It keeps days, by the partner's test clock.
 */
#pragma once

#include "paysrv/domain/party/verification.h"
#include "paysrv/domain/payout/payout.h"
#include "shared/base/instant.h"

enum test_bank_fate { TEST_BANK_PAYS, TEST_BANK_REJECTS, TEST_BANK_RETURNS, TEST_BANK_IS_SILENT };

#define TEST_BANK_ANSWERS_AFTER DAYS(1) /* after the order: paid, or rejected */
#define TEST_BANK_RETURNS_AFTER DAYS(3) /* after it was paid */

/* "Reject AC04", "Return AC06", "Silent"; anybody else is paid. *reason: the code, absent when there is none. */
enum test_bank_fate test_bank_fate_of(str holder, str *reason);

/* What it says of a holder: "Mismatch" is somebody else, "Close NAME" nearly NAME, of "Unverifiable" it cannot say, and
 * of "Unanswered" it never does; everybody else is who he says. */
enum verification test_bank_payee(str holder, str *matched_name);

enum test_bank_step {
    TEST_BANK_PAY,
    TEST_BANK_REJECT,
    TEST_BANK_RETURN,
    TEST_BANK_GIVE_UP,
    TEST_BANK_WAIT,
    TEST_BANK_DONE
};

/* What it does now; GIVE_UP: it says nothing, and that has been waited for. *at, unless DONE: when it does something
 * next, in WAIT, or after what it does now if something comes after. since: when it came into this state. */
enum test_bank_step test_bank_judge(enum test_bank_fate fate, enum payout_state state, instant since,
                                    duration answer_within, instant now, instant *at);
