/* What counts as one place on the network. */
#include "shared/text/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "tests/support/test.h"

TEST(places_on_the_network)
{
    CHECK_STR(network_of(arena, STR("192.0.2.1")), network_of(arena, STR("::ffff:192.0.2.1")));
    CHECK(!str_eq(network_of(arena, STR("192.0.2.1")), network_of(arena, STR("192.0.2.2"))));
    CHECK_STR(wider_network_of(arena, STR("192.0.2.1")), wider_network_of(arena, STR("::ffff:192.0.2.254")));
    CHECK(!str_eq(wider_network_of(arena, STR("192.0.2.1")), wider_network_of(arena, STR("192.0.3.1"))));
    CHECK_STR(wider_network_of(arena, STR("2001:db8:0:1::1")), wider_network_of(arena, STR("2001:db8:0:ff::2")));
    CHECK(!str_eq(wider_network_of(arena, STR("2001:db8::1")), wider_network_of(arena, STR("2001:db8:0:100::1"))));
    CHECK_STR(wider_network_of(arena, STR("")), STR(""));
    CHECK_STR(network_of(arena, STR("2001:db8::1")), network_of(arena, STR("2001:db8:0:0:ffff::2")));
    CHECK(!str_eq(network_of(arena, STR("2001:db8::1")), network_of(arena, STR("2001:db8:0:1::1"))));
    CHECK(!str_eq(network_of(arena, STR("::ffff:192.0.2.1")), network_of(arena, STR("::ffff:192.0.2.2"))));
    CHECK_STR(network_of(arena, STR("nonsense:")), STR("nonsense:"));
}

static uint64_t place(const char *text)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return network_place((const struct sockaddr *)(const void *)&v4);
    CHECK(inet_pton(AF_INET6, text, &v6.sin6_addr) == 1);
    return network_place((const struct sockaddr *)(const void *)&v6);
}

TEST(connections_are_counted_by_the_same_places)
{
    CHECK(place("192.0.2.1") == place("::ffff:192.0.2.1"));
    CHECK(place("192.0.2.1") != place("192.0.2.2"));
    CHECK(place("2001:db8:0:1::1") == place("2001:db8:0:1:ffff::2"));
    CHECK(place("2001:db8:0:1::1") != place("2001:db8:0:2::1"));
    CHECK(network_place(&(const struct sockaddr){ .sa_family = AF_UNIX }) == 0);
}
