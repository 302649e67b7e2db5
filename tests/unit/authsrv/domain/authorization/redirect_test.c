/* Redirect URIs: SECURITY A 1..9, RFC 8252 section 7.3. */
#include "authsrv/domain/authorization/redirect.h"

#include "tests/support/test.h"

TEST(redirect_admits_https_loopback_and_private_use)
{
    static const str good[] = {
        STR("https://a.example/cb"), STR("https://a.example"),        STR("https://a.example:8443/cb?x=1"),
        STR("http://127.0.0.1/cb"),  STR("http://127.0.0.1:9000/cb"), STR("http://[::1]/cb"),
        STR("com.example.app:/cb")
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK_I64(redirect_judge(good[i]), REDIRECT_GOOD);
}

TEST(redirect_refuses_what_could_lead_elsewhere)
{
    static const struct {
        str uri;
        enum redirect_verdict v;
    } bad[] = {
        { STR(""), REDIRECT_MALFORMED },
        { STR("/cb"), REDIRECT_MALFORMED },
        { STR("https://a.example/c b"), REDIRECT_MALFORMED },
        { STR("https://A.example/cb"), REDIRECT_MALFORMED },
        { STR("https://a.example/cb#x"), REDIRECT_FRAGMENT },
        { STR("https://a.example/cb#"), REDIRECT_FRAGMENT },
        { STR("https://u@a.example/cb"), REDIRECT_USERINFO },
        { STR("http://a.example/cb"), REDIRECT_SCHEME },
        { STR("http://localhost/cb"), REDIRECT_SCHEME },
        { STR("http://127.0.0.1.evil.net/cb"), REDIRECT_SCHEME },
        { STR("javascript:alert(1)"), REDIRECT_SCHEME },
        { STR("data:text/html,x"), REDIRECT_SCHEME },
        { STR("myapp:/cb"), REDIRECT_SCHEME },
        { STR("https://*.a.example/cb"), REDIRECT_WILDCARD },
        { STR("https://a.example/*"), REDIRECT_WILDCARD },
        { STR("https://a.example/x/../cb"), REDIRECT_DOTS },
        { STR("https://a.example/x/.."), REDIRECT_DOTS },
        { STR("https://a.example/%2e%2e/cb"), REDIRECT_DOTS },
        { STR("https://a.example/x/..;/cb"), REDIRECT_DOTS },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        enum redirect_verdict v = redirect_judge(bad[i].uri);
        CHECK(v != REDIRECT_GOOD);
        if (bad[i].v != REDIRECT_MALFORMED && bad[i].v != REDIRECT_WILDCARD)
            CHECK_I64(v, bad[i].v);
    }
}

TEST(redirect_matches_byte_for_byte)
{
    str uri = STR("https://a.example/cb?x=1");
    CHECK(redirect_matches(uri, uri));
    CHECK(!redirect_matches(uri, STR("https://a.example/cb")));
    CHECK(!redirect_matches(uri, STR("https://a.example/cb?x=1&y=2")));
    CHECK(!redirect_matches(uri, STR("https://a.example:443/cb?x=1")));
    CHECK(!redirect_matches(uri, STR("https://a.example/CB?x=1")));
    CHECK(!redirect_matches(STR("https://a.example/cb"), STR("https://a.example:8443/cb")));
}

TEST(redirect_of_loopback_matches_any_port_and_nothing_else)
{
    str uri = STR("http://127.0.0.1/cb");
    CHECK(redirect_matches(uri, STR("http://127.0.0.1:51004/cb")));
    CHECK(redirect_matches(STR("http://[::1]/cb"), STR("http://[::1]:8/cb")));
    CHECK(!redirect_matches(uri, STR("http://127.0.0.1:51004/other")));
    CHECK(!redirect_matches(uri, STR("http://127.0.0.1:51004/cb?x")));
    CHECK(!redirect_matches(uri, STR("http://127.0.0.2:51004/cb")));
    CHECK(!redirect_matches(uri, STR("http://localhost:51004/cb")));
    CHECK(!redirect_matches(uri, STR("https://127.0.0.1:51004/cb")));
    CHECK(!redirect_matches(uri, STR("http://u@127.0.0.1:51004/cb")));
}
