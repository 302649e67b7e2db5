/* What the acquirer says beside what we have, and what follows for the ledger; its registries as files. */
#include "paysrv/domain/settlement/settlement.h"

#include "paysrv/domain/settlement/settlement_file.h"
#include "shared/base/buf.h"
#include "tests/support/test.h"

#define NAMES "settlement,type,id,key,charge,currency,gross,fee,net,created\r\n"
#define CHARGE "S1,charge,ch_1,chg_1,ch_1,EUR,1000,39,961,2026-11-01T00:00:00Z\r\n"
#define REFUND "S1,refund,re_1,ref_1,ch_1,EUR,-400,0,-400,2026-11-01T00:00:00Z\r\n"
#define PAYOUT "S1,payout,S1,,,EUR,600,39,561,2026-11-02T00:00:00Z\r\n"

static const struct settlement_said said = { .kind = SETTLEMENT_CHARGE, .gross_minor = 1000, .fee_minor = 39 };
static const struct settlement_ours ours = { .is_known = true, .is_final = true, .gross_minor = 1000, .fee_minor = 39 };

TEST(a_line_that_is_ours_to_the_unit_matches)
{
    CHECK_I64(settlement_judge(&said, &ours), SETTLEMENT_MATCHED);
    CHECK_I64(settlement_expected(&ours), 1000);
}

TEST(every_other_line_says_why_it_does_not)
{
    struct settlement_said other = said;
    struct settlement_ours mine = ours;
    mine.is_known = false;
    CHECK_I64(settlement_judge(&said, &mine), SETTLEMENT_UNMATCHED);
    CHECK_I64(settlement_expected(&mine), 0);
    mine = ours;
    mine.is_final = false;
    CHECK_I64(settlement_judge(&said, &mine), SETTLEMENT_OTHER_STATE);
    CHECK_I64(settlement_expected(&mine), 0);
    mine = ours;
    mine.is_written_off = true;
    CHECK_I64(settlement_judge(&said, &mine), SETTLEMENT_OTHER_STATE);
    CHECK_I64(settlement_expected(&mine), 0);
    other.gross_minor = 999;
    CHECK_I64(settlement_judge(&other, &ours), SETTLEMENT_OTHER_AMOUNT);
    other = said;
    other.is_repeated = true;
    CHECK_I64(settlement_judge(&other, &ours), SETTLEMENT_DUPLICATE);
}

TEST(a_fee_may_be_rounded_by_a_unit_and_where_none_was_agreed_any_is_right)
{
    struct settlement_said other = said;
    struct settlement_ours mine = ours;
    other.fee_minor = 40;
    CHECK_I64(settlement_judge(&other, &ours), SETTLEMENT_MATCHED);
    other.fee_minor = 41;
    CHECK_I64(settlement_judge(&other, &ours), SETTLEMENT_OTHER_FEE);
    CHECK(settlement_is_matched(SETTLEMENT_MATCHED) && settlement_is_matched(SETTLEMENT_OTHER_FEE));
    CHECK(!settlement_is_matched(SETTLEMENT_OTHER_AMOUNT));
    mine.fee_minor = 42;
    CHECK_I64(settlement_judge(&other, &mine), SETTLEMENT_MATCHED);
    mine.fee_minor = 43; /* they took less, and that is a mistake as well */
    CHECK_I64(settlement_judge(&other, &mine), SETTLEMENT_OTHER_FEE);
    mine.fee_minor = 0;
    CHECK_I64(settlement_judge(&other, &mine), SETTLEMENT_OTHER_FEE);
    mine.fee_minor = -1;
    CHECK_I64(settlement_judge(&other, &mine), SETTLEMENT_MATCHED);
}

TEST(rates_are_each_currency_once)
{
    struct settlement_rates rates;
    CHECK(settlement_rates_parse(STR("EUR 140 25, JPY 180 0"), &rates));
    CHECK_I64(rates.n, 2);
    CHECK_I64(settlement_fee(settlement_rate_of(&rates, STR("EUR")), 1000), 39);
    CHECK_I64(settlement_fee(settlement_rate_of(&rates, STR("EUR")), 1035), 39);
    CHECK_I64(settlement_fee(settlement_rate_of(&rates, STR("EUR")), 1036), 40);
    CHECK(settlement_rate_of(&rates, STR("USD")) == NULL);
    static const char *const bad[] = {
        "EUR",     "EUR 1", "EUR 1 2 3", "EUR 10001 0", "EUR -1 0", "EUR 1 0, EUR 2 0",
        "XTS 1 0", " ",     "EUR x 0",   "EUR 1 x",     "EUR 1 -1", "EUR 1 1000000000001"
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!settlement_rates_parse(str_of(bad[i]), &rates));
    CHECK(settlement_rates_parse(STR("EUR 0 0, JPY 10000 1000000000000"), &rates));
    CHECK(settlement_rates_parse(STR(""), &rates));
    CHECK_I64(rates.n, 0);
}

TEST(a_settlement_moves_the_debt_to_its_way_and_the_cost_to_where_costs_are)
{
    struct posting p;
    const struct settlement_sums sums = { .gross_minor = 600, .fee_minor = 39, .expected_minor = 600 };
    CHECK(posting_of_settlement(&sums, STR("settlement"), STR_NONE, &p));
    CHECK(posting_is_balanced(&p));
    CHECK_I64(posting_amount_of(&p, STR("settlement")), 561);
    CHECK_I64(posting_amount_of(&p, STR("acquirer_fee")), 39);
    CHECK_I64(posting_amount_of(&p, STR("acquirer_receivable")), -600);
    CHECK(posting_of_settlement(&(struct settlement_sums){ 0 }, STR("settlement"), STR_NONE, &p));
    CHECK_I64((int64_t)p.n, 0);
    CHECK(posting_of_settlement_paid(561, &p) && posting_is_balanced(&p));
    CHECK_I64(posting_amount_of(&p, STR("bank")), 561);
    CHECK(!posting_of_settlement_paid(POSTING_MAX_MINOR + 1, &p));
    CHECK(posting_of_settlement(&sums, STR("settlement"), STR_NONE, &p));
    struct settlement_sums agreed = sums;
    agreed.is_partners_cost = true;
    CHECK(posting_of_settlement(&agreed, STR("settlement"), STR_NONE, &p));
    CHECK_I64(posting_amount_of(&p, STR("partner")), 39);
    CHECK_I64(posting_amount_of(&p, STR("acquirer_fee")), 0);
}

TEST(the_fee_of_a_chargeback_is_in_the_books_and_is_no_cost_again)
{
    struct posting p;
    const struct settlement_sums sums = {
        .gross_minor = -1000, .fee_minor = 1500, .expected_minor = -2500, .booked_fee_minor = 1500
    };
    CHECK(posting_of_settlement(&sums, STR("settlement"), STR_NONE, &p));
    CHECK_I64(posting_amount_of(&p, STR("settlement")), -2500);
    CHECK_I64(posting_amount_of(&p, STR("acquirer_receivable")), 2500);
    CHECK_I64(posting_amount_of(&p, STR("acquirer_fee")), 0);
}

TEST(a_difference_goes_nowhere_by_itself)
{
    struct posting p;
    const struct settlement_sums less = { .gross_minor = 900, .fee_minor = 39, .expected_minor = 1000 };
    CHECK(!posting_of_settlement(&less, STR("settlement"), STR_NONE, &p));
    CHECK(posting_of_settlement(&less, STR("bank"), STR("platform"), &p));
    CHECK(posting_is_balanced(&p));
    CHECK_I64(posting_amount_of(&p, STR("platform")), 100);
    CHECK_I64(posting_amount_of(&p, STR("bank")), 861);
    const struct settlement_sums gone = { .expected_minor = 1000 };
    CHECK(posting_of_settlement(&gone, STR("settlement"), STR("suspense"), &p));
    CHECK_I64(posting_amount_of(&p, STR("suspense")), 1000);
    CHECK_I64(posting_amount_of(&p, STR("acquirer_receivable")), -1000);
}

/* ---- files ---- */

static bool read(struct arena *arena, str document, struct settlement_file *f, str *why)
{
    *why = STR_NONE;
    return settlement_file_read(arena, document, f, why);
}

TEST(what_the_bank_moved_is_booked_on_the_account_that_is_named)
{
    struct posting p;
    CHECK(posting_of_bank_line(-1500, STR("partner"), &p));
    CHECK(p.n == 2 && posting_is_balanced(&p));
    CHECK_I64(posting_amount_of(&p, STR("bank")), -1500);
    CHECK_I64(posting_amount_of(&p, STR("partner")), 1500);
    CHECK(!posting_of_bank_line(POSTING_MAX_MINOR + 1, STR("platform"), &p));
}

TEST(a_registry_is_its_lines_and_the_transfer_that_they_come_to)
{
    struct settlement_file f;
    str why;
    CHECK(read(arena, STR(NAMES CHARGE REFUND PAYOUT), &f, &why));
    CHECK_STR(f.id, STR("S1"));
    CHECK_STR(f.transfer, STR("S1"));
    CHECK_I64(f.n, 2);
    CHECK_I64(f.net_minor, 561);
    CHECK_I64(f.lines[1].kind, SETTLEMENT_REFUND);
    CHECK_STR(f.lines[0].key, STR("chg_1"));
    CHECK(read(arena, STR("net,fee,gross,currency,key,id,type,settlement\n1,0,1,EUR,,x,bonus,S\n1,0,1,EUR,,S,payout,S"),
               &f, &why));
    CHECK_I64(f.lines[0].kind, SETTLEMENT_ADJUSTMENT);
    CHECK(!str_given(f.lines[0].key));
}

TEST(a_debt_is_named_by_its_operation_and_the_second_one_is_a_return)
{
    CHECK_STR(settlement_debt_op(STR("po_1")), STR("po_1"));
    CHECK_STR(settlement_debt_op(STR("po_1 return")), STR("po_1"));
    CHECK(settlement_debt_is_return(STR("po_1 return")));
    CHECK(!settlement_debt_is_return(STR("po_1")));
    CHECK(!settlement_debt_is_return(STR("settlement line 7")));
    CHECK(!settlement_debt_is_return(STR_NONE));
}

TEST(a_registry_of_more_lines_than_are_taken_is_refused)
{
    struct buf text;
    struct settlement_file f;
    str why;
    buf_init(&text, arena, (size_t)16 << 20);
    buf_add(&text, STR(NAMES));
    for (int i = 0; i <= SETTLEMENT_MAX_LINES; i++)
        buf_add(&text, STR(CHARGE));
    CHECK(!read(arena, buf_str(&text), &f, &why));
    CHECK_STR(why, STR("line 100002: there are more than 100000 lines"));
}

TEST(a_registry_that_is_torn_or_does_not_add_up_is_refused_whole)
{
    static const struct {
        str document, why;
    } bad[] = {
        { STR(""), STR("line 1: the file is empty") },
        { STR(NAMES CHARGE), STR("line 3: the payout is missing; the file is torn") },
        { STR(NAMES CHARGE PAYOUT), STR("line 3: the payout is not the sum of the lines before") },
        { STR(NAMES CHARGE REFUND PAYOUT CHARGE), STR("line 5: follows the payout, which is the last one") },
        { STR("settlement,type,id,key,currency,gross,fee\n"), STR("line 1: names no column net, or two") },
        { STR(NAMES "S1,charge,ch_1,chg_1,ch_1,EUR,1000,39,960,\r\n"), STR("line 2: gross less fee is not net") },
        { STR(NAMES "S1,charge,ch_1,chg_1,ch_1,EUR,10.00,0,10,\r\n"),
          STR("line 2: gross, fee and net are whole numbers of the minor unit") },
        { STR(NAMES CHARGE "S2,refund,re_1,,,EUR,0,0,0,\r\n"),
          STR("line 3: is of another settlement or currency than those before") },
        { STR(NAMES "S1,charge,ch_1,chg_1,ch_1,EUR,1000000000000001,0,1000000000000001,\r\n"),
          STR("line 2: an amount is too large") },
        { STR(NAMES CHARGE "S1,refund,re_1,,,USD,0,0,0,\r\n"),
          STR("line 3: is of another settlement or currency than those before") },
        { STR(NAMES CHARGE "S1,payout,S1,,,EUR,1000,38,962,\r\n"),
          STR("line 3: the payout is not the sum of the lines before") },
        { STR("net," NAMES), STR("line 1: names no column net, or two") },
        { STR(NAMES "S1,charge\r\n"), STR("line 2: has not as many cells as there are names") },
        { STR(NAMES "S1,charge,,,,EUR,0,0,0,\r\n"),
          STR("line 2: id is missing, or id or key is longer than 100 printable characters") },
        { STR(NAMES "\"S1\"x\r\n"), STR("line 2: is no CSV of at most 40 cells") },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct settlement_file f;
        str why;
        CHECK(!read(arena, bad[i].document, &f, &why));
        CHECK_STR(why, bad[i].why);
    }
}
