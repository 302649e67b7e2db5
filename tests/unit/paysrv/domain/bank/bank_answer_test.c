/* The bank's messages read as lines: pain.002, camt.053, camt.054. The files are those that fuzzing begins with. */
#include "paysrv/domain/bank/bank_answer.h"

#include "shared/crypto/crypto.h"
#include "tests/support/test.h"

static bool read(struct arena *arena, const char *file, struct bank_answer *ret, str *why)
{
    const char *path = arena_cstr(arena, arena_printf(arena, "fuzz/corpus/bank_answer/%s", file));
    return bank_answer_read(arena, test_file(arena, path), ret, why);
}

TEST(bank_answer_partial_rejection_names_each_transfer)
{
    struct bank_answer got;
    str why;
    CHECK(read(arena, "pain002-partial", &got, &why));
    CHECK_I64(got.kind, BANK_STATUS_REPORT);
    CHECK_I64(got.n, 3);
    CHECK_I64(got.lines[0].kind, BANK_LINE_ACCEPTED);
    CHECK(!str_given(got.lines[0].end_to_end));
    CHECK_I64(got.lines[1].kind, BANK_LINE_ACCEPTED);
    CHECK_STR(got.lines[1].end_to_end, STR("po-a"));
    CHECK_I64(got.lines[2].kind, BANK_LINE_REJECTED);
    CHECK_STR(got.lines[2].end_to_end, STR("po-b"));
    CHECK_STR(got.lines[2].order, STR("STOA-1"));
    CHECK_STR(got.lines[2].reason, STR("AC04"));
    CHECK_STR(got.lines[2].text, STR("Account closed"));
}

TEST(bank_answer_whole_rejection_is_one_line)
{
    struct bank_answer got;
    str why;
    CHECK(read(arena, "pain002-whole", &got, &why));
    CHECK_I64(got.n, 1);
    CHECK_I64(got.lines[0].kind, BANK_LINE_REJECTED);
    CHECK(!str_given(got.lines[0].end_to_end));
    CHECK_STR(got.lines[0].reason, STR("AM05"));
}

TEST(bank_answer_statement_has_balances_and_booked_lines_only)
{
    struct bank_answer got;
    str why;
    CHECK(read(arena, "camt053", &got, &why));
    CHECK_STR(got.account, STR("DE89370400440532013000"));
    CHECK_STR(got.statement_id, STR("S-7"));
    CHECK_I64(got.sequence, 7);
    CHECK_I64(got.opening_minor, 100000);
    CHECK_I64(got.closing_minor, 88950);
    CHECK_I64(got.n, 2);
    CHECK_I64(got.lines[0].kind, BANK_LINE_DEBIT);
    CHECK_STR(got.lines[0].order, STR("STOA-1"));
    CHECK_I64(got.lines[0].amount_minor, 12050);
    CHECK_I64(got.lines[1].kind, BANK_LINE_RETURN);
    CHECK_STR(got.lines[1].end_to_end, STR("po-a"));
    CHECK_I64(got.lines[1].amount_minor, 1000);
    CHECK_STR(got.lines[1].reason, STR("AC04"));
    CHECK_STR(got.lines[1].reference, STR("B2"));
}

TEST(bank_answer_statement_of_an_account_without_iban_is_named_by_its_number)
{
    struct bank_answer got;
    str why;
    CHECK(read(arena, "camt053-roubles", &got, &why));
    CHECK_STR(got.account, STR("40702810200000000017"));
    CHECK_STR(got.currency, STR("RUB"));
    CHECK_I64(got.n, 2);
    CHECK_STR(got.lines[1].currency, STR("RUB"));
}

TEST(bank_answer_notice_splits_a_batch_into_its_transfers)
{
    struct bank_answer got;
    str why;
    CHECK(read(arena, "camt054", &got, &why));
    CHECK_I64(got.n, 2);
    CHECK_STR(got.lines[0].end_to_end, STR("po-a"));
    CHECK_I64(got.lines[0].amount_minor, 125);
    CHECK(!str_given(got.lines[1].end_to_end));
    CHECK_I64(got.lines[1].amount_minor, 175);
    CHECK_STR(got.lines[1].order, STR("STOA-1"));
}

/* The same in three encodings. */
TEST(bank_answer_statement_as_text_names_transfers_by_their_purpose)
{
    static const char *const files[] = { "1c-windows", "1c-dos", "1c-utf8" };
    struct bank_answer got;
    str why = STR_NONE;
    for (size_t i = 0; i < 3; i++) {
        CHECK(read(arena, files[i], &got, &why));
        CHECK_STR(why, STR_NONE);
        CHECK_I64(got.kind, BANK_TEXT_STATEMENT);
        CHECK_STR(got.account, STR("40702810200000000017"));
        CHECK_STR(got.statement_id, STR("2026-11-24/2026-11-26"));
        CHECK_I64(got.last_day - got.first_day, 2);
        CHECK_I64(got.opening_minor, 100000);
        CHECK_I64(got.closing_minor, 123050);
        CHECK_I64(got.n, 4);
        CHECK_I64(got.lines[0].kind, BANK_LINE_DEBIT);
        CHECK_STR(got.lines[0].end_to_end, STR("po-01kb3x9v7c2m4n6p8q0r2s4t6v"));
        CHECK_I64(got.lines[0].amount_minor, 12345);
        CHECK_STR(got.lines[0].date, STR("2026-11-24"));
        CHECK_I64(got.lines[1].kind, BANK_LINE_CREDIT);
        CHECK_STR(got.lines[1].remittance, STR("RF13539007547034123 за статью № 7"));
        CHECK_STR(got.lines[1].payer_name, STR("Анна Щукина"));
        CHECK_I64(got.lines[2].kind, BANK_LINE_RETURN);
        CHECK_STR(got.lines[2].end_to_end, STR("po-01kb3x9v7c2m4n6p8q0r2s4t6v"));
        CHECK_I64(got.lines[3].kind, BANK_LINE_DEBIT);
        CHECK(!str_given(got.lines[3].end_to_end));
        CHECK_I64(got.lines[3].number, 69147);
        CHECK_I64(got.lines[3].written_day, got.last_day);
        CHECK_I64(got.lines[0].number, 0);
    }
}

TEST(bank_answer_text_that_names_two_transfers_or_part_of_a_word_names_none)
{
    static const char *const files[] = { "1c-two-named", "1c-within" };
    struct bank_answer got;
    str why;
    for (size_t i = 0; i < 2; i++) {
        CHECK(read(arena, files[i], &got, &why));
        CHECK_I64(got.lines[0].kind, BANK_LINE_DEBIT);
        CHECK(!str_given(got.lines[0].end_to_end));
        CHECK_I64(got.lines[0].number, 17);
    }
    CHECK_I64(got.lines[2].kind, BANK_LINE_CREDIT);
}

TEST(bank_answer_statements_as_text_that_overlap_have_the_keys_of_what_they_share)
{
    struct bank_answer day, three;
    str why;
    CHECK(read(arena, "1c-overlap", &day, &why) && read(arena, "1c-windows", &three, &why));
    CHECK_I64(day.n, 3);
    CHECK(equal_digest(&day.lines[1].key, &three.lines[2].key));
    CHECK(equal_digest(&day.lines[2].key, &three.lines[3].key));
    for (size_t i = 0; i < three.n; i++)
        CHECK(!equal_digest(&day.lines[0].key, &three.lines[i].key));
}

TEST(bank_answer_text_that_is_no_whole_statement_is_refused_with_its_line)
{
    static const struct {
        const char *file;
        str why;
    } bad[] = {
        { "1c-encoding-lies", STR("it is not in the encoding that Кодировка names: Windows, DOS or UTF-8") },
        { "1c-not-utf8", STR("it is not in the encoding that Кодировка names: Windows, DOS or UTF-8") },
        { "1c-does-not-add-up", STR("the opening balance and the documents do not come to the closing balance") },
        { "1c-turnover", STR("the documents do not come to ВсегоПоступило or ВсегоСписано") },
        { "1c-sections-torn", STR("line 29: a section does not go on where the one before it ended") },
        { "1c-sections-overlap", STR("line 29: a section does not go on where the one before it ended") },
        { "1c-amount", STR("line 67: Сумма is no amount") },
        { "1c-nothing", STR("line 48: Сумма is no amount") },
        { "1c-to-itself", STR("line 48: a document is not between the account and another one") },
        { "1c-outside", STR("a document was booked outside of the statement's days") },
        { "1c-no-end", STR("line 124: КонецФайла is missing") },
        { "1c-goes-on", STR("line 126: something follows КонецФайла") },
        { "1c-version", STR("it is of no version that is taken: 1.02 or 1.03") },
        { "1c-two-accounts", STR("line 29: it holds statements of more than one account") },
        { "1c-twice", STR("line 110: a field is given twice") },
        { "1c-orders", STR("line 34: a document stands before the section of its account") },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct bank_answer got;
        str why;
        CHECK(!read(arena, bad[i].file, &got, &why));
        CHECK_STR(why, bad[i].why);
    }
}

TEST(bank_answer_what_does_not_add_up_or_is_no_such_message_is_refused)
{
    struct bank_answer got;
    str why;
    CHECK(!read(arena, "does-not-add-up", &got, &why));
    CHECK_STR(why, STR("the opening balance and the entries do not come to the closing balance"));
    CHECK(!read(arena, "version", &got, &why));
    CHECK_STR(why, STR("it is no 1CClientBankExchange, pain.002, camt.054 or camt.053 of a version taken"));
    CHECK(!read(arena, "doctype", &got, &why));
    CHECK_STR(why, STR("document type declarations are not taken"));
}

#define REPORT(inside)                                                                                                 \
    "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt><GrpHdr><MsgId>M</MsgId>"      \
    "</GrpHdr>" inside "</CstmrPmtStsRpt></Document>"
#define ORDER(inside) "<OrgnlGrpInfAndSts>" inside "</OrgnlGrpInfAndSts>"
#define NAME "<OrgnlMsgId>O</OrgnlMsgId>"

TEST(bank_answer_status_says_of_which_order_what_is_known)
{
    static const struct {
        const char *message, *why;
    } bad[] = {
        { REPORT(ORDER(NAME "<GrpSts>WHAT</GrpSts>")), "it holds a status that is not known" },
        { REPORT(ORDER("<GrpSts>RJCT</GrpSts>")), "OrgnlMsgId is missing" },
        { REPORT(ORDER(NAME)), "it holds no status" },
        { REPORT(ORDER(NAME) "<OrgnlPmtInfAndSts><TxInfAndSts><TxSts>RJCT</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>"),
          "a transfer has no OrgnlEndToEndId" },
    };
    struct bank_answer got;
    str why;
    CHECK(bank_answer_read(arena, STR(REPORT(ORDER(NAME "<GrpSts>RJCT</GrpSts>"))), &got, &why));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        why = STR_NONE;
        CHECK(!bank_answer_read(arena, str_of(bad[i].message), &got, &why));
        CHECK_STR(why, str_of(bad[i].why));
    }
}

TEST(bank_answer_keys_are_the_same_for_the_same_line_and_differ_otherwise)
{
    struct bank_answer a, b;
    str why;
    CHECK(read(arena, "camt053", &a, &why) && read(arena, "camt053", &b, &why));
    CHECK(equal_digest(&a.lines[0].key, &b.lines[0].key));
    CHECK(!equal_digest(&a.lines[0].key, &a.lines[1].key));
}

TEST(bank_amount_is_strict)
{
    int64_t got;
    CHECK(bank_amount_parse(STR("12.5"), STR("EUR"), &got) && got == 1250);
    CHECK(bank_amount_parse(STR("0.01"), STR("EUR"), &got) && got == 1);
    CHECK(bank_amount_parse(STR("7"), STR("JPY"), &got) && got == 7);
    static const char *const bad[] = {
        "", ".", "1.", ".5", "1.234", "1,00", "-1.00", "+1", "1e3", " 1", "99999999999999999999"
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!bank_amount_parse(str_of(bad[i]), STR("EUR"), &got));
    CHECK(!bank_amount_parse(STR("184467440737095516.16"), STR("EUR"), &got)); /* 2^64 */
    CHECK(!bank_amount_parse(STR("1"), STR("XYZ"), &got));
}

/* ---- what a second reader found ---- */

#define NOTICE_HEAD                                                                                                    \
    "<Document "                                                                                                       \
    "xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M</MsgId>"         \
    "</GrpHdr><Ntfctn><Id>N</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>"
#define NOTICE_TAIL "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
#define ENTRY(amount, more, details)                                                                                   \
    "<Ntry><Amt Ccy=\"EUR\">" amount "</Amt>" more "<Sts><Cd>BOOK</Cd></Sts><NtryDtls>" details "</NtryDtls></Ntry>"
#define DETAIL(payout, amount, side)                                                                                   \
    "<TxDtls><Refs><EndToEndId>" payout "</EndToEndId></Refs><Amt Ccy=\"EUR\">" amount "</Amt><CdtDbtInd>" side        \
    "</CdtDbtInd></TxDtls>"
#define DEBIT "<CdtDbtInd>DBIT</CdtDbtInd>"
#define CREDIT "<CdtDbtInd>CRDT</CdtDbtInd>"

static bool read_notice(struct arena *arena, const char *entries, struct bank_answer *ret, str *why)
{
    return bank_answer_read(arena, arena_printf(arena, NOTICE_HEAD "%s" NOTICE_TAIL, entries), ret, why);
}

#define MESSAGE(statements) "<BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>" statements "</BkToCstmrStmt>"
#define STATEMENT(inside) "<Stmt><Id>S</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>" inside "</Stmt>"
#define BALANCE(type, currency, amount, side)                                                                          \
    "<Bal><Tp><CdOrPrtry><Cd>" type "</Cd></CdOrPrtry></Tp><Amt Ccy=\"" currency "\">" amount "</Amt>" side "</Bal>"
#define OPENING BALANCE("OPBD", "EUR", "1.00", CREDIT)
#define CLOSING BALANCE("CLBD", "EUR", "3.00", CREDIT)
#define TWO_MORE ENTRY("2.00", CREDIT, "")

static bool read_statement(struct arena *arena, const char *messages, struct bank_answer *ret, str *why)
{
    return bank_answer_read(arena,
                            arena_printf(arena,
                                         "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">%s"
                                         "</Document>",
                                         messages),
                            ret, why);
}

TEST(bank_answer_statement_is_one_in_one_currency_between_two_balances)
{
    static const struct {
        const char *message, *why;
    } bad[] = {
        { MESSAGE(STATEMENT(CLOSING ENTRY("3.00", CREDIT, ""))), "the opening or the closing balance is missing" },
        { MESSAGE(STATEMENT(OPENING ENTRY("1.00", DEBIT, ""))), "the opening or the closing balance is missing" },
        { MESSAGE(STATEMENT(OPENING CLOSING TWO_MORE) STATEMENT("")),
          "it holds more than one statement or notification" },
        { MESSAGE(STATEMENT(OPENING CLOSING TWO_MORE)) MESSAGE(""), "it holds more than one message" },
        { MESSAGE(STATEMENT(OPENING BALANCE("CLBD", "USD", "3.00", CREDIT) TWO_MORE)),
          "the balances are of several currencies" },
        { MESSAGE(STATEMENT(OPENING CLOSING "<Ntry><Amt Ccy=\"USD\">2.00</Amt>" CREDIT "<Sts>BOOK</Sts></Ntry>")),
          "an entry is of another currency than the balances" },
        { MESSAGE(STATEMENT(OPENING CLOSING ENTRY("2.00", "<CdtDbtInd>BOTH</CdtDbtInd>", ""))),
          "CdtDbtInd is neither CRDT nor DBIT" },
        { MESSAGE(STATEMENT(OPENING CLOSING "<Ntry><Amt Ccy=\"EUR\">2.00</Amt>" CREDIT "<Sts>PDNG</Sts></Ntry>")),
          "the opening balance and the entries do not come to the closing balance" },
    };
    struct bank_answer got;
    str why;
    CHECK(read_statement(arena, MESSAGE(STATEMENT(OPENING CLOSING TWO_MORE)), &got, &why));
    CHECK_I64(got.n, 1);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        why = STR_NONE;
        CHECK(!read_statement(arena, bad[i].message, &got, &why));
        CHECK_STR(why, str_of(bad[i].why));
    }
}

TEST(bank_answer_roubles_by_their_old_code_are_roubles)
{
    struct bank_answer got;
    str why;
    CHECK(read_statement(
        arena,
        MESSAGE(STATEMENT(BALANCE("OPBD", "RUR", "1.00", CREDIT) BALANCE(
            "CLBD", "RUB", "3.00", CREDIT) "<Ntry><Amt Ccy=\"RUR\">2.00</Amt>" CREDIT "<Sts>BOOK</Sts></Ntry>")),
        &got, &why));
    CHECK(str_eq(got.currency, STR("RUB")) && str_eq(got.lines[0].currency, STR("RUB")));
}

TEST(bank_answer_equal_lines_have_keys_of_their_own_wherever_they_stand)
{
    struct bank_answer got, again;
    str why;
    static const char entries[] = ENTRY("1.00", DEBIT, DETAIL("po-a", "1.00", "DBIT"))
        ENTRY("2.00", DEBIT, DETAIL("po-b", "2.00", "DBIT")) ENTRY("1.00", DEBIT, DETAIL("po-a", "1.00", "DBIT"));
    CHECK(read_notice(arena, entries, &got, &why) && read_notice(arena, entries, &again, &why));
    CHECK_I64(got.n, 3);
    for (size_t i = 0; i < 3; i++) {
        CHECK(equal_digest(&got.lines[i].key, &again.lines[i].key));
        CHECK(!equal_digest(&got.lines[i].key, &got.lines[(i + 1) % 3].key));
    }
}

TEST(bank_answer_what_details_leave_of_an_entry_is_a_line)
{
    struct bank_answer got;
    str why;
    CHECK(read_notice(arena,
                      ENTRY("3.00", DEBIT, DETAIL("po-a", "1.00", "DBIT") DETAIL("po-b", "1.50", "DBIT"))
                          ENTRY("4.50", CREDIT, DETAIL("po-c", "5.00", "CRDT")),
                      &got, &why));
    CHECK_I64(got.n, 5);
    CHECK_I64(got.lines[2].kind, BANK_LINE_DEBIT);
    CHECK_I64(got.lines[2].amount_minor, 50);
    CHECK(!str_given(got.lines[2].end_to_end) && !str_given(got.lines[2].order));
    CHECK_I64(got.lines[4].kind, BANK_LINE_DEBIT);
    CHECK_I64(got.lines[4].amount_minor, 50);
}

TEST(bank_answer_a_debit_that_takes_a_credit_back_pays_nothing)
{
    struct bank_answer got;
    str why;
    CHECK(
        read_notice(arena, ENTRY("1.00", DEBIT "<RvslInd>true</RvslInd>", DETAIL("po-a", "1.00", "DBIT")), &got, &why));
    CHECK_I64(got.n, 1);
    CHECK_I64(got.lines[0].kind, BANK_LINE_REVERSAL);
}

TEST(bank_answer_a_credit_says_who_paid_and_what_for)
{
    struct bank_answer got;
    str why;
    static const char head[] = "<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Pty>"
                               "<Nm>Ada Lovelace</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN>"
                               "</Id></DbtrAcct></RltdPties><RmtInf>";
    str entries = arena_printf(arena,
                               ENTRY("1.00", CREDIT,
                                     "%s<Ustrd>INVOICE RF18 539007</Ustrd><Ustrd>547034123</Ustrd>"
                                     "</RmtInf></TxDtls>") ENTRY("1.00", CREDIT,
                                                                 "%s<Ustrd>x</Ustrd><Strd><CdtrRefInf><Ref>RF18</Ref>"
                                                                 "</CdtrRefInf></Strd></RmtInf></TxDtls>"),
                               head, head);
    CHECK(read_notice(arena, arena_cstr(arena, entries), &got, &why));
    CHECK_I64(got.n, 2);
    CHECK_STR(got.lines[0].remittance, STR("INVOICE RF18 539007 547034123"));
    CHECK_STR(got.lines[0].payer_name, STR("Ada Lovelace"));
    CHECK_STR(got.lines[0].payer_iban, STR("DE89370400440532013000"));
    CHECK_STR(got.lines[1].remittance, STR("RF18"));
}

/* Partners and operators read it: nothing in it breaks the line or turns the direction of what stands behind it. */
TEST(bank_answer_what_payers_write_is_one_line)
{
    struct bank_answer got;
    str why;
    CHECK(read_notice(arena,
                      ENTRY("1.00", CREDIT,
                            "<TxDtls><RltdPties><Dbtr><Pty><Nm>Ada&#x202E;ecalevoL\nPaid</Nm></Pty></Dbtr></RltdPties>"
                            "<RmtInf><Ustrd>RF18&#x2028;5390</Ustrd></RmtInf></TxDtls>"),
                      &got, &why));
    CHECK_STR(got.lines[0].payer_name, STR("Ada ecalevoL Paid"));
    CHECK_STR(got.lines[0].remittance, STR("RF18 5390"));
}

/* It goes into events, whose size is bounded. */
TEST(bank_answer_a_reason_is_a_code)
{
    struct bank_answer got;
    str why;
    char quotes[500] = { 0 };
    memset(quotes, '"', sizeof quotes - 1);
    str text = arena_printf(arena,
                            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.11\"><CstmrPmtStsRpt>"
                            "<GrpHdr><MsgId>M</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>S</OrgnlMsgId>"
                            "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>%s</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>"
                            "</CstmrPmtStsRpt></Document>",
                            quotes);
    CHECK(!bank_answer_read(arena, text, &got, &why));
    CHECK_STR(why, STR("a reason is no code"));
}

/* ---- names of bookings ---- */

#define NAMED(name) "<AcctSvcrRef>" name "</AcctSvcrRef>"
#define NAMED_DETAIL(name, amount)                                                                                     \
    "<TxDtls><Refs>" NAMED(name) "</Refs><Amt Ccy=\"EUR\">" amount "</Amt>" CREDIT "</TxDtls>"

TEST(bank_answer_a_booking_has_the_name_that_its_entry_has_and_several_details_their_own)
{
    struct bank_answer got;
    str why;
    CHECK(read_notice(arena,
                      ENTRY("1.00", CREDIT NAMED("E1"), NAMED_DETAIL("D1", "1.00"))
                          ENTRY("1.00", CREDIT, NAMED_DETAIL("D2", "1.00")) ENTRY("1.00", CREDIT NAMED("E3"), "")
                              ENTRY("4.00", CREDIT NAMED("E4"), NAMED_DETAIL("D4", "1.00") NAMED_DETAIL("D5", "2.00")),
                      &got, &why));
    CHECK_STR(got.lines[0].own, STR("D1")); /* by which it is known when another message has not the entry's */
    for (size_t i = 1; i < got.n; i++)
        CHECK(!str_given(got.lines[i].own));
    static const char *const names[] = { "E1", "D2", "E3", "D4", "D5", "E4" };
    CHECK_I64(got.n, 6);
    for (size_t i = 0; i < 6; i++)
        CHECK_STR(got.lines[i].reference, str_of(names[i]));
}

TEST(bank_answer_a_number_of_the_message_tells_its_lines_apart_and_is_no_name)
{
    struct bank_answer got, other;
    str why;
    CHECK(read_notice(arena, "<Ntry><NtryRef>1</NtryRef><Amt Ccy=\"EUR\">1.00</Amt>" CREDIT "<Sts>BOOK</Sts></Ntry>",
                      &got, &why));
    CHECK(read_notice(arena, "<Ntry><NtryRef>2</NtryRef><Amt Ccy=\"EUR\">1.00</Amt>" CREDIT "<Sts>BOOK</Sts></Ntry>",
                      &other, &why));
    CHECK(!str_given(got.lines[0].reference));
    CHECK(!equal_digest(&got.lines[0].key, &other.lines[0].key));
    /* the key that it had when the number was taken for a name: what was read then is not read anew */
    digest before = sha256_str(STR("camt.054|DE89370400440532013000|N|credit||1||100|EUR||"));
    CHECK(equal_digest(&got.lines[0].key, &before));
}

#define ON(type, amount, day)                                                                                          \
    "<Bal><Tp><CdOrPrtry><Cd>" type "</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">" amount "</Amt>" CREDIT day "</Bal>"

TEST(bank_answer_a_statement_has_the_day_of_its_closing_balance)
{
    static const struct {
        const char *message;
        int64_t day;
    } cases[] = {
        { MESSAGE(STATEMENT(ON("OPBD", "1.00", "<Dt><Dt>2026-03-01</Dt></Dt>")
                                ON("CLBD", "1.00", "<Dt><Dt>2026-03-02</Dt></Dt>"))),
          20514 },
        { MESSAGE(STATEMENT(ON("CLBD", "1.00", "<Dt><DtTm>2026-03-02T23:59:59Z</DtTm></Dt>") ON("OPBD", "1.00", ""))),
          20514 },
        { MESSAGE(STATEMENT(ON("OPBD", "1.00", "") ON("CLBD", "1.00", "<Dt><Dt>2026-02-30</Dt></Dt>"))), 0 },
        { MESSAGE(STATEMENT(ON("OPBD", "1.00", "") ON("CLBD", "1.00", "<Dt><Dt>02.03.2026</Dt></Dt>"))), 0 },
        { MESSAGE(STATEMENT(ON("OPBD", "1.00", "") ON("CLBD", "1.00", ""))), 0 },
    };
    struct bank_answer got;
    str why;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(read_statement(arena, cases[i].message, &got, &why));
        CHECK_I64(got.closing_day, cases[i].day);
    }
}

TEST(bank_answer_what_a_bank_writes_where_it_has_no_name_is_none)
{
    static const char *const names[] = { NULL, NULL, NULL, "E2", "D3", "E4", NULL, "NONREF1" };
    struct bank_answer got;
    str why;
    CHECK(read_notice(arena,
                      ENTRY("1.00", CREDIT NAMED("NONREF"), "") ENTRY("1.00", CREDIT NAMED(" NonRef "), "")
                          ENTRY("1.00", CREDIT NAMED("NOTPROVIDED"), NAMED_DETAIL("none", "1.00"))
                              ENTRY("1.00", CREDIT NAMED("E2"), NAMED_DETAIL("NONREF", "1.00"))
                                  ENTRY("1.00", CREDIT NAMED("NONREF"), NAMED_DETAIL("D3", "1.00"))
                                      ENTRY("2.00", CREDIT NAMED("E4"), NAMED_DETAIL("NONREF", "2.00"))
                                          ENTRY("3.00", CREDIT NAMED("NONREF"), NAMED_DETAIL("NONREF", "2.00"))
                                              ENTRY("1.00", CREDIT NAMED("NONREF1"), ""),
                      &got, &why));
    CHECK_I64(got.n, 9);
    for (size_t i = 0; i < 7; i++)
        CHECK_STR(got.lines[i].reference, names[i] ? str_of(names[i]) : STR_NONE);
    CHECK(!str_given(got.lines[7].reference)); /* the rest of its entry */
    CHECK_STR(got.lines[8].reference, str_of(names[7]));
    /* the key that it had when that was taken for a name: what was read then is not read anew */
    digest before = sha256_str(STR("camt.054|DE89370400440532013000|N|credit||NONREF||100|EUR||"));
    CHECK(equal_digest(&got.lines[0].key, &before));
}
