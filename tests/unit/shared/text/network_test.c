/* What counts as one place on the network. */
#include "shared/text/network.h"

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
