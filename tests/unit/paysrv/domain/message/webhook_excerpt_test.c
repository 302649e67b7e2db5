/* What is kept of an endpoint's answer: MONEY D26, "response excerpt stored without secrets". */
#include "paysrv/domain/message/webhook_excerpt.h"

#include <string.h>

#include "shared/text/encode.h"
#include "tests/support/test.h"

static str of(struct arena *a, const char *type, const char *body)
{
    return webhook_excerpt(a, str_of(type), str_of(body));
}

#define TEXT "text/plain; charset=utf-8"

TEST(an_excerpt_says_in_one_line_what_was_wrong)
{
    CHECK_STR(of(arena, TEXT, "no such route"), STR("no such route"));
    CHECK_STR(of(arena, "text/html", "<h1>Bad\r\n\r\n   Gateway</h1>"), STR("<h1>Bad Gateway</h1>"));
    CHECK_STR(of(arena, "application/problem+json", "{\"error\": \"signature\tis wrong\"}"),
              STR("{\"error\": \"signature is wrong\"}"));
    CHECK_STR(of(arena, TEXT, "invalid token in line 14"), STR("invalid token in line 14"));
    CHECK_STR(of(arena, TEXT, "Ошибка 5"), STR("Ошибка 5"));
}

TEST(an_excerpt_is_of_text_only)
{
    CHECK(!str_given(of(arena, "image/png", "x")));
    CHECK(!str_given(of(arena, "", "x")));
    CHECK(!str_given(webhook_excerpt(arena, STR_NONE, STR("x"))));
    CHECK(!str_given(of(arena, TEXT, "")));
    CHECK(!str_given(of(arena, TEXT, " \r\n ")));
    CHECK_STR(webhook_excerpt(arena, STR(TEXT), (str){ "ab\xff\x00", 4 }), STR("ab"));
}

TEST(an_excerpt_leaves_out_what_looks_like_a_secret)
{
    static const char *const pairs[][2] = {
        { "got whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, no", "got [...], no" },
        { "{\"password\":\"hunter2\"}", "{\"password\":\"[...]\"}" },
        { "api_key=abc rest", "api_key=[...] rest" },
        { "Authorization: Bearer abc.def", "Authorization: Bearer [...]" },
        { "Authorization: Basic YTpi", "Authorization: Basic [...]" },
        { "Set-Cookie: sid=abc; path=/", "Set-Cookie: [...]=[...]; path=/" },
        { "mail ada@example.com failed", "mail [...] failed" },
        { "card 4242 4242 4242 4242 refused", "card [...] refused" },
        { "card 4242-4242-4242-4242", "card [...]" },
        { "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "[...]" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        CHECK_STR(of(arena, TEXT, pairs[i][0]), str_of(pairs[i][1]));
}

TEST(an_excerpt_is_short_and_cut_between_characters)
{
    char *body = arena_alloc(arena, 5000);
    for (size_t i = 0; i + 1 < 5000; i += 4)
        memcpy(body + i, "\xc3\xa9 .", 4);
    str said = webhook_excerpt(arena, STR(TEXT), (str){ body, 5000 });
    CHECK(said.n <= WEBHOOK_EXCERPT_MAX_BYTES && said.n > WEBHOOK_EXCERPT_MAX_BYTES - 4);
    CHECK(utf8_valid(said));
    memset(body, 'a', 5000);
    CHECK(!str_given(webhook_excerpt(arena, STR(TEXT), (str){ body, 5000 })));
}
