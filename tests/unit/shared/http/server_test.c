/* The server over real sockets: routes, inputs, errors, limits and what must be refused (SECURITY group I). */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/shared/http/wire.h"

static bool holds(str s, const char *part)
{
    return memmem(s.p, s.n, part, strlen(part)) != NULL;
}

static str post(struct arena *a, const char *path, const char *type, str body)
{
    return wire_ask(
        a, arena_printf(a, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%.*s", path,
                        type, body.n, STR_ARG(body)));
}

static str order(struct arena *a, const char *json)
{
    return post(a, "/orders", "application/json", str_of(json));
}

static str get(struct arena *a, const char *target)
{
    return wire_ask(a, arena_printf(a, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target));
}

TEST(inline_route_answers_with_the_common_headers)
{
    str answer = get(arena, "/hello");
    CHECK_I64(wire_status(answer), 200);
    CHECK_STR(wire_body(answer), STR("{\"peer\":\"127.0.0.1\"}"));
    CHECK_STR(wire_header(answer, "Content-Type"), STR("application/json"));
    CHECK_STR(wire_header(answer, "X-Content-Type-Options"), STR("nosniff"));
    CHECK_STR(wire_header(answer, "Cache-Control"), STR("public, max-age=60"));
    CHECK_STR(wire_header(answer, "Access-Control-Allow-Origin"), STR("*"));
    CHECK(str_starts(wire_header(answer, "X-Request-Id"), STR("req_")));
    CHECK(!str_given(wire_header(answer, "Server")));
}

/* So that the log's index grows at its end. */
TEST(request_ids_begin_with_the_time)
{
    str answer = wire_ask(arena, STR("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    str id = wire_header(answer, "X-Request-Id");
    CHECK(id.n == sizeof "req_" - 1 + 20);
    int64_t ms = strtoll(arena_cstr(arena, (str){ id.p + 4, 11 }), NULL, 16);
    CHECK(llabs(ms - wall_clock_now().us / 1000) < 86400000);
}

TEST(head_is_get_without_a_body)
{
    str answer = wire_ask(arena, STR("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    CHECK_I64(wire_status(answer), 200);
    CHECK_STR(wire_header(answer, "Content-Length"), STR("20"));
    CHECK_I64(wire_body(answer).n, 0);
}

TEST(one_connection_serves_many_requests)
{
    int fd = wire_connect();
    for (int i = 0; i < 6; i++) {
        wire_send(fd, i % 2 ? STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                            : STR("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                  "Content-Length: 15\r\n\r\n{\"name\":\"Anna\"}"));
        CHECK_I64(wire_status(wire_read(arena, fd)), i % 2 ? 200 : 201);
    }
    close(fd);
}

TEST(json_body_fills_the_typed_input)
{
    str answer = order(arena, "{\"name\":\"Anna\",\"express\":true,\"address\":{\"country\":\"DE\"},"
                              "\"lines\":[{\"sku\":\"a\",\"amount\":5}],\"metadata\":{\"any\":[1,2.5]}}");
    CHECK_I64(wire_status(answer), 201);
    CHECK_STR(wire_body(answer),
              STR("{\"name\":\"Anna\",\"amount\":7,\"express\":true,\"country\":\"DE\",\"line\":5}"));
    CHECK_STR(wire_header(answer, "Cache-Control"), STR("no-store"));
}

TEST(wrong_json_is_refused_naming_the_field)
{
    static const struct {
        const char *json, *param;
    } cases[] = {
        { "{}", "\"param\":\"name\"" },
        { "", "\"param\":\"name\"" },
        { "{\"name\":7}", "\"param\":\"name\"" },
        { "{\"name\":\"\"}", "\"param\":\"name\"" },
        { "{\"name\":null}", "\"param\":\"name\"" },
        { "{\"name\":\"a\\nb\"}", "\"param\":\"name\"" },
        { "{\"name\":\"a\",\"amount\":0}", "\"param\":\"amount\"" },
        { "{\"name\":\"a\",\"amount\":1001}", "\"param\":\"amount\"" },
        { "{\"name\":\"a\",\"amount\":1.5}", "\"param\":\"amount\"" },
        { "{\"name\":\"a\",\"amount\":\"5\"}", "\"param\":\"amount\"" },
        { "{\"name\":\"a\",\"express\":1}", "\"param\":\"express\"" },
        { "{\"name\":\"a\",\"currency\":\"eur\"}", "\"param\":\"currency\"" },
        { "{\"name\":\"a\",\"other\":1}", "\"param\":\"other\"" },
        { "{\"name\":\"a\",\"address\":[]}", "\"param\":\"address\"" },
        { "{\"name\":\"a\",\"address\":{\"country\":\"D\"}}", "\"param\":\"address.country\"" },
        { "{\"name\":\"a\",\"address\":{\"country\":\"DE\",\"zip\":1}}", "\"param\":\"address.zip\"" },
        { "{\"name\":\"a\",\"lines\":[{\"sku\":\"a\",\"amount\":1},{\"sku\":\"A\"}]}", "\"param\":\"lines[1].sku\"" },
        { "{\"name\":\"a\",\"lines\":[1]}", "\"param\":\"lines[0]\"" },
        { "{\"name\":\"a\",\"lines\":[{},{},{},{}]}", "\"param\":\"lines\"" },
        { "{\"name\":\"a\",\"name\":\"b\"}", "\"param\":\"body\"" },
        { "{\"name\":\"\xff\"}", "\"param\":\"body\"" },
        { "[1]", "\"param\":\"body\"" },
        { "{\"name\":", "\"param\":\"body\"" },
        { "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", "\"param\":\"body\"" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        str answer = order(arena, cases[i].json);
        if (wire_status(answer) != 400 || !holds(wire_body(answer), cases[i].param))
            test_fail(__FILE__, __LINE__, "%s: %.*s", cases[i].json, STR_ARG(answer));
        CHECK_STR(wire_header(answer, "Content-Type"), STR("application/problem+json"));
        CHECK(holds(wire_body(answer), "\"code\":\"invalid_request\""));
        CHECK(holds(wire_body(answer), "\"request_id\":\"req_"));
        CHECK(holds(wire_body(answer), "\"retryable\":false"));
    }
}

TEST(media_types_other_than_the_routes_are_415)
{
    CHECK_I64(wire_status(post(arena, "/orders", "text/plain", STR("{}"))), 415);
    CHECK_I64(wire_status(post(arena, "/orders", "application/json; charset=utf-7", STR("{}"))), 415);
    CHECK_I64(wire_status(post(arena, "/orders", "application/x-www-form-urlencoded", STR("a=b"))), 415);
    CHECK_I64(wire_status(post(arena, "/orders", "application/json; charset=UTF-8", STR("{\"name\":\"a\"}"))), 201);
    CHECK_I64(wire_status(post(arena, "/token", "multipart/form-data; boundary=x", STR("a"))), 415);
    CHECK_I64(wire_status(wire_ask(arena, STR("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                              "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"))),
              415);
    CHECK_I64(wire_status(wire_ask(arena, STR("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"))),
              415);
}

TEST(path_parameters_are_decoded_and_literal_paths_win)
{
    CHECK_STR(wire_body(get(arena, "/orders/o1/items/a%20b")), STR("{\"item\":\"a b\"}"));
    CHECK_STR(wire_body(get(arena, "/orders/mine/items/all")), STR("{\"item\":\"literal\"}"));
    CHECK_I64(wire_status(get(arena, "/orders/o1/items/a%2Fb")), 404);
    CHECK_I64(wire_status(get(arena, "/orders//items/a")), 404);
}

TEST(an_address_has_one_spelling)
{
    static const char *const targets[] = { "//hello", "/Hello", "/hello/", "/%68ello", "/nothing", "/" };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        CHECK_I64(wire_status(get(arena, targets[i])), 404);
}

TEST(other_methods_are_405_with_allow)
{
    str answer = wire_ask(arena, STR("DELETE /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK_I64(wire_status(answer), 405);
    CHECK_STR(wire_header(answer, "Allow"), STR("GET, HEAD"));
    CHECK_I64(wire_status(wire_ask(arena, STR("TRACE /hello HTTP/1.1\r\nHost: a\r\n\r\n"))), 405);
    CHECK_I64(wire_status(wire_ask(arena, STR("get /hello HTTP/1.1\r\nHost: a\r\n\r\n"))), 400);
    answer = wire_ask(arena, STR("OPTIONS /hello HTTP/1.1\r\nHost: a\r\nOrigin: https://x.example\r\n\r\n"));
    CHECK_I64(wire_status(answer), 204);
    CHECK_STR(wire_header(answer, "Access-Control-Allow-Methods"), STR("GET, HEAD"));
}

TEST(malformed_requests_are_400)
{
    static const char *const requests[] = {
        "GET /hello%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /search?q=x%00y HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /search?q=%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/hello HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nAuthorization: y\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nCookie: a=2\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nDPoP: x\r\ndpop: y\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX Y: 1\r\n\r\n",
        "GET /hello HTTP/1.1\nHost: a\n\n",
        "GET /hello HTTP/1.1\r\nHost: a\nX-Y: 1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX-: 1\r\n Y\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX-Y : 1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX-Y: a\x01z\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        "Content-Length: 2\r\n\r\n{}",
        "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: xchunked\r\n\r\n{}",
        "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: +2\r\n\r\n{}",
        "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length : 2\r\n\r\n{}",
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        str answer = wire_ask(arena, str_of(requests[i]));
        if (wire_status(answer) != 400)
            test_fail(__FILE__, __LINE__, "%s gave %.*s", requests[i], STR_ARG(answer));
    }
}

TEST(a_refused_request_ends_its_connection)
{
    int fd = wire_connect();
    wire_send(fd, STR("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 4\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    str answer = wire_read(arena, fd);
    CHECK_I64(wire_status(answer), 400);
    CHECK(!holds(answer, "peer"));
    close(fd);
}

TEST(heads_over_the_caps_are_refused)
{
    struct buf b;
    buf_init(&b, arena, 1 << 20);
    buf_add(&b, STR("GET /search?q="));
    for (int i = 0; i < 900; i++)
        buf_add(&b, STR("aaaaaaaaaa"));
    buf_add(&b, STR(" HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK_I64(wire_status(wire_ask(arena, buf_str(&b))), 414);
    b.n = 0;
    buf_add(&b, STR("GET /hello HTTP/1.1\r\nHost: a\r\n"));
    for (int i = 0; i < 70; i++)
        buf_printf(&b, "X-%d: 1\r\n", i);
    buf_add(&b, STR("\r\n"));
    CHECK_I64(wire_status(wire_ask(arena, buf_str(&b))), 431);
    b.n = 0;
    buf_add(&b, STR("GET /hello HTTP/1.1\r\nHost: a\r\n"));
    for (int i = 0; i < 40; i++)
        buf_printf(&b, "X-%d: %0500d\r\n", i, i);
    buf_add(&b, STR("\r\n"));
    CHECK_I64(wire_status(wire_ask(arena, buf_str(&b))), 431);
}

TEST(bodies_over_the_cap_are_413_unread)
{
    CHECK_I64(wire_status(wire_ask(arena, STR("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                              "Content-Length: 10737418240\r\n\r\n{"))),
              413);
    CHECK_I64(wire_status(wire_ask(arena, STR("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                              "Content-Length: 4097\r\n\r\n{"))),
              413);
    struct buf b;
    buf_init(&b, arena, 1 << 20);
    buf_add(&b, STR("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < 20; i++)
        buf_printf(&b, "200\r\n%0512d\r\n", i);
    buf_add(&b, STR("0\r\n\r\n"));
    CHECK_I64(wire_status(wire_ask(arena, buf_str(&b))), 413);
}

TEST(chunked_bodies_arrive_whole)
{
    struct buf b;
    buf_init(&b, arena, 1 << 20);
    buf_add(&b, STR("PUT /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < 100; i++)
        buf_printf(&b, "200\r\n%0512d\r\n", i);
    buf_add(&b, STR("0\r\n\r\n"));
    str body = wire_body(wire_ask(arena, buf_str(&b)));
    CHECK_I64(body.n, 51200);
    CHECK(str_ends(body, STR("00099")));
}

TEST(queries_are_checked_like_bodies)
{
    CHECK_STR(wire_body(get(arena, "/search")), STR("{\"limit\":20}"));
    CHECK_STR(wire_body(get(arena, "/search?limit=5&q=%C3%A4+b")), STR("{\"limit\":5,\"q\":\"\xc3\xa4 b\"}"));
    CHECK(holds(wire_body(get(arena, "/search?limit=0")), "\"param\":\"limit\""));
    CHECK(holds(wire_body(get(arena, "/search?limit=5&limit=6")), "\"param\":\"limit\""));
    CHECK(holds(wire_body(get(arena, "/search?a%5B%5D=1")), "\"param\":\"a[]\""));
    CHECK(holds(wire_body(get(arena, "/search?q=%FF")), "\"param\":\"query\""));
}

TEST(variants_are_chosen_by_a_form_field)
{
    const char *form = "application/x-www-form-urlencoded";
    str answer = post(arena, "/token", form, STR("grant_type=code&code=abcd&extra=1"));
    CHECK_I64(wire_status(answer), 200);
    CHECK_STR(wire_body(answer), STR("{\"code\":\"abcd\"}"));
    answer = post(arena, "/token", form, STR("grant_type=code&code=ab"));
    CHECK_I64(wire_status(answer), 400);
    CHECK(str_starts(wire_body(answer),
                     STR("{\"error\":\"invalid_request\",\"error_description\":\"code: must be 4 to 8")));
    CHECK_STR(wire_header(answer, "Cache-Control"), STR("no-store"));
    answer = post(arena, "/token", form, STR("grant_type=other"));
    CHECK_I64(wire_status(answer), 400);
    CHECK(holds(wire_body(answer), "grant_type"));
    answer = post(arena, "/token", form, STR("grant_type=closed"));
    CHECK_I64(wire_status(answer), 401);
    CHECK_STR(wire_header(answer, "WWW-Authenticate"), STR("Basic realm=\"clients\""));
    CHECK_STR(wire_body(answer),
              STR("{\"error\":\"invalid_client\",\"error_description\":\"Client authentication failed.\"}"));
}

TEST(need_worker_runs_the_request_again_on_a_worker)
{
    /* There the handler sees its slot, answers nothing, and that is a bug: 500, with the header it set. */
    str answer = post(arena, "/token", "application/x-www-form-urlencoded", STR("grant_type=code&code=work"));
    CHECK_I64(wire_status(answer), 500);
    CHECK_STR(wire_header(answer, "X-Kept"), STR("yes"));
}

TEST(a_request_that_waits_in_turns_is_let_in_once_and_handled_again)
{
    int before = wire_admitted();
    str answer = get(arena, "/patient?q=good");
    CHECK_I64(wire_status(answer), 200);
    CHECK_STR(wire_body(answer), STR("{\"on_worker\":false,\"admitted\":true,\"kept\":\"good\"}"));
    CHECK(!wire_header(answer, "X-Lost").p);
    CHECK_I64(wire_admitted() - before, 1);
    CHECK_I64(wire_status(get(arena, "/patient?q=bad")), 400);
}

TEST(a_worker_that_takes_over_from_turns_begins_anew)
{
    int before = wire_admitted();
    CHECK_STR(wire_body(get(arena, "/patient?q=work")), STR("{\"on_worker\":true,\"admitted\":true}"));
    CHECK_I64(wire_admitted() - before, 2);
}

TEST(pages_carry_the_strict_policy)
{
    str answer = get(arena, "/page");
    CHECK_STR(
        wire_header(answer, "Content-Security-Policy"),
        STR("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src "
            "'self'; manifest-src 'self'; form-action 'self'; frame-ancestors https://a.example; base-uri 'none'; "
            "object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"));
    CHECK_STR(wire_header(answer, "Cache-Control"), STR("no-store"));
    CHECK(holds(answer, "Set-Cookie: __Host-a=1; Path=/; Secure; SameSite=Lax; HttpOnly; Max-Age=60\r\n"));
    CHECK(holds(answer, "Set-Cookie: __Host-b=2; Path=/; Secure; SameSite=Lax; HttpOnly\r\n"));
    answer = get(arena, "/secret");
    CHECK_I64(wire_status(answer), 303);
    CHECK_STR(wire_header(answer, "Location"), STR("/login?next=%2Fsecret"));
}

TEST(an_answer_that_has_grown_too_large_fails_alone)
{
    str answer = get(arena, "/much/4000");
    CHECK_I64(wire_status(answer), 200);
    CHECK(wire_body(answer).n > (size_t)4000 * 1024);
    answer = get(arena, "/much/4100");
    CHECK_I64(wire_status(answer), 500);
    CHECK(holds(wire_body(answer), "\"code\":\"server_error\""));
    CHECK_I64(wire_status(get(arena, "/hello")), 200);
}

TEST(assets_are_cached_for_ever_and_revalidated)
{
    str answer = get(arena, "/assets/a.0123.css");
    CHECK_STR(wire_body(answer), STR("p{}"));
    CHECK_STR(wire_header(answer, "Cache-Control"), STR("public, max-age=31536000, immutable"));
    str tag = wire_header(answer, "ETag");
    answer =
        wire_ask(arena, arena_printf(arena, "GET /assets/a.0123.css HTTP/1.1\r\nHost: a\r\nIf-None-Match: %.*s\r\n\r\n",
                                     STR_ARG(tag)));
    CHECK_I64(wire_status(answer), 304);
    CHECK_I64(wire_status(get(arena, "/assets/..%2F..%2Fetc%2Fpasswd")), 404);
    CHECK_I64(wire_status(get(arena, "/assets/b.css")), 404);
}

TEST(held_answers_come_late_and_dropped_ones_never)
{
    int64_t start_us = monotonic_us();
    CHECK_I64(wire_status(get(arena, "/held")), 204);
    CHECK(monotonic_us() - start_us >= 150000);
    CHECK_I64(get(arena, "/dropped").n, 0);
}

static str peer_seen(struct arena *a, const char *source, const char *forwarded)
{
    int fd = wire_connect_from(source);
    wire_send(fd, arena_printf(a, "GET /hello HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: %s\r\n\r\n", forwarded));
    str answer = wire_read(a, fd);
    close(fd);
    return wire_body(answer);
}

TEST(forwarded_addresses_are_believed_only_from_the_proxy)
{
    CHECK_STR(peer_seen(arena, "127.0.0.1", "9.9.9.9"), STR("{\"peer\":\"127.0.0.1\"}"));
    CHECK_STR(peer_seen(arena, "127.0.0.9", "9.9.9.9, 10.1.2.3"), STR("{\"peer\":\"10.1.2.3\"}"));
    CHECK_STR(peer_seen(arena, "127.0.0.9", "2001:db8::1"), STR("{\"peer\":\"2001:db8::1\"}"));
    CHECK_STR(peer_seen(arena, "127.0.0.9", "not an address"), STR("{\"peer\":\"127.0.0.9\"}"));
    CHECK_STR(peer_seen(arena, "127.0.0.9", ""), STR("{\"peer\":\"127.0.0.9\"}"));
}

enum { CROWD = 20, LOOKS = 60000 }; /* a millisecond apart */

static bool slow_holds(int n)
{
    for (int i = 0; i < LOOKS && atomic_load(&wire_server()->slow_inside) < n; i++)
        usleep(1000);
    return atomic_load(&wire_server()->slow_inside) == n;
}

/* How many of the crowd have an answer, as soon as it is n. */
static int answered(const int fds[CROWD], int n)
{
    struct pollfd p[CROWD];
    for (int i = 0; i < CROWD; i++)
        p[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
    int found = 0;
    for (int i = 0; i < LOOKS && (found = poll(p, CROWD, 0)) < n; i++)
        usleep(1000);
    return found;
}

TEST(a_full_queue_answers_503_at_once_and_inline_routes_go_on)
{
    int fds[CROWD];
    for (int i = 0; i < CROWD; i++) {
        fds[i] = wire_connect();
        wire_send(fds[i], STR("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"));
        if (i == 1)
            CHECK(slow_holds(2)); /* both workers are busy before the queue fills */
    }
    CHECK_I64(wire_status(get(arena, "/hello")), 200);
    CHECK_I64(answered(fds, 14), 14); /* while nothing else goes on */
    atomic_store(&wire_server()->slow_may_end, true);
    int served = 0, refused = 0;
    for (int i = 0; i < CROWD; i++) {
        str answer = wire_read(arena, fds[i]);
        served += wire_status(answer) == 204;
        refused += wire_status(answer) == 503 && str_given(wire_header(answer, "Retry-After"));
        close(fds[i]);
    }
    CHECK_I64(served, 6);
    CHECK_I64(refused, 14);
}

static atomic_bool drain_was_too_short;

static void *drain(void *server)
{
    if (!http_server_drain(server, MILLISECONDS(50)))
        atomic_store(&drain_was_too_short, true);
    return http_server_drain(server, SECONDS(60)) ? server : NULL;
}

static str ask_on(struct arena *a, int fd)
{
    wire_send(fd, STR("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    return wire_read(a, fd);
}

/* A connection that is taken and never served would be a request that a proxy has lost. */
static bool is_refused(uint16_t port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool refused = connect(fd, (const struct sockaddr *)&to, sizeof to) != 0 && errno == ECONNREFUSED;
    close(fd);
    return refused;
}

/* Last on purpose: it ends the server that the others use. */
TEST(zz_drain_finishes_what_is_in_flight)
{
    int busy = wire_connect(), other = wire_connect();
    atomic_store(&wire_server()->slow_may_end, false);
    wire_send(busy, STR("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"));
    CHECK(slow_holds(1));
    CHECK_I64(wire_status(ask_on(arena, other)), 200);
    pthread_t thread;
    void *drained;
    CHECK(pthread_create(&thread, NULL, drain, wire_server()->server) == 0);
    while (!str_eq(wire_header(ask_on(arena, other), "Connection"), STR("close")))
        usleep(1000);
    CHECK(is_refused(http_server_port(wire_server()->server)));
    for (int i = 0; i < LOOKS && !atomic_load(&drain_was_too_short); i++)
        usleep(1000);
    CHECK(atomic_load(&drain_was_too_short));
    atomic_store(&wire_server()->slow_may_end, true);
    str answer = wire_read(arena, busy);
    CHECK_I64(wire_status(answer), 204);
    CHECK_STR(wire_header(answer, "Connection"), STR("close"));
    pthread_join(thread, &drained);
    CHECK(drained != NULL);
    close(busy);
    close(other);
}
