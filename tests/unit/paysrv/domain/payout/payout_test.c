/* The payout state machine and the rules of requisites and webhooks. */
#include "paysrv/domain/payout/payout.h"

#include "paysrv/domain/message/webhook.h"
#include "paysrv/domain/party/requisite.h"
#include "shared/crypto/crypto.h"
#include "tests/support/test.h"

TEST(payout_steps_are_those_of_the_protocol)
{
    static const bool allowed[PAYOUT_STATE_COUNT][PAYOUT_STATE_COUNT] = {
        [PAYOUT_AWAITING_CODE] = { [PAYOUT_AWAITING_APPROVAL] = true,
                                   [PAYOUT_CONFIRMED] = true,
                                   [PAYOUT_CANCELED] = true,
                                   [PAYOUT_EXPIRED] = true },
        [PAYOUT_AWAITING_APPROVAL] = { [PAYOUT_CONFIRMED] = true, [PAYOUT_REJECTED] = true, [PAYOUT_CANCELED] = true },
        [PAYOUT_CONFIRMED] = { [PAYOUT_SENT] = true, [PAYOUT_FAILED] = true, [PAYOUT_CANCELED] = true },
        [PAYOUT_SENT] = { [PAYOUT_PAID] = true, [PAYOUT_REJECTED] = true, [PAYOUT_UNKNOWN] = true },
        [PAYOUT_UNKNOWN] = { [PAYOUT_PAID] = true, [PAYOUT_REJECTED] = true },
        [PAYOUT_PAID] = { [PAYOUT_RETURNED] = true },
    };
    for (unsigned from = 0; from < PAYOUT_STATE_COUNT; from++)
        for (unsigned to = 0; to < PAYOUT_STATE_COUNT; to++)
            CHECK(payout_may_become((enum payout_state)from, (enum payout_state)to) == allowed[from][to]);
}

TEST(payout_state_names_are_parsed_exactly)
{
    for (unsigned i = 0; i < PAYOUT_STATE_COUNT; i++) {
        enum payout_state state;
        CHECK(payout_state_parse(payout_state_name((enum payout_state)i), &state));
        CHECK_I64(state, i);
    }
    enum payout_state state;
    CHECK(!payout_state_parse(STR("Confirmed"), &state));
    CHECK(!payout_state_parse(STR_NONE, &state));
}

static struct bank_account sample(void)
{
    return (struct bank_account){ .iban = STR("de89 3704 0044 0532 0130 00"),
                                  .holder_name = STR("Ada Lovelace"),
                                  .country = STR("DE"),
                                  .town = STR("Berlin") };
}

TEST(requisite_good_is_normalised)
{
    struct bank_account account = sample();
    CHECK(requisite_judge(arena, &account).good);
    CHECK_STR(account.iban, STR("DE89370400440532013000"));
}

TEST(requisite_wrong_names_the_input)
{
    struct bank_account account = sample();
    account.iban = STR("DE89370400440532013001");
    CHECK_STR(requisite_judge(arena, &account).param, STR("iban"));
    account = sample();
    account.iban = STR("BR1800360305000010009795493C1");
    CHECK_STR(requisite_judge(arena, &account).param, STR("iban"));
    account = sample();
    account.bic = STR("COBADEF");
    CHECK_STR(requisite_judge(arena, &account).param, STR("bic"));
    account = sample();
    account.holder_name = STR("日本");
    CHECK_STR(requisite_judge(arena, &account).param, STR("holder_name"));
    account = sample();
    account.country = STR("de");
    CHECK_STR(requisite_judge(arena, &account).param, STR("address.country"));
    account = sample();
    account.town = STR("---");
    CHECK_STR(requisite_judge(arena, &account).param, STR("address.town"));
}

TEST(requisite_destination_changes_with_account_and_holder)
{
    const struct bank_account x = { .iban = STR("X"), .holder_name = STR("Ada") },
                              other_holder = { .iban = STR("X"), .holder_name = STR("Bob") },
                              other_account = { .iban = STR("Y"), .holder_name = STR("Ada") };
    digest a = requisite_destination(arena, &x), b = requisite_destination(arena, &other_holder);
    digest c = requisite_destination(arena, &other_account);
    CHECK(!equal_digest(&a, &b));
    CHECK(!equal_digest(&a, &c));
}

static struct bank_account russian(void)
{
    return (struct bank_account){ .ru = { .bik = STR("044525225"),
                                          .account = STR("40702810438000060473"),
                                          .correspondent = STR("30101810400000000225"),
                                          .inn = STR("7707083893"),
                                          .kpp = STR("773601001") },
                                  .holder_name = STR("ООО Ромашка") };
}

TEST(requisite_of_a_russian_account_names_the_wrong_input)
{
    struct bank_account x = russian();
    CHECK(requisite_judge(arena, &x).good);
    x.ru.kpp = STR("1");
    CHECK_STR(requisite_judge(arena, &x).param, STR("kpp"));
    x = russian();
    x.ru.account = STR("40702840600060004730"); /* in dollars, with a key that fits */
    CHECK(ru_account_key_fits(x.ru.bik, x.ru.account, false));
    CHECK_STR(requisite_judge(arena, &x).param, STR("account"));
    x = russian();
    x.ru.bik = STR("044525226");
    CHECK_STR(requisite_judge(arena, &x).param, STR("account"));
    x = russian();
    x.iban = STR("DE89370400440532013000");
    CHECK_STR(requisite_judge(arena, &x).param, STR("bik"));
    x = russian();
    x.bic = STR("COBADEFF");
    CHECK_STR(requisite_judge(arena, &x).param, STR("bic"));
    x = russian();
    x.country = STR("ru");
    CHECK_STR(requisite_judge(arena, &x).param, STR("address.country"));
    x = russian();
    x.holder_name = STR("日本語");
    CHECK_STR(requisite_judge(arena, &x).param, STR("holder_name"));
}

TEST(requisite_of_a_russian_account_goes_where_its_numbers_and_holder_say)
{
    const struct bank_account x = russian();
    struct bank_account other = x;
    digest a = requisite_destination(arena, &x), b;
    const str given[] = { STR("044525974"), STR("40702810438000060474"), STR("500100732259"), STR("ООО Лютик") };
    str *const fields[] = { &other.ru.bik, &other.ru.account, &other.ru.inn, &other.holder_name };
    for (size_t i = 0; i < 4; i++) {
        str before = *fields[i];
        *fields[i] = given[i];
        b = requisite_destination(arena, &other);
        CHECK(!equal_digest(&a, &b));
        *fields[i] = before;
    }
    CHECK_STR(requisite_fingerprint(arena, &x.ru), STR("044525225/40702810438000060473"));
    CHECK(!str_given(requisite_fingerprint(arena, &(struct ru_account){ .bik = STR_NONE })));
    CHECK_STR(requisite_masked_ru(arena, x.ru.account), STR("RU•• •••• 0473"));
    CHECK_STR(requisite_inn_masked(arena, x.ru.inn), STR("•••••3893"));
    CHECK(!str_given(requisite_inn_masked(arena, STR_NONE)));
}

TEST(bank_pays_in_one_currency_to_each_kind_of_account)
{
    const struct payout_cap *sepa = bank_payout_caps(account_scheme_of(STR_NONE)),
                            *ru = bank_payout_caps(account_scheme_of(STR("044525225")));
    CHECK(payout_currency_judge(arena, RAIL_BANK, ru, STR("RUB"), PAYOUT_MAX_MINOR).good);
    CHECK_STR(payout_currency_judge(arena, RAIL_BANK, ru, STR("RUB"), PAYOUT_MAX_MINOR + 1).param, STR("amount"));
    struct requisite_verdict verdict = payout_currency_judge(arena, RAIL_BANK, ru, STR("EUR"), 1);
    CHECK_STR(verdict.param, STR("currency"));
    CHECK_STR(verdict.explain, STR("bank payouts are made in RUB to such an account"));
    CHECK(!payout_currency_judge(arena, RAIL_BANK, sepa, STR("RUB"), 1).good);
    struct bank_account far = { .iban = STR("TR330006100519786457841326"), .holder_name = STR("Ada") };
    verdict = requisite_judge(arena, &far);
    CHECK_STR(verdict.param, STR("iban"));
    CHECK_STR(verdict.explain,
              STR("the bank pays by iban to accounts in countries of SEPA (EUR), by bik to accounts in Russia (RUB)"));
}

TEST(requisite_destination_by_name_is_of_one_rail_and_acquirer)
{
    digest a = requisite_destination_by_name(arena, RAIL_CARD, STR("sandbox"), STR("tok_1"));
    digest b = requisite_destination_by_name(arena, RAIL_WALLET, STR("sandbox"), STR("tok_1"));
    digest c = requisite_destination_by_name(arena, RAIL_CARD, STR("other"), STR("tok_1"));
    digest d = requisite_destination_by_name(arena, RAIL_CARD, STR("sandbox"), STR("tok_2"));
    CHECK(!equal_digest(&a, &b) && !equal_digest(&a, &c) && !equal_digest(&a, &d));
}

TEST(requisite_is_shown_masked)
{
    CHECK_STR(requisite_masked_card(arena, STR("visa"), STR("4242")), STR("Visa •• 4242"));
    CHECK_STR(requisite_masked_card(arena, STR("elo"), STR("0001")), STR("elo •• 0001"));
    CHECK_STR(requisite_masked_wallet(arena, STR("ada@wallet.example")), STR("wallet a••@wallet.example"));
    CHECK_STR(requisite_masked_wallet(arena, STR("79001234567")), STR("wallet •• 4567"));
    CHECK_STR(requisite_masked_wallet(arena, STR("abc1")), STR("wallet •• "));
    CHECK_STR(requisite_label(arena, STR("Visa •• 4242"), STR_NONE), STR("Visa •• 4242"));
    CHECK_STR(requisite_label(arena, STR("Visa •• 4242"), STR("Ada")), STR("Visa •• 4242, Ada"));
}

TEST(requisite_wallet_names_have_a_form)
{
    CHECK(requisite_wallet_is_formed(STR("ada@wallet.example")) && requisite_wallet_is_formed(STR("4100-1234")));
    CHECK(!requisite_wallet_is_formed(STR("abc")) && !requisite_wallet_is_formed(STR("a b c d")));
    CHECK(!requisite_wallet_is_formed(STR("@ada")) && !requisite_wallet_is_formed(STR("../../accounts")));
}

TEST(requisite_card_is_good_to_the_end_of_its_month)
{
    CHECK(!requisite_card_is_over(11, 2026, 11, 2026) && !requisite_card_is_over(1, 2027, 12, 2026));
    CHECK(requisite_card_is_over(11, 2026, 12, 2026) && requisite_card_is_over(12, 2025, 1, 2026));
}

TEST(payout_currency_and_amount_are_those_of_the_rail)
{
    static const struct payout_cap caps[] = { { "EUR", 1000 }, { "JPY", 5 }, { NULL, 0 } };
    CHECK(payout_currency_judge(arena, RAIL_CARD, caps, STR("EUR"), 1000).good);
    CHECK_STR(payout_currency_judge(arena, RAIL_CARD, caps, STR("EUR"), 1001).param, STR("amount"));
    struct requisite_verdict verdict = payout_currency_judge(arena, RAIL_CARD, caps, STR("USD"), 1);
    CHECK_STR(verdict.param, STR("currency"));
    CHECK_STR(verdict.explain, STR("card payouts are made in EUR, JPY"));
    CHECK_STR(payout_currency_judge(arena, RAIL_WALLET, NULL, STR("EUR"), 1).param, STR("currency"));
    CHECK(payout_currency_judge(arena, RAIL_BANK, bank_payout_caps(SCHEME_SEPA), STR("EUR"), PAYOUT_MAX_MINOR).good);
    CHECK_STR(payout_currency_judge(arena, RAIL_BANK, bank_payout_caps(SCHEME_SEPA), STR("JPY"), 1).param,
              STR("currency"));
}

TEST(requisite_ends_only_with_what_is_final)
{
    CHECK(requisite_ends_with(STR("card_closed")) && requisite_ends_with(STR("wallet_closed")));
    CHECK(!requisite_ends_with(STR("do_not_honor")) && !requisite_ends_with(STR("insufficient_float")));
    CHECK(!requisite_ends_with(STR_NONE));
}

TEST(rails_and_types_of_requisites_name_each_other)
{
    enum rail rail;
    for (unsigned i = 0; i < RAIL_COUNT; i++) {
        CHECK(rail_parse(rail_name((enum rail)i), &rail) && rail == (enum rail)i);
        CHECK(rail_of_kind(rail_kind((enum rail)i), &rail) && rail == (enum rail)i);
    }
    CHECK(!rail_parse(STR("bank_account"), &rail) && !rail_of_kind(STR("bank"), &rail));
}

TEST(webhook_only_2xx_is_delivered_and_410_is_gone)
{
    CHECK_I64(webhook_judge(200, 1), WEBHOOK_DELIVERED);
    CHECK_I64(webhook_judge(204, 10), WEBHOOK_DELIVERED);
    CHECK_I64(webhook_judge(302, 1), WEBHOOK_TRY_AGAIN);
    CHECK_I64(webhook_judge(500, 9), WEBHOOK_TRY_AGAIN);
    CHECK_I64(webhook_judge(500, 10), WEBHOOK_GIVEN_UP);
    CHECK_I64(webhook_judge(0, 1), WEBHOOK_TRY_AGAIN);
    CHECK_I64(webhook_judge(410, 1), WEBHOOK_GONE);
}

TEST(webhook_pauses_grow_and_honour_retry_after)
{
    CHECK_I64(webhook_pause(1, 0, 0).us, SECONDS(5).us);
    CHECK_I64(webhook_pause(2, 0, 0).us, MINUTES(5).us);
    CHECK_I64(webhook_pause(9, 0, 0).us, HOURS(24).us);
    CHECK_I64(webhook_pause(1, 255, 0).us, 5500000);
    CHECK_I64(webhook_pause(1, 0, 60).us, SECONDS(60).us);
    CHECK_I64(webhook_pause(1, 0, INT64_MAX).us, HOURS(24).us);
    CHECK_I64(webhook_pause(1, 0, -5).us, SECONDS(5).us);
}

TEST(webhook_endpoints_rest_after_the_second_failure_in_a_row_or_as_long_as_they_ask)
{
    (void)arena;
    CHECK_I64(webhook_endpoint_rest(0, 0).us, 0);
    CHECK_I64(webhook_endpoint_rest(1, -1).us, 0);
    CHECK_I64(webhook_endpoint_rest(2, 0).us, SECONDS(5).us);
    CHECK_I64(webhook_endpoint_rest(9, 0).us, SECONDS(30).us);
    CHECK_I64(webhook_endpoint_rest(10, 20).us, MINUTES(5).us);
    CHECK_I64(webhook_endpoint_rest(1, 20).us, SECONDS(20).us);
    CHECK_I64(webhook_endpoint_rest(1, INT64_MAX).us, MINUTES(5).us);
}

TEST(of_deliveries_no_more_are_told_than_are_counted)
{
    CHECK_STR(webhook_counted(arena, 0), STR("0"));
    CHECK_STR(webhook_counted(arena, WEBHOOK_COUNT_MOST - 1), STR("1000"));
    CHECK_STR(webhook_counted(arena, WEBHOOK_COUNT_MOST), STR("more than 1000"));
}
