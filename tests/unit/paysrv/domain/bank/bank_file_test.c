/* The bank's character set and the payment order: EPC character set, pain.001.001.09. */
#include "paysrv/domain/bank/bank_file.h"

#include "paysrv/domain/bank/bank_text.h"
#include "paysrv/domain/bank/client_bank.h"
#include "shared/text/codepage.h"
#include "tests/support/test.h"

TEST(bank_text_transliterates_and_keeps_the_set)
{
    CHECK_STR(bank_text(arena, STR("Müller & <Söhne>"), 70), STR("Mueller + .Soehne."));
    CHECK_STR(bank_text(arena, STR("Øre Ærø Łódź Çelik Ñandú ß"), 70), STR("Ore AEro Lodz Celik Nandu ss"));
    CHECK_STR(bank_text(arena, STR("Жанна Щукина"), 70), STR("Zhanna Shchukina"));
    CHECK_STR(bank_text(arena, STR("Щит"), 6), STR("Shchit"));
    CHECK_STR(bank_text(arena, STR("Щит"), 5), STR("Shchi")); /* of a name that fits, what is printed may not */
    CHECK_STR(bank_text(arena, STR("Αθήνα"), 70), STR("Athina"));
    CHECK_STR(bank_text(arena, STR("a/b-c?d:e(f)g.h,i'j+k 9"), 70), STR("a/b-c?d:e(f)g.h,i'j+k 9"));
}

TEST(bank_text_for_russian_banks_keeps_russian_letters_and_counts_characters)
{
    CHECK_STR(bank_text_ru(arena, STR("ООО «Ёлка & Müller»"), 70), STR("ООО .Ёлка + Mueller."));
    CHECK_STR(bank_text_ru(arena, STR("Їжак і Ґанок"), 70), STR("Yiжак i .анок"));
    CHECK_STR(bank_text_ru(arena, STR("абв где"), 4), STR("абв"));
    CHECK_STR(bank_text_ru(arena, STR("абвг"), 3), STR("абв"));
    CHECK_I64(bank_text_ru(arena, STR("日本"), 70).n, 0);
}

TEST(bank_text_has_no_leading_trailing_or_double_slash_or_space)
{
    CHECK_STR(bank_text(arena, STR("//  a //  b/ "), 70), STR("a / b"));
    CHECK_STR(bank_text(arena, STR("a\r\n\tb"), 70), STR("a b"));
}

TEST(bank_text_is_cut_and_unreadable_text_is_empty)
{
    CHECK_STR(bank_text(arena, STR("abcdef"), 3), STR("abc"));
    CHECK_STR(bank_text(arena, STR("ßß"), 3), STR("sss"));
    CHECK_I64(bank_text(arena, STR("日本語"), 70).n, 0);
    CHECK_I64(bank_text(arena, STR(""), 70).n, 0);
}

static struct bank_file sample(const struct bank_transfer *transfers, size_t n)
{
    return (struct bank_file){ .msg_id = STR("STOA-1"),
                               .created = { 1795470504563000 },
                               .debtor_name = STR("Stoa"),
                               .currency = STR("EUR"),
                               .debtor_iban = STR("DE89370400440532013000"),
                               .transfers = transfers,
                               .n = n };
}

static const struct bank_transfer two[] = {
    { .purpose = "Payout",
      .id = { "po_a", 4 },
      .amount_minor = 1,
      .holder_name = { "A", 1 },
      .iban = { "NO9386011117947", 15 },
      .country = { "NO", 2 },
      .town = { "Oslo", 4 },
      .partner_name = { "Inkwell", 7 } },
    { .purpose = "Payout",
      .id = { "po_b", 4 },
      .amount_minor = 123456789,
      .holder_name = { "B & Co", 6 },
      .iban = { "GB29NWBK60161331926819", 22 },
      .bic = { "NWBKGB2L", 8 },
      .country = { "GB", 2 },
      .town = { "Leeds", 5 },
      .street = { "High St", 7 },
      .building = { "1", 1 },
      .postcode = { "LS1", 3 },
      .partner_name = { "Inkwell", 7 } },
};

static bool holds(str text, const char *part)
{
    return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

TEST(bank_file_totals_are_exact_and_names_printable)
{
    struct bank_file file = sample(two, 2);
    struct buf out;
    buf_init(&out, arena, 65536);
    bank_file_write(arena, &file, &out);
    str text = buf_str(&out);
    CHECK(holds(text, "<NbOfTxs>2</NbOfTxs><CtrlSum>1234567.90</CtrlSum>"));
    CHECK(holds(text, "<InstdAmt Ccy=\"EUR\">0.01</InstdAmt>"));
    CHECK(holds(text, "<EndToEndId>po-b</EndToEndId>"));
    CHECK(holds(text, "<Nm>B + Co</Nm>"));
    CHECK(holds(text, "<CdtrAgt><FinInstnId><BICFI>NWBKGB2L</BICFI></FinInstnId></CdtrAgt>"));
    CHECK(
        holds(text, "<StrtNm>High St</StrtNm><BldgNb>1</BldgNb><PstCd>LS1</PstCd><TwnNm>Leeds</TwnNm><Ctry>GB</Ctry>"));
    CHECK(holds(text, "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>"));
}

static const struct bank_transfer in_roubles[] = {
    { .purpose = "Payout",
      .id = { "po_a", 4 },
      .amount_minor = 12345,
      .holder_name = { "ООО Ромашка", 21 },
      .ru = { .bik = { "044525225", 9 },
              .account = { "40702810438000060473", 20 },
              .correspondent = { "30101810400000000225", 20 },
              .inn = { "7707083893", 10 },
              .kpp = { "773601001", 9 } },
      .partner_name = { "Inkwell", 7 } },
    { .purpose = "Payout",
      .id = { "po_b", 4 },
      .amount_minor = 1,
      .holder_name = { "Анна Щукина", 21 },
      .ru = { .bik = { "049999950", 9 }, .account = { "40817810900000004321", 20 }, .inn = { "990123456772", 12 } },
      .country = { "RU", 2 },
      .town = { "Псков", 10 },
      .partner_name = { "Inkwell", 7 } },
};

TEST(bank_file_in_roubles_names_accounts_by_bik_and_holders_by_inn)
{
    struct bank_file file = sample(in_roubles, 2);
    file.currency = STR("RUB");
    file.debtor_iban = STR_NONE;
    file.debtor_ru = (struct ru_account){ .bik = STR("049999950"),
                                          .account = STR("40702810200000000017"),
                                          .correspondent = STR("30101810200000000950"),
                                          .inn = STR("9901234561") };
    struct buf out;
    buf_init(&out, arena, 65536);
    bank_file_write(arena, &file, &out);
    str text = buf_str(&out);
    CHECK(holds(text, "<NbOfTxs>2</NbOfTxs><CtrlSum>123.46</CtrlSum>"));
    CHECK(holds(text, "<InstdAmt Ccy=\"RUB\">123.45</InstdAmt>"));
    CHECK(holds(text, "<DbtrAcct><Id><Othr><Id>40702810200000000017</Id></Othr></Id></DbtrAcct>"));
    CHECK(holds(text, "<CdtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>RUCBC</Cd></ClrSysId><MmbId>044525225</MmbId>"));
    CHECK(holds(text, "<CdtrAgtAcct><Id><Othr><Id>30101810400000000225</Id></Othr></Id></CdtrAgtAcct><Cdtr>"
                      "<Nm>ООО Ромашка</Nm><Id><OrgId><Othr><Id>7707083893</Id><SchmeNm><Cd>TXID</Cd></SchmeNm>"));
    CHECK(holds(text, "<CdtrAcct><Id><Othr><Id>40702810438000060473</Id></Othr></Id></CdtrAcct><Tax><Cdtr>"
                      "<TaxTp>773601001</TaxTp></Cdtr></Tax>"));
    CHECK(holds(text, "<TwnNm>Псков</TwnNm><Ctry>RU</Ctry></PstlAdr><Id><PrvtId><Othr><Id>990123456772</Id>"));
    CHECK(!holds(text, "IBAN") && !holds(text, "SEPA") && !holds(text, "SLEV"));
}

/* At 21:48 and 22:48 UTC. */
TEST(bank_file_is_to_be_executed_on_a_day_that_is_not_over_at_the_bank)
{
    struct bank_file euro = sample(two, 2), roubles = sample(two, 2);
    roubles.currency = STR("RUB");
    roubles.debtor_ru = (struct ru_account){ .bik = STR("044525225"), .account = STR("40817810038166000005") };
    for (int hour = 0; hour < 2; hour++) {
        struct buf out;
        buf_init(&out, arena, 100000);
        bank_file_write(arena, &euro, &out);
        CHECK(holds(buf_str(&out), hour ? "<Dt>2026-11-24</Dt>" : "<Dt>2026-11-23</Dt>"));
        buf_init(&out, arena, 100000);
        bank_file_write(arena, &roubles, &out);
        CHECK(holds(buf_str(&out), "<Dt>2026-11-24</Dt>"));
        euro.created = instant_add(euro.created, HOURS(1));
        roubles.created = euro.created;
    }
}

TEST(bank_file_as_text_is_what_russian_banks_read)
{
    struct bank_file file = sample(in_roubles, 2);
    file.format = BANK_FORMAT_1C;
    file.first_place = 998;
    file.created.us = 1795471704563000; /* 22:08:24Z, when the next day has begun in Moscow */
    file.debtor_ru = (struct ru_account){ .bik = STR("049999950"),
                                          .account = STR("40702810200000000017"),
                                          .correspondent = STR("30101810200000000950"),
                                          .inn = STR("9901234561") };
    struct buf out, utf8;
    buf_init(&out, arena, 65536);
    bank_file_write(arena, &file, &out);
    CHECK_STR(buf_str(&out), test_file(arena, "fuzz/corpus/bank_answer/1c-orders"));
    file.format = BANK_FORMAT_1C_UTF8;
    buf_init(&utf8, arena, 65536);
    bank_file_write(arena, &file, &utf8);
    CHECK(holds(buf_str(&utf8), "\r\nКодировка=UTF-8\r\n") && holds(buf_str(&utf8), "Получатель1=Анна Щукина\r\n"));
}

TEST(bank_orders_as_text_have_numbers_that_never_end_in_three_zeros)
{
    int64_t last = 0;
    for (int64_t place = 0; place < CLIENT_BANK_PLACES; place++) {
        int64_t number = client_bank_number(place);
        CHECK(number > last && number <= 999999 && number % 1000 != 0 && client_bank_place(number) == place);
        last = number;
    }
    CHECK_I64(last, 999999);
    CHECK_I64(client_bank_place(2000), -1);
    CHECK_I64(client_bank_place(0), -1);
    CHECK_I64(client_bank_place(1000001), -1);
}

TEST(bank_file_of_the_same_input_has_the_same_bytes)
{
    struct bank_file file = sample(two, 2);
    struct buf first, second;
    buf_init(&first, arena, 65536);
    buf_init(&second, arena, 65536);
    bank_file_write(arena, &file, &first);
    bank_file_write(arena, &file, &second);
    CHECK_STR(buf_str(&first), buf_str(&second));
}

TEST(bank_file_sum_refuses_overflow_and_amounts_that_are_not_positive)
{
    struct bank_transfer bad[] = { { .amount_minor = INT64_MAX }, { .amount_minor = 1 } };
    struct bank_file file = sample(bad, 2);
    int64_t sum = 7;
    CHECK(!bank_file_sum(&file, &sum));
    bad[0].amount_minor = 0;
    CHECK(!bank_file_sum(&file, &sum));
    CHECK_I64(sum, 7);
}
