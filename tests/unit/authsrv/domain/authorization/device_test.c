/* The cookie of known devices (SECURITY G 184), and places on the network. */
#include "authsrv/domain/authorization/device.h"

#include "shared/crypto/crypto.h"
#include "tests/support/test.h"

static const unsigned char one[DEVICE_ID_BYTES] = "0123456789abcdef", two[DEVICE_ID_BYTES] = "fedcba9876543210";

TEST(a_device_is_known_to_its_account_only)
{
    digest key = sha256_str(STR("key")), other = sha256_str(STR("other"));
    str cookie = device_remember(arena, &key, STR_NONE, STR("ada@a.example"), one);
    str id = device_of(arena, &key, cookie, STR("ada@a.example"));
    CHECK_I64(id.n, 22);
    CHECK(!str_given(device_of(arena, &key, cookie, STR("bob@a.example"))));
    CHECK(!str_given(device_of(arena, &other, cookie, STR("ada@a.example"))));
    CHECK(!str_given(device_of(arena, &key, STR_NONE, STR("ada@a.example"))));
    char *forged = arena_cstr(arena, cookie);
    forged[0] = forged[0] == 'A' ? 'B' : 'A';
    CHECK(!str_given(device_of(arena, &key, (str){ forged, cookie.n }, STR("ada@a.example"))));
}

TEST(the_id_stays_and_accounts_share_the_cookie)
{
    digest key = sha256_str(STR("key"));
    str first = device_remember(arena, &key, STR_NONE, STR("ada@a.example"), one);
    str both = device_remember(arena, &key, first, STR("bob@a.example"), two);
    CHECK_STR(device_of(arena, &key, both, STR("ada@a.example")), device_of(arena, &key, first, STR("ada@a.example")));
    str again = device_remember(arena, &key, both, STR("ada@a.example"), two);
    CHECK_I64(again.n, both.n);
    CHECK_STR(device_of(arena, &key, again, STR("ada@a.example")), device_of(arena, &key, first, STR("ada@a.example")));
    CHECK(str_given(device_of(arena, &key, again, STR("bob@a.example"))));
}

TEST(the_cookie_does_not_grow)
{
    digest key = sha256_str(STR("key"));
    str cookie = STR_NONE;
    for (int i = 0; i < 20; i++)
        cookie = device_remember(arena, &key, cookie, arena_printf(arena, "u%d@a.example", i), one);
    CHECK_I64(cookie.n, DEVICES_MAX * 44 + DEVICES_MAX - 1);
    CHECK(str_given(device_of(arena, &key, cookie, STR("u19@a.example"))));
    CHECK(!str_given(device_of(arena, &key, cookie, STR("u14@a.example"))));
    str rubbish = device_remember(arena, &key, STR("a.b..c"), STR("ada@a.example"), one);
    CHECK_I64(rubbish.n, 44);
}
