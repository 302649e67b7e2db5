/* What the bank's lines do to payouts, and the order of statements. */
#include "paysrv/domain/bank/bank_match.h"

#include "paysrv/domain/bank/bank_file.h"
#include "tests/support/test.h"

static enum bank_effect judge(enum payout_state state, enum bank_line_kind kind, bool otherwise)
{
    return bank_judge(
        &(struct bank_case){ .state = state, .kind = kind, .amount_fits = true, .is_booked_otherwise = otherwise });
}

TEST(bank_moves_money_only_by_steps_of_the_state_machine)
{
    for (unsigned i = 0; i < PAYOUT_STATE_COUNT; i++) {
        enum payout_state state = (enum payout_state)i;
        bool at_bank = state == PAYOUT_SENT || state == PAYOUT_UNKNOWN;
        CHECK((judge(state, BANK_LINE_DEBIT, false) == BANK_PAY) == at_bank);
        CHECK((judge(state, BANK_LINE_REJECTED, false) == BANK_REJECT) == at_bank);
        CHECK((judge(state, BANK_LINE_RETURN, false) == BANK_PAY_AND_RETURN) == at_bank);
        CHECK((judge(state, BANK_LINE_RETURN, false) == BANK_RETURN) == (state == PAYOUT_PAID));
        CHECK(!at_bank || payout_may_become(state, PAYOUT_PAID));
        CHECK(!at_bank || payout_may_become(state, PAYOUT_REJECTED));
    }
}

TEST(bank_contradictions_and_second_bookings_are_breaks)
{
    CHECK_I64(judge(PAYOUT_REJECTED, BANK_LINE_DEBIT, false), BANK_BREAK_STATE);
    CHECK_I64(judge(PAYOUT_CANCELED, BANK_LINE_DEBIT, false), BANK_BREAK_STATE);
    CHECK_I64(judge(PAYOUT_PAID, BANK_LINE_REJECTED, false), BANK_BREAK_STATE);
    CHECK_I64(judge(PAYOUT_REJECTED, BANK_LINE_RETURN, false), BANK_BREAK_STATE);
    CHECK_I64(judge(PAYOUT_PAID, BANK_LINE_DEBIT, false), BANK_KNOWN);
    CHECK_I64(judge(PAYOUT_PAID, BANK_LINE_DEBIT, true), BANK_BREAK_DUPLICATE);
    CHECK_I64(judge(PAYOUT_RETURNED, BANK_LINE_DEBIT, false), BANK_KNOWN);
    CHECK_I64(judge(PAYOUT_RETURNED, BANK_LINE_RETURN, false), BANK_KNOWN);
    CHECK_I64(judge(PAYOUT_RETURNED, BANK_LINE_RETURN, true), BANK_BREAK_DUPLICATE);
    CHECK_I64(judge(PAYOUT_REJECTED, BANK_LINE_REJECTED, true), BANK_KNOWN);
}

TEST(bank_another_amount_is_a_break_whatever_the_state)
{
    struct bank_case c = { .state = PAYOUT_SENT, .kind = BANK_LINE_DEBIT };
    CHECK_I64(bank_judge(&c), BANK_BREAK_AMOUNT);
}

TEST(bank_says_nothing_of_an_order_that_is_held)
{
    static const enum bank_line_kind kinds[] = { BANK_LINE_DEBIT, BANK_LINE_RETURN, BANK_LINE_REJECTED };
    for (size_t i = 0; i < 3; i++) {
        struct bank_case c = { .state = PAYOUT_SENT, .kind = kinds[i], .amount_fits = true, .is_held = true };
        CHECK_I64(bank_judge(&c), BANK_BREAK_STATE);
    }
}

TEST(bank_end_to_end_ids_lead_back_to_payouts)
{
    CHECK_STR(bank_payout_of(arena, bank_file_end_to_end_id(arena, STR("po_01hx"))), STR("po_01hx"));
    CHECK(!str_given(bank_payout_of(arena, STR("invoice 7"))));
    CHECK(!str_given(bank_payout_of(arena, STR_NONE)));
    CHECK_STR(bank_payout_of(arena, STR("po-00000000000000000000000000000001")),
              STR("po_00000000000000000000000000000001"));
    CHECK(!str_given(bank_payout_of(arena, STR("po-000000000000000000000000000000001"))));
}

TEST(bank_reasons)
{
    CHECK(bank_reason_is_duplicate(STR("AM05")) && !bank_reason_is_duplicate(STR("AM04")));
    CHECK(!bank_reason_is_duplicate(STR_NONE));
    CHECK(bank_reason_ends_requisite(STR("AC04")) && !bank_reason_ends_requisite(STR("AM04")));
}

TEST(statements_follow_each_other_or_wait)
{
    struct statement_place first = { 1, 0, 100 }, second = { 2, 100, 70 }, third = { 3, 70, 90 };
    struct statement_place year = { 1, 70, 60 }, other = { 2, 100, 71 }, empty = { 3, 100, 100 };
    struct statement_place torn = { 2, 99, 70 };
    CHECK_I64(statement_judge(NULL, NULL, &first), STATEMENT_NEXT);
    CHECK_I64(statement_judge(&first, NULL, &second), STATEMENT_NEXT);
    CHECK_I64(statement_judge(&first, NULL, &third), STATEMENT_GAP);
    CHECK_I64(statement_judge(&first, NULL, &empty), STATEMENT_GAP);
    CHECK_I64(statement_judge(&first, NULL, &torn), STATEMENT_GAP);
    CHECK_I64(statement_judge(&second, NULL, &year), STATEMENT_NEXT);
    CHECK_I64(statement_judge(&third, &second, &second), STATEMENT_SEEN);
    CHECK_I64(statement_judge(&third, &second, &other), STATEMENT_CHANGED);
    struct statement_place renamed = { 2, 99, 70 }, unnumbered = { 0, 100, 70 };
    CHECK_I64(statement_judge(&third, &second, &renamed), STATEMENT_CHANGED);
    CHECK_I64(statement_judge(&first, NULL, &unnumbered), STATEMENT_NEXT);
    first.sequence = 0;
    CHECK_I64(statement_judge(&first, NULL, &second), STATEMENT_NEXT);
}

TEST(statements_that_say_their_days_may_overlap_and_leave_none_out)
{
    struct statement_place last = { 0, 0, 100, 10, 14 }, next = { 0, 100, 70, 15, 15 }, later = { 0, 100, 70, 16, 16 };
    struct statement_place over = { 0, 55, 70, 12, 15 }, before = { 0, 9, 0, 1, 9 }, again = { 0, 0, 90, 10, 14 };
    struct statement_place touching = { 0, 55, 70, 14, 15 }, other = { 0, 1, 90, 10, 14 }, torn = { 0, 99, 70, 15, 15 };
    CHECK_I64(statement_judge(NULL, NULL, &later), STATEMENT_NEXT);
    CHECK_I64(statement_judge(&last, NULL, &next), STATEMENT_NEXT);
    CHECK_I64(statement_judge(&last, NULL, &later), STATEMENT_GAP);
    CHECK_I64(statement_judge(&last, NULL, &torn), STATEMENT_GAP);
    CHECK_I64(statement_judge(&last, NULL, &over), STATEMENT_NEXT);
    CHECK_I64(statement_judge(&last, NULL, &touching), STATEMENT_NEXT);
    CHECK_I64(statement_judge(&last, NULL, &before), STATEMENT_NEXT);
    CHECK_I64(statement_judge(&next, &last, &again), STATEMENT_NEXT);
    CHECK_I64(statement_judge(&next, &last, &other), STATEMENT_CHANGED);
}

TEST(a_statement_that_is_released_is_from_before_the_last_one_by_its_day_else_by_its_number)
{
    static const struct {
        struct statement_place last, released;
        bool is_before;
    } cases[] = {
        { { .sequence = 5 }, { .sequence = 4 }, true },
        { { .sequence = 5 }, { .sequence = 5 }, false },
        { { .sequence = 5 }, { .sequence = 7 }, false },
        { { .sequence = 5 }, { .sequence = 1 }, false },
        { { .sequence = 5 }, { .sequence = 0 }, false },
        { { .sequence = 0 }, { .sequence = 4 }, false },
        { { .sequence = 5, .closing_day = 9 }, { .sequence = 1, .closing_day = 8 }, true },
        { { .sequence = 5, .closing_day = 9 }, { .sequence = 1, .closing_day = 10 }, false },
        { { .sequence = 5, .closing_day = 9 }, { .sequence = 4, .closing_day = 10 }, false },
        { { .sequence = 5, .closing_day = 9 }, { .sequence = 8, .closing_day = 8 }, true },
        { { .sequence = 5, .closing_day = 9 }, { .sequence = 4, .closing_day = 9 }, true },
        { { .sequence = 5, .closing_day = 9 }, { .sequence = 4 }, true },
        { { .closing_day = 9 }, { .closing_day = 8 }, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_I64(statement_is_before(&cases[i].last, &cases[i].released), cases[i].is_before);
}

TEST(bank_keeps_a_little_of_what_it_returns)
{
    CHECK_I64(bank_return_kept(500, 500, 50), 0);
    CHECK_I64(bank_return_kept(500, 450, 50), 50);
    CHECK_I64(bank_return_kept(500, 449, 50), -1);
    CHECK_I64(bank_return_kept(500, 501, 50), -1);
    CHECK_I64(bank_return_kept(500, 510, 50), -1);
    CHECK_I64(bank_return_kept(40, 0, 50), -1);
    CHECK_I64(bank_return_kept(500, 499, 0), -1);
}
