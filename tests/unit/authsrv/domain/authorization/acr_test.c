/* Levels of log-in (OIDC Core 5.5.1.1, RFC 9470, IDENTITY B 32). */
#include "authsrv/domain/authorization/acr.h"

#include "shared/base/buf.h"
#include "tests/support/test.h"

#define ONE "urn:stoa:acr:1fa"
#define TWO "urn:stoa:acr:2fa"

TEST(acr_a_stronger_session_serves_a_weaker_wish)
{
    CHECK(acr_served(STR("pwd"), STR(ONE)));
    CHECK(acr_served(STR(""), STR("other " ONE)));
    CHECK(!acr_served(STR("pwd"), STR(TWO)));
    CHECK(acr_served(STR("pwd otp mfa"), STR(TWO)));
    CHECK(acr_served(STR("hwk user"), STR(TWO)));
    CHECK(acr_served(STR("hwk user"), STR("phr")));
    CHECK(!acr_served(STR("pwd otp mfa"), STR("phr")));
    CHECK(!acr_served(STR("hwk"), STR("urn:unknown")));
}

TEST(acr_says_what_was_reached_and_never_more)
{
    CHECK_STR(acr_reported(STR("pwd"), STR_NONE), STR(ONE));
    CHECK_STR(acr_reported(STR("pwd"), STR("phr " TWO)), STR(ONE));
    CHECK_STR(acr_reported(STR("pwd otp mfa"), STR("phr " ONE)), STR(ONE));
    CHECK_STR(acr_reported(STR("pwd otp mfa"), STR_NONE), STR(TWO));
    CHECK_STR(acr_reported(STR("swk"), STR("urn:unknown")), STR("phr"));
}

TEST(acr_is_attainable_as_far_as_there_are_ways_to_log_in)
{
    struct buf out;
    struct json j;
    buf_init(&out, arena, 4096);
    json_begin(&j, &out);
    acr_supported_write(&j, "acr");
    json_end(&j);
    CHECK(acr_attainable(STR("urn:unknown " ONE)));
    CHECK(!acr_attainable(STR("urn:unknown")));
    CHECK(acr_attainable(STR(TWO)) == (memmem(out.p, out.n, TWO, strlen(TWO)) != NULL));
    CHECK(acr_attainable(STR("phr")) == (memmem(out.p, out.n, "\"phr\"", 5) != NULL));
    CHECK(memmem(out.p, out.n, ONE, strlen(ONE)) != NULL);
}
