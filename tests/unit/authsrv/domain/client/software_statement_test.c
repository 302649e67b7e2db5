/* Software statements (RFC 7591 section 2.3): what is no statement, and what of it counts. */
#include "authsrv/domain/client/software_statement.h"

#include "shared/base/buf.h"
#include "tests/support/test.h"

#define NOW instant_of_seconds(1000000)

static const struct json_value *parsed(struct arena *a, const char *text)
{
    const struct json_value *v = NULL;
    CHECK(json_parse(a, str_of(text), &v));
    return v;
}

TEST(statements_say_which_software_and_need_not_end)
{
    static const struct {
        const char *claims;
        enum statement_verdict verdict;
    } cases[] = {
        { "{\"software_id\":\"s\"}", STATEMENT_GOOD },
        { "{\"software_id\":\"s\",\"exp\":1000001,\"iat\":1000060,\"nbf\":1000060}", STATEMENT_GOOD },
        { "{\"software_id\":\"s\",\"aud\":[\"x\",\"https://as.example\"]}", STATEMENT_GOOD },
        { "{\"software_id\":\"s\",\"exp\":1000000}", STATEMENT_EXPIRED },
        { "{\"software_id\":\"s\",\"exp\":\"1000001\"}", STATEMENT_EXPIRED },
        { "{\"software_id\":\"s\",\"iat\":1000061}", STATEMENT_NOT_YET },
        { "{\"software_id\":\"s\",\"nbf\":\"x\"}", STATEMENT_NOT_YET },
        { "{\"software_id\":\"s\",\"aud\":\"https://other.example\"}", STATEMENT_AUDIENCE },
        { "{\"software_id\":\"s\",\"aud\":7}", STATEMENT_AUDIENCE },
        { "{}", STATEMENT_NO_SOFTWARE },
        { "{\"software_id\":\"\"}", STATEMENT_NO_SOFTWARE },
        { "{\"software_id\":1}", STATEMENT_NO_SOFTWARE },
        { "{\"software_id\":\"s\",\"software_statement\":\"x\"}", STATEMENT_NESTED },
    };
    str id;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_I64(statement_judge(parsed(arena, cases[i].claims), STR("https://as.example"), NOW, &id),
                  cases[i].verdict);
    CHECK_I64(statement_judge(parsed(arena, cases[0].claims), STR("https://as.example"), NOW, &id), STATEMENT_GOOD);
    CHECK_STR(id, STR("s"));
}

TEST(what_the_statement_says_stands_in_the_place_of_what_the_client_says)
{
    const struct json_value *merged;
    CHECK(statement_apply(
        arena, parsed(arena, "{\"iss\":\"i\",\"exp\":9,\"client_name\":\"A\",\"contacts\":[\"c\"]}"),
        parsed(arena, "{\"client_name\":\"B\",\"exp\":1,\"scope\":\"x\",\"software_statement\":\"w\"}"), &merged));
    CHECK_STR(json_canonical(arena, merged),
              STR("{\"client_name\":\"A\",\"contacts\":[\"c\"],\"exp\":1,\"scope\":\"x\"}"));
}

/* 0.1 is written as 0.10000000000000001. */
TEST(a_statement_around_which_numbers_grow_too_large_is_refused)
{
    const struct json_value *merged;
    struct buf numbers;
    buf_init(&numbers, arena, JSON_MAX_BYTES);
    buf_add(&numbers, STR("{\"x\":[0.1"));
    while (numbers.n < 65000)
        buf_add(&numbers, STR(",0.1"));
    buf_add(&numbers, STR("]}"));
    CHECK(!statement_apply(arena, parsed(arena, "{\"client_name\":\"A\"}"),
                           parsed(arena, arena_cstr(arena, buf_str(&numbers))), &merged));
}
