#include "paysrv/domain/access/operator_target.h"

#include <string.h>

#include "tests/support/test.h"

TEST(only_an_operators_own_page_is_where_a_log_in_leads)
{
    CHECK(operator_target_is(STR("/operator")));
    CHECK(operator_target_is(STR("/operator?before=x")));
    CHECK(operator_target_is(STR("/operator/bank?no=7&closed=true")));
    static const char *const others[] = { "",
                                          "/",
                                          "/operators",
                                          "/operator.evil.example",
                                          "//evil.example/operator",
                                          "https://evil.example/operator",
                                          "/pay/cs_1",
                                          "operator/bank",
                                          "/operator/login",
                                          "/operator/login?to=%2Foperator",
                                          "/operator/\\evil.example",
                                          "/operator/a b",
                                          "/operator/\r\nset-cookie:x",
                                          "/operator/\x7f",
                                          "/operator/\xc3\xa4" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK(!operator_target_is(str_of(others[i])));
    char longest[OPERATOR_TARGET_MAX_BYTES + 1] = "/operator/";
    memset(longest + 10, 'a', sizeof longest - 10);
    CHECK(operator_target_is((str){ longest, OPERATOR_TARGET_MAX_BYTES }));
    CHECK(!operator_target_is((str){ longest, OPERATOR_TARGET_MAX_BYTES + 1 }));
}
