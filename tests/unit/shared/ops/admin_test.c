/* The admin listener over its socket. */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/ops/process.h"
#include "tests/support/test.h"

static uint16_t port;

static bool database_is_up;

static bool database_usable(struct task *t)
{
    (void)t;
    return database_is_up;
}

static bool keys_usable(struct task *t)
{
    return t->arena != NULL;
}

static uint16_t port_free(void)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    socklen_t n = sizeof in;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && bind(fd, (const struct sockaddr *)&in, n) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&in, &n) == 0);
    close(fd);
    return ntohs(in.sin_port);
}

static str ask(struct arena *a, const char *request)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && connect(fd, (const struct sockaddr *)&in, sizeof in) == 0);
    CHECK(write(fd, request, strlen(request)) == (ssize_t)strlen(request));
    char *answer = arena_alloc(a, 65536);
    size_t n = 0;
    ssize_t got;
    while ((got = read(fd, answer + n, 65536 - n)) > 0)
        n += (size_t)got;
    close(fd);
    return (str){ answer, n };
}

TEST(health_readiness_and_metrics)
{
    static const struct readiness parts[] = { { "database", database_usable }, { "keys", keys_usable } };
    struct worker_config config = { .n = 1 };
    port = port_free();
    struct admin_server *s = admin_start("127.0.0.1", port, parts, 2, &config);
    CHECK(s);
    CHECK(!admin_start("127.0.0.1", port, parts, 2, &config));
    CHECK(str_starts(ask(arena, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"), STR("HTTP/1.0 200 ")));
    str answer = ask(arena, "GET /readyz HTTP/1.1\r\n\r\n");
    CHECK(str_starts(answer, STR("HTTP/1.0 503 ")));
    CHECK(str_ends(answer, STR("{\"status\":\"unavailable\",\"failing\":[\"database\"]}\n")));
    database_is_up = true;
    CHECK(str_ends(ask(arena, "GET /readyz HTTP/1.1\r\n\r\n"), STR("{\"status\":\"ready\"}\n")));
    CHECK(str_starts(ask(arena, "GET /metrics HTTP/1.1\r\n\r\n"), STR("HTTP/1.0 200 ")));
    CHECK(str_starts(ask(arena, "POST /healthz HTTP/1.1\r\n\r\n"), STR("HTTP/1.0 404 ")));
    admin_stop(s);
}
