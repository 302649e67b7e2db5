/* What browsers say about passkeys (WebAuthn 5.8.1, IDENTITY J 94). */
#include "authsrv/domain/account/passkey.h"

#include "tests/support/test.h"

#define ORIGIN "https://as.example"

static bool taken(struct arena *arena, const char *client_data)
{
    str challenge = STR_NONE;
    return client_data_challenge(arena, bytes_of(str_of(client_data)), PASSKEY_GET, STR(ORIGIN), &challenge) &&
           str_eq(challenge, STR("abc"));
}

#define SAID(type, origin, more) "{\"type\":\"" type "\",\"challenge\":\"abc\",\"origin\":\"" origin "\"" more "}"

TEST(client_data_is_of_this_type_and_this_very_origin)
{
    CHECK(taken(arena, SAID("webauthn.get", ORIGIN, "")));
    CHECK(taken(arena, SAID("webauthn.get", ORIGIN, ",\"crossOrigin\":false,\"other_keys\":1")));
    CHECK(!taken(arena, SAID("webauthn.create", ORIGIN, "")));
    CHECK(!taken(arena, SAID("webauthn.get", ORIGIN ".evil.example", "")));
    CHECK(!taken(arena, SAID("webauthn.get", "https://evil.as.example", "")));
    CHECK(!taken(arena, SAID("webauthn.get", "http://as.example", "")));
    CHECK(!taken(arena, SAID("webauthn.get", ORIGIN "/", "")));
    CHECK(!taken(arena, "{\"type\":\"webauthn.get\",\"origin\":\"" ORIGIN "\"}"));
    CHECK(!taken(arena, "[]"));
    CHECK(!taken(arena, "no json"));
}

TEST(client_data_of_frames_is_refused)
{
    CHECK(!taken(arena, SAID("webauthn.get", ORIGIN, ",\"crossOrigin\":true")));
    CHECK(!taken(arena, SAID("webauthn.get", ORIGIN, ",\"crossOrigin\":\"false\"")));
    CHECK(!taken(arena, SAID("webauthn.get", ORIGIN, ",\"crossOrigin\":false,\"topOrigin\":\"https://a.example\"")));
}

TEST(passkeys_are_for_names_and_not_for_addresses)
{
    CHECK_STR(passkey_site(STR("as.example")), STR("as.example"));
    CHECK(!str_given(passkey_site(STR("127.0.0.1"))));
    CHECK(!str_given(passkey_site(STR("[::1]"))));
    CHECK(!str_given(passkey_site(STR("fd00::a"))));
}

TEST(passkeys_have_names_that_can_be_shown)
{
    CHECK_STR(passkey_name(STR("Laptop"), STR("Passkey")), STR("Laptop"));
    CHECK_STR(passkey_name(STR(""), STR("Passkey")), STR("Passkey"));
    CHECK_STR(passkey_name(STR("a\nb"), STR("Passkey")), STR("Passkey"));
}
