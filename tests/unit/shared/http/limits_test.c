/* How often and from how many connections something may ask. */
#include <unistd.h>

#include "tests/unit/shared/http/wire.h"

static str get(struct arena *a, const char *target)
{
    return wire_ask(a, arena_printf(a, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target));
}

TEST(who_shares_an_address_is_bounded_by_his_own_link)
{
    str first = get(arena, "/linked/a");
    CHECK_STR(wire_header(first, "RateLimit-Policy"), STR("\"address\";q=4;w=60, \"link\";q=2;w=60"));
    CHECK_STR(wire_header(first, "RateLimit"), STR("\"address\";r=3, \"link\";r=1"));
    CHECK_I64(wire_status(get(arena, "/linked/a")), 200);
    str over = get(arena, "/linked/a");
    CHECK_I64(wire_status(over), 429);
    CHECK_STR(wire_header(over, "RateLimit"), STR("\"address\";r=1, \"link\";r=0;t=30"));
    CHECK_I64(wire_status(get(arena, "/linked/b")), 200);
    over = get(arena, "/linked/c");
    CHECK_I64(wire_status(over), 429);
    CHECK_STR(wire_header(over, "RateLimit"), STR("\"address\";r=0;t=30"));
}

TEST(one_address_does_not_take_all_connections)
{
    enum { MOST = 100 };
    int fds[MOST + 1];
    for (int i = 0; i < MOST; i++)
        CHECK((fds[i] = wire_connect_from("127.0.0.7")) >= 0);
    /* Each has been accepted once the last of them is answered, in whatever order. */
    for (int i = 0; i < MOST; i++) {
        wire_send(fds[i], STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
        CHECK_I64(wire_status(wire_read(arena, fds[i])), 200);
    }
    fds[MOST] = wire_connect_from("127.0.0.7");
    wire_send(fds[MOST], STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK_STR(wire_read(arena, fds[MOST]), STR(""));
    CHECK_I64(wire_status(get(arena, "/hello")), 200);
    for (int i = 0; i <= MOST; i++)
        close(fds[i]);
}

TEST(rate_limits_are_told_and_answer_429_with_retry_after)
{
    str first = get(arena, "/limited");
    CHECK_I64(wire_status(first), 200);
    CHECK_STR(wire_header(first, "RateLimit-Policy"), STR("\"address\";q=2;w=60"));
    CHECK_STR(wire_header(first, "RateLimit"), STR("\"address\";r=1"));
    CHECK_STR(wire_header(get(arena, "/limited"), "RateLimit"), STR("\"address\";r=0;t=30"));
    str answer = get(arena, "/limited");
    CHECK_I64(wire_status(answer), 429);
    CHECK_STR(wire_header(answer, "RateLimit-Policy"), STR("\"address\";q=2;w=60"));
    CHECK_STR(wire_header(answer, "RateLimit"), STR("\"address\";r=0;t=30"));
    CHECK_STR(wire_header(answer, "Retry-After"), STR("30"));
}
