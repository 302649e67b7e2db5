/* Whatever an acquirer says: what is posted sums to zero, moves his word to the bank and our word off his debt. */
#include "paysrv/domain/settlement/settlement.h"
#include "tests/prop/prop.h"

#define AMOUNT INT64_C(1000000000000)

static struct settlement_sums drawn(struct draw *draw)
{
    return (struct settlement_sums){ .gross_minor = draw_range(draw, -AMOUNT, AMOUNT),
                                     .fee_minor = draw_range(draw, -AMOUNT, AMOUNT),
                                     .expected_minor = draw_range(draw, -AMOUNT, AMOUNT),
                                     .booked_fee_minor = draw_range(draw, 0, AMOUNT) };
}

PROPERTY(a_settlement_is_posted_as_it_was_said)
{
    struct settlement_sums s = drawn(draw);
    struct posting p;
    CHECK(posting_of_settlement(&s, STR("settlement"), STR("platform"), &p));
    CHECK(p.n == 0 || posting_is_balanced(&p));
    CHECK_I64(posting_amount_of(&p, STR("settlement")), s.gross_minor - s.fee_minor);
    CHECK_I64(posting_amount_of(&p, STR("acquirer_receivable")), -s.expected_minor);
    CHECK_I64(posting_amount_of(&p, STR("acquirer_fee")), s.fee_minor - s.booked_fee_minor);
}

/* So lines can be booked one by one or together. */
PROPERTY(sums_of_lines_that_match_need_nobody_to_bear_a_difference)
{
    struct settlement_sums sum = { 0 };
    int64_t n = draw_range(draw, 1, 20);
    for (int64_t i = 0; i < n; i++) {
        struct settlement_ours ours = { .is_known = true, .is_final = true, .fee_minor = -1 };
        ours.gross_minor = draw_range(draw, -AMOUNT / 100, AMOUNT / 100);
        ours.booked_fee_minor = draw_bool(draw) ? draw_range(draw, 0, 100000) : 0;
        const struct settlement_said said = { .gross_minor = ours.gross_minor,
                                              .fee_minor = draw_range(draw, 0, 100000) };
        CHECK_I64(settlement_judge(&said, &ours), SETTLEMENT_MATCHED);
        sum.gross_minor += said.gross_minor;
        sum.fee_minor += said.fee_minor;
        sum.expected_minor += settlement_expected(&ours);
    }
    sum.booked_fee_minor = sum.gross_minor - sum.expected_minor;
    struct posting p;
    CHECK(posting_of_settlement(&sum, STR("settlement"), STR_NONE, &p));
    CHECK(p.n == 0 || posting_is_balanced(&p));
}

PROPERTY(a_line_moves_no_debt_unless_it_matches)
{
    const struct settlement_said said = { .gross_minor = draw_range(draw, -1000, 1000),
                                          .fee_minor = draw_range(draw, 0, 100),
                                          .is_repeated = draw_bool(draw) };
    const struct settlement_ours ours = { .is_known = draw_bool(draw),
                                          .is_final = draw_bool(draw),
                                          .is_written_off = draw_bool(draw),
                                          .gross_minor = draw_range(draw, -1000, 1000),
                                          .fee_minor = draw_range(draw, -1, 100) };
    bool is_matched = settlement_is_matched(settlement_judge(&said, &ours));
    CHECK(!is_matched || (!said.is_repeated && ours.is_known && ours.is_final && !ours.is_written_off &&
                          said.gross_minor == ours.gross_minor));
    CHECK(ours.is_known && ours.is_final && !ours.is_written_off ? settlement_expected(&ours) == ours.gross_minor
                                                                 : settlement_expected(&ours) == 0);
}
