/* Forms and URLs. */
#include "shared/text/form.h"
#include "shared/text/url.h"
#include "tests/support/test.h"

TEST(form_reads_names_and_values)
{
    struct form f;
    str bad;
    CHECK_I64(form_parse(arena, STR("a=1&&b=x+y%26z&c=&d&e=1=2"), STR_NONE, &f, &bad), FORM_GOOD);
    CHECK_I64(f.n, 5);
    CHECK_STR(form_get(&f, STR("b")), STR("x y&z"));
    CHECK_STR(form_get(&f, STR("c")), STR(""));
    CHECK_STR(form_get(&f, STR("d")), STR(""));
    CHECK_STR(form_get(&f, STR("e")), STR("1=2"));
    CHECK(!str_given(form_get(&f, STR("f"))));
    CHECK_I64(form_parse(arena, STR(""), STR_NONE, &f, &bad), FORM_GOOD);
    CHECK_I64(f.n, 0);
}

TEST(form_refuses_duplicates_by_decoded_name)
{
    struct form f;
    str bad = STR_NONE;
    CHECK_I64(form_parse(arena, STR("scope=a&sc%6Fpe=b"), STR_NONE, &f, &bad), FORM_DUPLICATE);
    CHECK_STR(bad, STR("scope"));
    CHECK_I64(form_parse(arena, STR("x&x"), STR_NONE, &f, &bad), FORM_DUPLICATE);
}

TEST(form_refuses_bad_encoding)
{
    struct form f;
    str bad;
    CHECK_I64(form_parse(arena, STR("a=%zz"), STR_NONE, &f, &bad), FORM_BAD_ENCODING);
    CHECK_I64(form_parse(arena, STR("%00=1"), STR_NONE, &f, &bad), FORM_BAD_ENCODING);
    CHECK_I64(form_parse(arena, STR("a=\xFF"), STR_NONE, &f, &bad), FORM_BAD_ENCODING);
}

TEST(form_is_capped)
{
    struct form f;
    struct buf b;
    str bad;
    buf_init(&b, arena, 10000);
    for (int i = 0; i < FORM_MAX_FIELDS; i++)
        buf_printf(&b, "n%d=v&", i);
    CHECK_I64(form_parse(arena, buf_str(&b), STR_NONE, &f, &bad), FORM_GOOD);
    buf_add(&b, STR("last=1"));
    CHECK_I64(form_parse(arena, buf_str(&b), STR_NONE, &f, &bad), FORM_TOO_MANY);
}

TEST(form_fields_that_may_repeat)
{
    struct form f;
    str bad;
    CHECK_I64(form_parse(arena, STR("r=a&x=1&r=b&r="), STR("r"), &f, &bad), FORM_GOOD);
    CHECK_STR(form_words(arena, &f, STR("r")), STR("a b"));
    CHECK_STR(form_get(&f, STR("r")), STR("a"));
    CHECK(!str_given(form_words(arena, &f, STR("y"))));
    CHECK_I64(form_parse(arena, STR("r=a&x=1&x=2"), STR("r"), &f, &bad), FORM_DUPLICATE);
    CHECK_I64(form_parse(arena, STR("r=a+b&r=c"), STR("r"), &f, &bad), FORM_GOOD);
    CHECK(!str_given(form_words(arena, &f, STR("r"))));
}

TEST(url_takes_apart)
{
    struct url u;
    CHECK(url_parse(STR("https://shop.example:8443/a/b?x=1&y#frag"), &u));
    CHECK_STR(u.scheme, STR("https"));
    CHECK_STR(u.host, STR("shop.example"));
    CHECK_I64(u.port, 8443);
    CHECK_STR(u.path, STR("/a/b"));
    CHECK_STR(u.query, STR("x=1&y"));
    CHECK_STR(u.fragment, STR("frag"));
    CHECK(!u.has_userinfo);
    CHECK(url_parse(STR("http://127.0.0.1"), &u));
    CHECK_I64(u.port, 80);
    CHECK_STR(u.path, STR(""));
    CHECK(!str_given(u.query) && !str_given(u.fragment));
    CHECK(url_parse(STR("https://a?#"), &u));
    CHECK_STR(u.query, STR(""));
    CHECK_STR(u.fragment, STR(""));
    CHECK(url_parse(STR("https://[2001:db8::1]:444/x"), &u));
    CHECK_STR(u.host, STR("2001:db8::1"));
    CHECK_I64(u.port, 444);
}

TEST(url_takes_private_schemes)
{
    struct url u;
    CHECK(url_parse(STR("com.example.app:/callback"), &u));
    CHECK_STR(u.scheme, STR("com.example.app"));
    CHECK_STR(u.path, STR("/callback"));
    CHECK_I64(u.port, 0);
    CHECK(url_parse(STR("com.example.app://cb/x"), &u));
    CHECK_STR(u.host, STR("cb"));
    CHECK(url_parse(STR("urn:ietf:params:oauth"), &u));
}

TEST(url_tells_of_user_info)
{
    struct url u;
    CHECK(url_parse(STR("https://user:pw@host/"), &u));
    CHECK(u.has_userinfo);
    CHECK_STR(u.host, STR("host"));
    CHECK(url_parse(STR("https://good.example@evil.example/"), &u));
    CHECK(u.has_userinfo);
    CHECK_STR(u.host, STR("evil.example"));
}

TEST(url_refuses)
{
    static const char *const BAD[] = {
        "",
        "/path",
        "//host/path",
        "https:",
        "https:/host",
        "https:host",
        "https://",
        "https:///path",
        "https://user@/",
        "https://:80/",
        "https://host:",
        "https://host:0/",
        "https://host:65536/",
        "https://host:080/",
        "https://host:-1/",
        "https://host:1x/",
        "HTTPS://host/",
        "1http://host/",
        "javascript",
        "https://ho st/",
        "https://host/ ",
        "https://host/\\evil",
        "https:\\\\host",
        "https://host\\@evil/",
        "https://host/\t",
        "https://host/\n",
        "https://host/\xC3\xA9",
        "https://host/%zz",
        "https://host/%4",
        "https://ho%73t/",
        "https://host/#a#b",
        "https://host/[x]",
        "https://a@b@c/",
        "https://[::1/",
        "https://[::1]x/",
        "https://[1.2.3.4]/",
        "https://[]/",
        "https://[::g]/",
        "https://host/<>",
        "https://host/\"",
        "https://host/{x}",
        "https://ho!st/",
    };
    struct url u = { .text = STR("untouched") };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        if (url_parse(str_of(BAD[i]), &u))
            test_fail(__FILE__, __LINE__, "accepted: %s", BAD[i]);
    }
    CHECK(!url_parse((str){ "https://ho\0st/", 14 }, &u));
    CHECK_STR(u.text, STR("untouched"));
}

TEST(url_is_capped_at_2000_bytes)
{
    struct url u;
    char *text = arena_alloc(arena, 2001);
    memset(text, 'a', 2001);
    memcpy(text, "https://h/", 10);
    CHECK(url_parse((str){ text, 2000 }, &u));
    CHECK(!url_parse((str){ text, 2001 }, &u));
}

TEST(url_knows_loopback_literals)
{
    CHECK(url_host_is_loopback(STR("127.0.0.1")) && url_host_is_loopback(STR("127.9.8.7")));
    CHECK(url_host_is_loopback(STR("::1")) && url_host_is_loopback(STR("0:0:0:0:0:0:0:1")));
    static const char *const NOT[] = { "localhost", "128.0.0.1",        "127.1", "0127.0.0.1", "127.0.0.1.example",
                                       "::",        "::ffff:127.0.0.1", "",      "2130706433" };
    for (size_t i = 0; i < sizeof NOT / sizeof *NOT; i++)
        CHECK(!url_host_is_loopback(str_of(NOT[i])));
}

TEST(url_origin_leaves_out_default_ports)
{
    struct url u;
    CHECK(url_parse(STR("https://Shop.Example:443/x?y"), &u));
    CHECK_STR(url_origin(arena, &u), STR("https://shop.example"));
    CHECK(url_parse(STR("http://127.0.0.1:7003/"), &u));
    CHECK_STR(url_origin(arena, &u), STR("http://127.0.0.1:7003"));
    CHECK(url_parse(STR("http://[::1]:80/"), &u));
    CHECK_STR(url_origin(arena, &u), STR("http://[::1]"));
}

TEST(url_adds_queries)
{
    struct buf b;
    buf_init(&b, arena, 1000);
    buf_add(&b, STR("https://h/cb"));
    url_add_query(&b, "code", STR("a b&c"));
    url_add_query(&b, "left_out", STR_NONE);
    url_add_query(&b, "state", STR(""));
    CHECK_STR(buf_str(&b), STR("https://h/cb?code=a%20b%26c&state="));
    buf_init(&b, arena, 1000);
    buf_add(&b, STR("https://h/cb?"));
    url_add_query(&b, "x", STR("1"));
    CHECK_STR(buf_str(&b), STR("https://h/cb?x=1"));
}

TEST(browsers_are_sent_to_the_web_only)
{
    static const char *const bad[] = {
        "javascript:alert(1)", "data:text/html,x", "app.example:/back", "ftp://a.example/", "/path", "//a.example/"
    };
    CHECK(url_is_web(STR("https://a.example/b?c")) && url_is_web(STR("http://127.0.0.1:7002/3ds/x")));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!url_is_web(str_of(bad[i])));
}
