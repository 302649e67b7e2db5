/* Escaping for pages and mails. */
#include "shared/text/html.h"

#include "tests/support/test.h"

static str written(struct arena *a, void (*add)(struct buf *, str), str s)
{
    struct buf out;
    buf_init(&out, a, 65536);
    add(&out, s);
    return buf_str(&out);
}

TEST(what_ends_text_or_attribute_is_escaped)
{
    str hostile = STR("\"><script>alert('1')</script>&amp;");
    str want = STR("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;");
    CHECK_STR(written(arena, html_add_text, hostile), want);
    CHECK_STR(written(arena, html_add_attr, hostile), want);
}

TEST(control_characters_are_dropped)
{
    CHECK_STR(written(arena, html_add_text,
                      STR("a\x01\x7f"
                          "b\n\tc\x1b[0m")),
              STR("ab\n\tc[0m"));
    CHECK_STR(written(arena, html_add_attr, (str){ "a\0b", 3 }), STR("ab"));
    CHECK_STR(written(arena, mail_add_text, STR("a\r\nBcc: b\tc\x01")), STR("aBcc: bc"));
}

TEST(absent_and_empty_write_nothing)
{
    CHECK_I64(written(arena, html_add_text, STR_NONE).n, 0);
    CHECK_I64(written(arena, html_add_attr, STR("")).n, 0);
    CHECK_I64(written(arena, mail_add_text, STR_NONE).n, 0);
}

TEST(text_that_needs_nothing_stays)
{
    CHECK_STR(written(arena, html_add_text, STR("Zoë – 10 €")), STR("Zoë – 10 €"));
}

TEST(addresses_that_lead_where_pages_may_lead_stay)
{
    static const char *const good[] = { "/",
                                        "/pay/cs_1?x=1",
                                        "?page=2",
                                        "#content",
                                        "https://a.example/x",
                                        "http://127.0.0.1:7003/",
                                        "mailto:a@b.example",
                                        "com.example.app:/cb",
                                        "com.example.app://cb",
                                        "vscode://x/y",
                                        "HTTPS://a.example/" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK_STR(written(arena, html_add_url, str_of(good[i])), str_of(good[i]));
    CHECK_STR(written(arena, html_add_url, STR("/a?b=1&c=\"")), STR("/a?b=1&amp;c=&quot;"));
}

TEST(other_addresses_become_a_hash)
{
    static const char *const bad[] = { "javascript:alert(1)",
                                       "JaVaScRiPt:alert(1)",
                                       " javascript:alert(1)",
                                       "java\tscript:alert(1)",
                                       "\x01javascript:alert(1)",
                                       "javascript://%0aalert(1)",
                                       "data:text/html,x",
                                       "data://x",
                                       "vbscript:x",
                                       "blob:https://a/b",
                                       "file:///etc/passwd",
                                       "view-source:https://a",
                                       "//a.example/",
                                       "/\\a.example/",
                                       "\\\\a.example",
                                       "a.example",
                                       "https:a.example",
                                       "x:y",
                                       ":x",
                                       "",
                                       "https://a.example/ x",
                                       "https://a.ex\xc3\xa4mple/",
                                       "1a://x",
                                       "about:blank" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        str got = written(arena, html_add_url, str_of(bad[i]));
        if (!str_eq(got, STR("#")))
            test_fail(__FILE__, __LINE__, "\"%s\" became \"%.*s\"", bad[i], STR_ARG(got));
    }
}
