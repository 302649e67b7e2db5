/* What a proxy may say about its client, and what of it is not read (SECURITY case 224, RFC 7239). */
#include "shared/http/forwarded.h"
#include "tests/support/test.h"

static struct forwarded read_as(bool is_rfc7239, const struct http_header *headers, size_t n)
{
    struct request rq = { .headers = headers, .n_headers = n };
    struct forwarded ret;
    forwarded_read(&rq, is_rfc7239, &ret);
    return ret;
}

static struct forwarded from_rfc7239(const char *value)
{
    struct http_header h = { STR("Forwarded"), str_of(value) };
    return read_as(true, &h, 1);
}

static str from_list(const char *value)
{
    struct http_header h = { STR("X-Forwarded-For"), str_of(value) };
    return read_as(false, &h, 1).peer;
}

TEST(the_last_address_of_the_list_counts)
{
    CHECK_STR(from_list("192.0.2.1"), STR("192.0.2.1"));
    CHECK_STR(from_list("9.9.9.9, 192.0.2.1"), STR("192.0.2.1"));
    CHECK_STR(from_list("9.9.9.9,\t2001:db8::1 "), STR("2001:db8::1"));
    CHECK_STR(from_list("192.0.2.1:4711"), STR("192.0.2.1"));
    CHECK_STR(from_list("[2001:db8::1]:4711"), STR("2001:db8::1"));
    CHECK_STR(from_list("[2001:db8::1]"), STR("2001:db8::1"));
}

TEST(what_is_no_address_is_not_read)
{
    static const char *const bad[] = { "",          ",",   "192.0.2.1,", "unknown",       "_hidden",
                                       "192.0.2",   "::g", "[::1",       "192.0.2.256",   "a:b",
                                       "1.2.3.4.5", "[]",  "%31.2.3",    "2001:db8::1::", "\"192.0.2.1\"" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (str_given(from_list(bad[i])))
            test_fail(__FILE__, __LINE__, "\"%s\" is an address", bad[i]);
}

TEST(the_last_element_of_forwarded_counts)
{
    struct forwarded f = from_rfc7239("for=9.9.9.9;proto=http, for=192.0.2.43; proto=https; host=a.example");
    CHECK_STR(f.peer, STR("192.0.2.43"));
    CHECK_STR(f.proto, STR("https"));
    CHECK_STR(f.host, STR("a.example"));
    CHECK_STR(from_rfc7239("For=\"[2001:db8:cafe::17]:4711\"").peer, STR("2001:db8:cafe::17"));
    CHECK(!str_given(from_rfc7239("for=192.0.2.43, for=unknown").peer));
    CHECK(!str_given(from_rfc7239("for=192.0.2.43, for=_secret").peer));
    CHECK(!str_given(from_rfc7239("for=192.0.2.43, proto=https").peer));
}

TEST(quoted_commas_and_semicolons_do_not_end_an_element)
{
    struct forwarded f = from_rfc7239("for=\"9.9.9.9, for=8.8.8.8;proto=https\";by=\"a\\\",for=7.7.7.7\"");
    CHECK(!str_given(f.peer));
    CHECK(!str_given(f.proto));
    CHECK_STR(from_rfc7239("by=\"x,y;z\";for=192.0.2.1").peer, STR("192.0.2.1"));
    CHECK(!str_given(from_rfc7239("for=\"192.0.2.1").peer));
}

TEST(only_the_configured_kind_is_read)
{
    static const struct http_header both[] = {
        { STR("X-Forwarded-For"), STR("192.0.2.1") },
        { STR("X-Forwarded-Proto"), STR("https") },
        { STR("X-Forwarded-Host"), STR("x.example") },
        { STR("Forwarded"), STR("for=192.0.2.2;proto=http;host=f.example") },
        { STR("Forwarded"), STR("for=192.0.2.3;host=g.example") },
    };
    struct forwarded x = read_as(false, both, 5), f = read_as(true, both, 5);
    CHECK_STR(x.peer, STR("192.0.2.1"));
    CHECK_STR(x.proto, STR("https"));
    CHECK_STR(x.host, STR("x.example"));
    CHECK_STR(f.peer, STR("192.0.2.3"));
    CHECK(!str_given(f.proto));
    CHECK_STR(f.host, STR("g.example"));
    CHECK(!str_given(read_as(true, both, 3).peer));
    CHECK(!str_given(read_as(false, both + 3, 2).peer));
}
