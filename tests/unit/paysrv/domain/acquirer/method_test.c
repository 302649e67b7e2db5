/* What a payment can be paid with. */
#include "paysrv/domain/acquirer/method.h"

#include "tests/support/test.h"

TEST(methods_have_names)
{
    enum payment_method method = METHOD_CARD;
    CHECK(payment_method_parse(STR("wallet"), &method));
    CHECK_I64(method, METHOD_WALLET);
    CHECK(!payment_method_parse(STR("Wallet"), &method) && !payment_method_parse(STR(""), &method));
    CHECK(!payment_method_parse(STR_NONE, &method));
    CHECK_I64(method, METHOD_WALLET);
    CHECK_STR(payment_method_name(METHOD_CARD), STR("card"));
    CHECK_I64(payment_method_of(STR_NONE), METHOD_CARD);
    CHECK_STR(payment_method_shown(STR_NONE, STR("cha_1")), STR("card"));
    CHECK(!str_given(payment_method_shown(STR_NONE, STR_NONE)));
    CHECK_I64(payment_method_of(STR("wallet")), METHOD_WALLET);
}

TEST(a_list_allows_what_it_names_and_an_empty_one_everything)
{
    str one[] = { STR("wallet") };
    CHECK(payment_methods_allow((str_array){ 0 }, METHOD_CARD));
    CHECK(payment_methods_allow((str_array){ one, 1 }, METHOD_WALLET));
    CHECK(!payment_methods_allow((str_array){ one, 1 }, METHOD_CARD));
}

TEST(a_payment_is_paid_only_as_it_can_be)
{
    str cards[] = { STR("card") };
    struct method_basis basis = { .is_configured = true };
    CHECK_I64(payment_method_judge(METHOD_WALLET, &basis), METHOD_GOOD);
    basis.is_manual = true;
    CHECK_I64(payment_method_judge(METHOD_WALLET, &basis), METHOD_TAKES_AT_ONCE);
    basis.can_authorize = true;
    CHECK_I64(payment_method_judge(METHOD_WALLET, &basis), METHOD_GOOD);
    basis.amount_wrong = "at most 3";
    CHECK_I64(payment_method_judge(METHOD_WALLET, &basis), METHOD_AMOUNT);
    basis.is_configured = false;
    CHECK_I64(payment_method_judge(METHOD_WALLET, &basis), METHOD_NOT_CONFIGURED);
    basis = (struct method_basis){ .is_configured = true, .allowed = { cards, 1 } };
    CHECK_I64(payment_method_judge(METHOD_WALLET, &basis), METHOD_NOT_OF_STORE);
    CHECK_I64(payment_method_judge(METHOD_CARD, &basis), METHOD_GOOD);
}
