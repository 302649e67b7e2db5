/* Positions for fiscal receipts: they come to the amount, and what is wrong is named where it stands. */
#include "paysrv/domain/payment/receipt.h"

#include "tests/support/test.h"

#define CUSTOMER "\"customer\":{\"email\":\"buyer@example.com\"}"
#define BOOK                                                                                                           \
    "{\"name\":\"Книга\",\"quantity\":\"2\",\"price\":350,\"amount\":700,\"vat\":\"10\",\"subject\":\"commodity\"}"
#define TEA                                                                                                            \
    "{\"name\":\"Чай\",\"quantity\":\"0.333\",\"price\":1000,\"amount\":333,\"vat\":\"22/"                          \
    "122\",\"mode\":\"full_payment\"}"

static struct receipt_verdict judge(struct arena *a, const char *text, int64_t amount, bool is_refund)
{
    const struct json_value *v;
    str document = STR_NONE;
    CHECK(json_parse(a, str_of(text), &v));
    struct receipt_verdict verdict = receipt_judge(a, v, amount, is_refund, &document);
    CHECK(!verdict.good || document.n > 0);
    return verdict;
}

TEST(receipt_positions_come_to_the_amount)
{
    CHECK(judge(arena, "{" CUSTOMER ",\"tax_system\":\"osn\",\"items\":[" BOOK "," TEA "]}", 1033, false).good);
    CHECK(judge(arena, "{\"items\":[" TEA "]}", 333, true).good);
    CHECK_STR(judge(arena, "{" CUSTOMER ",\"items\":[" BOOK "," TEA "]}", 1034, false).param, STR("receipt.items"));
    CHECK_STR(judge(arena, "{" CUSTOMER ",\"items\":[]}", 0, false).param, STR("receipt.items"));
    CHECK(
        !judge(arena,
               "{\"items\":[{\"name\":\"x\",\"quantity\":\"1\",\"price\":9007199254740991,\"amount\":9007199254740991,"
               "\"vat\":\"none\"}]}",
               -1, true)
             .good);
}

TEST(receipt_of_an_invoice_is_good_and_costs_what_was_paid)
{
    const struct json_value *v;
    str terms, document, again;
    CHECK(json_parse(
        arena, STR("{\"vat\":\"20\",\"tax_system\":\"osn\",\"supplier\":{\"name\":\"S\",\"inn\":\"7707083893\"}}"),
        &v));
    CHECK(receipt_terms_judge(arena, v, &terms).good);
    for (int64_t paid = 699; paid <= 701; paid++) {
        const struct receipt_sale sale = { terms, STR("Журнал \"Stoa\""), STR("a@example.com"), 2, 350, paid };
        document = receipt_of_sale(arena, &sale);
        CHECK(json_parse(arena, document, &v));
        CHECK(receipt_judge(arena, v, paid, false, &again).good);
        const struct json_value *item = json_item(json_get(v, "items"), 0);
        CHECK(json_get_str(item, "quantity", &again));
        CHECK_STR(again, paid == 700 ? STR("2") : STR("1"));
    }
    CHECK(json_parse(arena, STR("{\"vat\":\"20\",\"supplier\":{\"name\":\"S\",\"inn\":\"7\"}}"), &v));
    CHECK_STR(receipt_terms_judge(arena, v, &terms).param, STR("receipt.supplier.inn"));
    CHECK(json_parse(arena, STR("{}"), &v));
    CHECK_STR(receipt_terms_judge(arena, v, &terms).param, STR("receipt.vat"));
}

TEST(receipt_names_the_member_that_is_wrong)
{
    static const struct {
        const char *text, *param;
    } cases[] = {
        { "[]", "receipt" },
        { "{\"items\":[" BOOK "]}", "receipt.customer" },
        { "{\"customer\":{},\"items\":[" BOOK "]}", "receipt.customer" },
        { "{\"customer\":{\"phone\":\"8 900\"},\"items\":[" BOOK "]}", "receipt.customer.phone" },
        { "{\"customer\":{\"email\":\"@\"},\"items\":[" BOOK "]}", "receipt.customer.email" },
        { "{" CUSTOMER ",\"tax_system\":\"none\",\"items\":[" BOOK "]}", "receipt.tax_system" },
        { "{" CUSTOMER ",\"total\":700,\"items\":[" BOOK "]}", "receipt.total" },
        { "{" CUSTOMER ",\"items\":[" BOOK ",7]}", "receipt.items[1]" },
        { "{" CUSTOMER ",\"items\":[{\"name\":\"a\\nb\"}]}", "receipt.items[0].name" },
        { "{" CUSTOMER ",\"items\":[{\"name\":\"a\u202Eb\"}]}", "receipt.items[0].name" },
        { "{" CUSTOMER ",\"items\":[{\"name\":\"a\",\"quantity\":\"0\"}]}", "receipt.items[0].quantity" },
        { "{" CUSTOMER ",\"items\":[{\"name\":\"a\",\"quantity\":\"1.2345\"}]}", "receipt.items[0].quantity" },
        { "{" CUSTOMER ",\"items\":[{\"name\":\"a\",\"quantity\":\"1.\"}]}", "receipt.items[0].quantity" },
        { "{" CUSTOMER ",\"items\":[{\"name\":\"a\",\"quantity\":\"1\",\"price\":-1}]}", "receipt.items[0].price" },
        { "{" CUSTOMER ",\"items\":[{\"name\":\"a\",\"quantity\":\"2\",\"price\":350,\"amount\":702}]}",
          "receipt.items[0].amount" },
        { "{" CUSTOMER ",\"items\":[{\"name\":\"a\",\"quantity\":\"1\",\"price\":700,\"amount\":700,\"vat\":\"18\"}]}",
          "receipt.items[0].vat" },
        { "{" CUSTOMER ",\"items\":[{\"name\":\"a\",\"quantity\":\"1\",\"price\":700,\"amount\":700,\"vat\":\"20\","
          "\"supplier\":{\"name\":\"S\",\"inn\":\"7707083894\"}}]}",
          "receipt.items[0].supplier.inn" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct receipt_verdict v = judge(arena, cases[i].text, 700, false);
        CHECK(!v.good && v.explain.n > 0);
        CHECK_STR(v.param, str_of(cases[i].param));
    }
    CHECK_STR(judge(arena, "{" CUSTOMER ",\"items\":[" BOOK "]}", 700, true).param, STR("receipt.customer"));
}
