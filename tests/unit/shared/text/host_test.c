/* Host names as they go over the wire: RFC 3492's own samples, and what is refused. */
#include "shared/text/host.h"

#include "tests/support/test.h"

TEST(host_is_written_as_on_the_wire)
{
    static const char *const pairs[][2] = {
        { "Shop.Example", "shop.example" },
        { "shop.example.", "shop.example" },
        { "a-b.c1.example", "a-b.c1.example" },
        { "xn--bcher-kva.example", "xn--bcher-kva.example" },
        { "B\xc3\xbc"
          "cher.Example",
          "xn--bcher-kva.example" },
        { "Bu\xcc\x88"
          "cher.example",
          "xn--bcher-kva.example" }, /* the mark by itself */
        { "stra\xc3\x9f"
          "e.example",
          "strasse.example" }, /* as UTS 46 maps it without deviations */
        { "\xe4\xbe\x8b\xe3\x81\x88\xe3\x80\x82\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88", "xn--r8jz45g.xn--zckzah" },
        { "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80."
          "\xd0\xb8\xd1\x81\xd0\xbf\xd1\x8b\xd1\x82\xd0\xb0\xd0\xbd\xd0\xb8\xd0\xb5",
          "xn--e1afmkfd.xn--80akhbyknj4f" },
        { "\xe4\xbb\x96\xe4\xbb\xac\xe4\xb8\xba\xe4\xbb\x80\xe4\xb9\x88\xe4\xb8\x8d\xe8\xaf\xb4\xe4\xb8\xad\xe6\x96\x87"
          ".example",
          "xn--ihqwcrb4cv8a8dqg056pqjye.example" },    /* RFC 3492, 7.1 (B) */
        { "\xef\xbc\xb3hop.example", "shop.example" }, /* full width */
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        str got;
        CHECK(host_normal(arena, str_of(pairs[i][0]), &got));
        CHECK_STR(got, str_of(pairs[i][1]));
    }
}

TEST(host_is_no_address_no_port_and_nothing_else)
{
    static const char *const bad[] = {
        "",
        ".",
        "shop",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "::1",
        "shop.example:443",
        "https://shop.example",
        "shop.example/",
        "user@shop.example",
        "-a.example",
        "a-.example",
        "a..example",
        ".example",
        "*.example",
        "a_b.example",
        "a b.example",
        "ab--cd.example",
        "\303\274b--x.example",
        "shop.123",
        "shop\xff.example",
        "\xe2\x98\x83.example",
        "shop.example\n",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
    };
    str got;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (host_normal(arena, str_of(bad[i]), &got))
            test_fail(__FILE__, __LINE__, "%s was taken as %.*s", bad[i], STR_ARG(got));
    char many[300];
    memset(many, 'a', sizeof many);
    for (size_t i = 1; i < sizeof many; i += 2)
        many[i] = '.';
    CHECK(!host_normal(arena, (str){ many, 299 }, &got));
    CHECK(host_normal(arena, (str){ many, 253 }, &got));
}

TEST(host_within_is_itself_or_below)
{
    CHECK(host_is_within(STR("shop.example"), STR("shop.example")));
    CHECK(host_is_within(STR("WWW.Shop.example"), STR("shop.example")));
    CHECK(!host_is_within(STR("myshop.example"), STR("shop.example")));
    CHECK(!host_is_within(STR("example"), STR("shop.example")));
    CHECK(!host_is_within(STR("shop.example.evil"), STR("shop.example")));
    CHECK(!host_is_within(STR("shop.example"), STR("")));
}
