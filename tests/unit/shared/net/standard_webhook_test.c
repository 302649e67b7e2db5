/* Standard Webhooks 1.0: a vector computed elsewhere, and what must not pass. */
#include "shared/net/standard_webhook.h"

#include "tests/support/test.h"

#define SECRET STR("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
#define ID STR("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W")
#define BODY                                                                                                           \
    STR("{\"type\":\"payment.succeeded\",\"timestamp\":\"2023-11-14T22:13:20Z\",\"data\":{\"id\":\"pay_1001\"}}")
#define SIGNATURE STR("v1,oTu0Qr8Fma0wl+GBGMg++1BYh1QcL0b+EpF3USpvilQ=")
#define WHEN 1700000000

static enum webhook_verdict verify(struct arena *a, str signature, int64_t now_s)
{
    return webhook_verify(a, SECRET, ID, STR("1700000000"), signature, BODY, instant_of_seconds(now_s));
}

TEST(the_vector_is_signed_and_verified)
{
    str signature;
    CHECK(webhook_sign(arena, SECRET, ID, WHEN, BODY, &signature));
    CHECK_STR(signature, SIGNATURE);
    CHECK_I64(verify(arena, SIGNATURE, WHEN), WEBHOOK_GOOD);
}

TEST(one_of_several_signatures_is_enough)
{
    str two = arena_printf(arena, "v1a,AAAA v1,AAAA %.*s", STR_ARG(SIGNATURE));
    CHECK_I64(verify(arena, two, WHEN), WEBHOOK_GOOD);
}

TEST(other_bytes_do_not_pass)
{
    CHECK_I64(verify(arena, STR("v1,oTu0Qr8Fma0wl+GBGMg++1BYh1QcL0b+EpF3USpvilA="), WHEN), WEBHOOK_BAD_SIGNATURE);
    CHECK_I64(verify(arena, STR("v2,oTu0Qr8Fma0wl+GBGMg++1BYh1QcL0b+EpF3USpvilQ="), WHEN), WEBHOOK_BAD_SIGNATURE);
    CHECK_I64(verify(arena, STR(""), WHEN), WEBHOOK_BAD_SIGNATURE);
    instant now = instant_of_seconds(WHEN);
    CHECK_I64(webhook_verify(arena, SECRET, ID, STR("1700000000"), SIGNATURE, STR("{}"), now), WEBHOOK_BAD_SIGNATURE);
    CHECK_I64(webhook_verify(arena, SECRET, STR("msg_3"), STR("1700000000"), SIGNATURE, BODY, now),
              WEBHOOK_BAD_SIGNATURE);
    CHECK_I64(webhook_verify(arena, SECRET, ID, STR("1700000001"), SIGNATURE, BODY, now), WEBHOOK_BAD_SIGNATURE);
}

TEST(bytes_cannot_move_between_the_parts)
{
    str signature;
    CHECK(!webhook_sign(arena, SECRET, STR("msg.1"), WHEN, BODY, &signature));
    instant now = instant_of_seconds(WHEN);
    CHECK_I64(webhook_verify(arena, SECRET, STR("msg.1"), STR("1700000000"), SIGNATURE, BODY, now), WEBHOOK_MALFORMED);
}

TEST(time_is_compared_in_both_directions)
{
    CHECK_I64(verify(arena, SIGNATURE, WHEN + 300), WEBHOOK_GOOD);
    CHECK_I64(verify(arena, SIGNATURE, WHEN - 60), WEBHOOK_GOOD);
    CHECK_I64(verify(arena, SIGNATURE, WHEN + 301), WEBHOOK_OUTSIDE_TOLERANCE);
    CHECK_I64(verify(arena, SIGNATURE, WHEN - 61), WEBHOOK_OUTSIDE_TOLERANCE);
}

TEST(malformed_input_is_refused)
{
    instant now = instant_of_seconds(WHEN);
    CHECK_I64(webhook_verify(arena, STR("whsec_c2hvcnQ="), ID, STR("1700000000"), SIGNATURE, BODY, now),
              WEBHOOK_MALFORMED);
    CHECK_I64(webhook_verify(arena, STR("MDEyMzQ1"), ID, STR("1700000000"), SIGNATURE, BODY, now), WEBHOOK_MALFORMED);
    CHECK_I64(webhook_verify(arena, SECRET, ID, STR("01700000000"), SIGNATURE, BODY, now), WEBHOOK_MALFORMED);
    CHECK_I64(webhook_verify(arena, SECRET, ID, STR_NONE, SIGNATURE, BODY, now), WEBHOOK_MALFORMED);
    CHECK_I64(webhook_verify(arena, SECRET, ID, STR("1700000000"), STR_NONE, BODY, now), WEBHOOK_MALFORMED);
    CHECK_I64(webhook_verify(arena, SECRET, STR_NONE, STR("1700000000"), SIGNATURE, BODY, now), WEBHOOK_MALFORMED);
}

TEST(a_new_secret_signs)
{
    str signature, secret_text = webhook_secret_new(arena);
    CHECK(str_starts(secret_text, STR("whsec_")));
    CHECK(webhook_sign(arena, secret_text, ID, WHEN, BODY, &signature));
    CHECK(!str_eq(secret_text, webhook_secret_new(arena)));
    CHECK_I64(webhook_verify(arena, secret_text, ID, STR("1700000000"), signature, BODY, instant_of_seconds(WHEN)),
              WEBHOOK_GOOD);
}
