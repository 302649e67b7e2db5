/* What goes into a log of requests, and how it is looked for. */
#include "paysrv/domain/request_filter.h"
#include "tests/support/test.h"

TEST(request_filter_statuses_and_classes)
{
    int64_t low, high;
    CHECK(request_status_parse(STR_NONE, &low, &high) && low == 100 && high == 599);
    CHECK(request_status_parse(STR("4xx"), &low, &high) && low == 400 && high == 499);
    CHECK(request_status_parse(STR("503"), &low, &high) && low == 503 && high == 503);
    static const char *const wrong[] = { "", "4", "xxx", "0xx", "6xx", "4x4", "099", "600", "-10", "4040", "+40" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK(!request_status_parse(str_of(wrong[i]), &low, &high));
}

TEST(request_filter_keeps_no_card_number)
{
    static const char *const plain[] = { "pay_01k123456789012345678901ab", "2026-11", "17", "me", "we_x", "pay_none" };
    static const char *const other[] = {
        "4242424242424242",    "pay_4242424242424242", "a b", "x%20", "", "a/b", "424242424242",
        "4242-4242-4242-4242", "pay_4242_4242_4242_42"
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        CHECK(request_name_is_plain(str_of(plain[i])));
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        CHECK(!request_name_is_plain(str_of(other[i])));
}

TEST(request_filter_finds_what_was_made)
{
    CHECK_STR(request_object_of(STR("{\"id\":\"pay_1\",\"object\":\"payment\"}")), STR("pay_1"));
    CHECK(!str_given(request_object_of(STR("{\"object\":\"list\"}"))));
    CHECK(!str_given(request_object_of(STR("{\"id\":\"pay_1"))));
    CHECK(!str_given(request_object_of(STR("{\"id\":17}"))));
    CHECK(!str_given(request_object_of(STR_NONE)));
}
