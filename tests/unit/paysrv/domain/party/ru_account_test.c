/* Russian requisites: keys and check digits. The correspondent accounts and the INN are those that the banks publish.
 */
#include "paysrv/domain/party/ru_account.h"

#include "tests/support/test.h"

TEST(ru_correspondent_accounts_of_banks_have_the_right_key)
{
    CHECK(ru_account_key_fits(STR("044525225"), STR("30101810400000000225"), true));
    CHECK(ru_account_key_fits(STR("044525974"), STR("30101810145250000974"), true));
    CHECK(ru_account_key_fits(STR("044525593"), STR("30101810200000000593"), true));
    CHECK(!ru_account_key_fits(STR("044525225"), STR("30101810400000000225"), false));
}

TEST(ru_account_key_depends_on_the_bik_and_finds_every_single_error)
{
    char account[] = "40702810438000060473";
    CHECK(ru_account_key_fits(STR("044525225"), str_of(account), false));
    CHECK(!ru_account_key_fits(STR("044525974"), str_of(account), false));
    for (size_t i = 0; i < 20; i++)
        for (char c = '0'; c <= '9'; c++) {
            char right = account[i];
            account[i] = c;
            CHECK(ru_account_key_fits(STR("044525225"), str_of(account), false) == (c == right));
            account[i] = right;
        }
    CHECK(!ru_account_key_fits(STR("044525225"), STR("4070281043800006047"), false));
    CHECK(!ru_account_key_fits(STR("044525225"), STR("4070281043800006047x"), false));
}

TEST(ru_inn_has_check_digits)
{
    CHECK(ru_inn_is_valid(STR("7707083893")));
    CHECK(ru_inn_is_valid(STR("500100732259")));
    CHECK(!ru_inn_is_valid(STR("7707083894")));
    CHECK(!ru_inn_is_valid(STR("500100732258")));
    CHECK(!ru_inn_is_valid(STR("500100732269")));
    CHECK(!ru_inn_is_valid(STR("77070838931")));
    CHECK(!ru_inn_is_valid(STR("0000000000")) && !ru_inn_is_valid(STR("000000000000")));
    CHECK(!ru_inn_is_valid(STR_NONE));
}

TEST(ru_requisites_name_the_wrong_input)
{
    const struct ru_account good = { .bik = STR("044525225"),
                                     .account = STR("40702810438000060473"),
                                     .correspondent = STR("30101810400000000225"),
                                     .inn = STR("7707083893"),
                                     .kpp = STR("773601001") };
    CHECK_I64(ru_account_judge(&good), RU_GOOD);
    struct ru_account a = good;
    a.bik = STR("144525225");
    CHECK_STR(ru_verdict_param(ru_account_judge(&a)), STR("bik"));
    a = good;
    a.account = STR("40702810538000060473");
    CHECK_STR(ru_verdict_param(ru_account_judge(&a)), STR("account"));
    a = good;
    a.correspondent = STR("30101810145250000974");
    CHECK_STR(ru_verdict_param(ru_account_judge(&a)), STR("correspondent"));
    a = good;
    a.inn = STR("1");
    CHECK_STR(ru_verdict_param(ru_account_judge(&a)), STR("inn"));
    a = good;
    a.kpp = STR("77360A00X");
    CHECK_STR(ru_verdict_param(ru_account_judge(&a)), STR("kpp"));
    a.kpp = STR("7736AB001");
    CHECK_I64(ru_account_judge(&a), RU_GOOD);
}
