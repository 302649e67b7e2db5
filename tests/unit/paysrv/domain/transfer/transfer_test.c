/* References of transfers in what payers write, what credits become of, and the picture that applications read. */
#include "paysrv/domain/transfer/transfer.h"

#include "paysrv/domain/bank/creditor_reference.h"
#include "tests/support/test.h"

#define GOOD "RF13539007547034123"

TEST(creditor_references_are_those_of_iso_11649)
{
    str made = creditor_reference_of(arena, STR("cha_1"));
    CHECK(creditor_reference_is_valid(made));
    CHECK_STR(creditor_reference_of(arena, STR("cha_1")), made);
    CHECK(!str_eq(creditor_reference_of(arena, STR("cha_2")), made));
    CHECK(!creditor_reference_is_valid(STR("RF18539007547034"))); /* good, and none of ours */
    CHECK(!creditor_reference_is_valid(STR_NONE));
    CHECK_STR(creditor_reference_grouped(arena, STR(GOOD)), STR("RF13 5390 0754 7034 123"));
}

TEST(creditor_references_are_found_as_people_write_them)
{
    static const char *const written[] = { GOOD,
                                           "rf13539007547034123",
                                           "Rf13 5390 0754 7034 123",
                                           "Order 7/RF13 5390-0754.7034 123, thanks",
                                           "SVWZ+RF13539007 547034123 DATUM 27.11.2026",
                                           "rf 13 539007547034123",
                                           "RFRF13539007547034123",
                                           GOOD " " GOOD };
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++)
        CHECK_STR(creditor_reference_find(arena, str_of(written[i])), STR(GOOD));
    static const char *const not_there[] = {
        "", "RF", "RF13", "R F13539007547034123", "RF13539007547034124", "RF135390075470341234", "13539007547034123"
    };
    for (size_t i = 0; i < sizeof not_there / sizeof not_there[0]; i++)
        CHECK(!str_given(creditor_reference_find(arena, str_of(not_there[i]))));
    str two = arena_printf(arena, GOOD " %.*s", STR_ARG(creditor_reference_of(arena, STR("cha_1"))));
    CHECK(!str_given(creditor_reference_find(arena, two)));
    CHECK(!str_given(creditor_reference_find(arena, STR_NONE)));
}

TEST(a_transfer_has_the_state_of_its_attempt)
{
    CHECK_I64(transfer_state_of(CALL_ACTION, false), TRANSFER_WAITS);
    CHECK_I64(transfer_state_of(CALL_SENT, false), TRANSFER_WAITS);
    CHECK_I64(transfer_state_of(CALL_ACTION, true), TRANSFER_CLOSED);
    CHECK_I64(transfer_state_of(CALL_DECLINED, false), TRANSFER_CLOSED);
    CHECK_I64(transfer_state_of(CALL_OK, false), TRANSFER_PAID);
}

TEST(a_transfer_is_complete_with_what_was_asked_for)
{
    CHECK(transfer_is_complete(100, 100) && transfer_is_complete(100, 101) && !transfer_is_complete(100, 99));
    CHECK(transfer_rest(100, 99) == 1 && transfer_rest(100, 100) == 0 && transfer_rest(100, 101) == 0);
}

TEST(credits_pay_in_their_order_and_the_rest_goes_back)
{
    struct transfer_credit c[] = { { .amount_minor = 60 },
                                   { .amount_minor = 60 },
                                   { .amount_minor = 5, .is_late = true } };
    int64_t left = transfer_left(TRANSFER_PAID, 100, 0);
    CHECK(transfer_settle(TRANSFER_PAID, &left, c, 3));
    CHECK_I64(left, 0);
    CHECK(c[0].applied_minor == 60 && c[0].back_minor == 0);
    CHECK(c[1].applied_minor == 40 && c[1].back_minor == 20 && c[1].reason == REPAYMENT_SURPLUS);
    CHECK(c[2].applied_minor == 0 && c[2].back_minor == 5 && c[2].reason == REPAYMENT_LATE);
    struct transfer_credit later[] = { { .amount_minor = 100, .is_late = true } };
    CHECK_I64(left = transfer_left(TRANSFER_PAID, 100, 100), 0);
    CHECK(transfer_settle(TRANSFER_PAID, &left, later, 1));
    CHECK(later[0].back_minor == 100);
    struct transfer_credit part[] = { { .amount_minor = 60 } };
    CHECK_I64(left = transfer_left(TRANSFER_CLOSED, 100, 0), 0);
    CHECK(transfer_settle(TRANSFER_CLOSED, &left, part, 1));
    CHECK(part[0].back_minor == 60 && part[0].reason == REPAYMENT_INCOMPLETE);
    left = transfer_left(TRANSFER_PAID, 100, 0);
    CHECK(transfer_settle(TRANSFER_PAID, &left, part, 1));
    CHECK_I64(left, 40); /* of those that come after it, else it was paid by less than it asked for */
    struct transfer_credit too_late[] = { { .amount_minor = 40, .is_late = true } };
    CHECK(transfer_settle(TRANSFER_PAID, &left, too_late, 1));
    CHECK(too_late[0].applied_minor == 0 && too_late[0].back_minor == 40 && left == 40);
    CHECK(!transfer_settle(TRANSFER_WAITS, &left, part, 1));
    left = transfer_left(TRANSFER_PAID, 100, 101);
    CHECK(!transfer_settle(TRANSFER_PAID, &left, part, 1)); /* more was applied than was asked for */
}

TEST(a_refund_goes_to_one_who_paid_that_much)
{
    const struct transfer_payer payers[] = { { 30 }, { 70 } };
    int64_t most = 999;
    CHECK_I64(transfer_refund_payer(payers, 2, 30, &most), 0);
    CHECK_I64(transfer_refund_payer(payers, 2, 31, &most), 1);
    CHECK_I64(transfer_refund_payer(payers, 2, 71, &most), -1);
    CHECK_I64(most, 70);
    const struct transfer_payer others[] = { { 70 }, { 30 } };
    CHECK_I64(transfer_refund_payer(others, 2, 71, &most), -1);
    CHECK_I64(most, 70);
}

TEST(the_picture_says_what_the_epc_wants)
{
    const struct transfer_code code = { .holder_name = STR("Stoa GmbH"),
                                        .iban = STR("DE89370400440532013000"),
                                        .bic = STR("COBADEFFXXX"),
                                        .reference = STR(GOOD),
                                        .amount_minor = 123005 };
    CHECK_STR(transfer_code_text(arena, &code),
              STR("BCD\n002\n1\nSCT\nCOBADEFFXXX\nStoa GmbH\nDE89370400440532013000\nEUR1230.05\n\n" GOOD));
}
