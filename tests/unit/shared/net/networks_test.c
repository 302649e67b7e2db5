/* Which addresses the guard lets through: SECURITY H 194, RFC 6890. */
#include "shared/net/networks.h"

#include "tests/support/test.h"

static bool allowed(const char *list, const char *address)
{
    struct networks networks;
    struct sockaddr_storage literal;
    CHECK(networks_parse(str_of(list), &networks));
    CHECK(networks_literal(str_of(address), &literal));
    return networks_allow(&networks, (const struct sockaddr *)&literal);
}

TEST(addresses_inside_are_refused)
{
    static const char *const inside[] = {
        "127.0.0.1",
        "127.255.0.9",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "0.0.0.0",
        "0.1.2.3",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.88.99.1",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "fd00::1",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "3fff::1",
        "100::1",
        "4000::1",
    };
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        if (allowed("", inside[i]))
            test_fail(__FILE__, __LINE__, "%s is allowed", inside[i]);
    }
}

TEST(addresses_of_the_internet_are_allowed)
{
    static const char *const outside[] = { "1.1.1.1",        "9.255.255.255",        "11.0.0.0",
                                           "100.63.255.255", "100.128.0.0",          "172.15.255.255",
                                           "172.32.0.0",     "223.255.255.255",      "2606:4700::1111",
                                           "2a00::1",        "::ffff:93.184.216.34", "64:ff9b::5db8:d822" };
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        if (!allowed("", outside[i]))
            test_fail(__FILE__, __LINE__, "%s is refused", outside[i]);
    }
}

TEST(the_configuration_opens_what_it_names_and_nothing_else)
{
    CHECK(allowed("127.0.0.0/8", "127.0.0.1"));
    CHECK(allowed("127.0.0.0/8", "::ffff:127.0.0.1"));
    CHECK(!allowed("127.0.0.0/8", "10.0.0.1"));
    CHECK(allowed("10.1.0.0/16 fd00::/8", "10.1.255.3"));
    CHECK(!allowed("10.1.0.0/16 fd00::/8", "10.2.0.0"));
    CHECK(allowed("10.1.0.0/16 fd00::/8", "fd12::1"));
    CHECK(allowed("127.0.0.2/32", "127.0.0.2"));
    CHECK(!allowed("127.0.0.2/32", "127.0.0.3"));
}

TEST(an_address_is_a_network_of_one)
{
    struct networks n;
    struct sockaddr_storage address;
    CHECK(networks_parse(STR("127.0.0.1 2001:db8::1"), &n) && n.n == 2);
    CHECK(networks_literal(STR("127.0.0.1"), &address) && networks_contain(&n, (const struct sockaddr *)&address));
    CHECK(networks_literal(STR("2001:db8::1"), &address) && networks_contain(&n, (const struct sockaddr *)&address));
    CHECK(networks_literal(STR("127.0.0.2"), &address) && !networks_contain(&n, (const struct sockaddr *)&address));
    CHECK(networks_literal(STR("9.9.9.9"), &address) && !networks_contain(&n, (const struct sockaddr *)&address));
}

TEST(malformed_networks_are_refused)
{
    struct networks n;
    static const char *const bad[] = { "127.0.0.1/8", "10.0.0.0/33", "::/129",    "10.0.0.0/-1",
                                       "10.0.0/8",    "x/8",         "10.0.0.0/", "fd00::1/8" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (networks_parse(str_of(bad[i]), &n))
            test_fail(__FILE__, __LINE__, "\"%s\" is taken", bad[i]);
    }
    CHECK(networks_parse(STR(""), &n) && n.n == 0);
    CHECK(networks_parse(STR_NONE, &n) && n.n == 0);
    CHECK(networks_parse(STR("0.0.0.0/0"), &n) && n.n == 1);
}

TEST(other_address_families_are_refused)
{
    struct networks all;
    struct sockaddr local = { .sa_family = AF_UNIX };
    CHECK(networks_parse(STR("0.0.0.0/0 ::/0"), &all));
    CHECK(!networks_allow(&all, &local));
}
