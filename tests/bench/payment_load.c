/*
 * payment-load PORT TOKEN_FILE STORES CONNECTIONS SECONDS: complete payments (create, then confirm with a test card)
 * through the HTTP API of a paysrv on 127.0.0.1, on so many kept connections, one after the other on each, for the
 * stores in turn (STORES: a list with commas).
 * Prints "payment RATE P50_US P99_US FAILED"; the time of a payment is from its first byte to its last.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { STORES_MAX = 256, CONNECTIONS_MAX = 512, SAMPLES_MAX = 2000000, TEXT_MAX = 8192, ID_MAX = 64 };

struct connection {
    int fd;
    bool confirming;
    long number;
    int64_t begun_us;
    char id[ID_MAX];
    char text[TEXT_MAX];
    size_t n;
};

static struct connection connections[CONNECTIONS_MAX];
static int32_t *samples_us;
static size_t samples_n;
static long failed, next_number;
static char token[4096];
static const char *stores[STORES_MAX];
static int stores_n;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "payment-load: %s: %s\n", why, strerror(errno));
    exit(1);
}

static void post(struct connection *c, const char *path, const char *suffix, const char *body, char kind)
{
    char text[TEXT_MAX];
    int n = snprintf(text, sizeof text,
                     "POST %s%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
                     "Content-Type: application/json\r\nIdempotency-Key: %c-%d-%ld\r\nContent-Length: %zu\r\n\r\n%s",
                     path, suffix, token, kind, getpid(), c->number, strlen(body), body);
    if (n < 0 || (size_t)n >= sizeof text || write(c->fd, text, (size_t)n) != n)
        give_up("cannot send");
    c->n = 0;
}

static void create(struct connection *c)
{
    char body[512];
    c->confirming = false;
    c->number = ++next_number;
    c->begun_us = now_us();
    snprintf(body, sizeof body,
             "{\"store\":\"%s\",\"amount\":1000,\"currency\":\"EUR\",\"description\":\"An article\"}",
             stores[c->number % stores_n]);
    post(c, "/v1/payments", "", body, 'c');
}

static void confirm(struct connection *c)
{
    char suffix[ID_MAX + 16];
    c->confirming = true;
    snprintf(suffix, sizeof suffix, "%s/confirm", c->id);
    post(c, "/v1/payments/", suffix, "{\"payment_token\":\"tok_test_visa\"}", 'p');
}

/* The answer is whole when its body has the length that its head says. */
static bool is_whole(const struct connection *c)
{
    const char *head_end = strstr(c->text, "\r\n\r\n"), *length = strcasestr(c->text, "content-length:");
    if (!head_end || !length)
        return false;
    return c->n >= (size_t)(head_end + 4 - c->text) + strtoul(length + 15, NULL, 10);
}

static void answered(struct connection *c)
{
    const char *id = strstr(c->text, "\"id\":\"pay_");
    bool good = strncmp(c->text, c->confirming ? "HTTP/1.1 200" : "HTTP/1.1 201", 12) == 0 && id;
    if (c->confirming)
        good = good && strstr(c->text, "\"status\":\"succeeded\"");
    if (!good) {
        failed++;
        create(c);
    } else if (!c->confirming) {
        snprintf(c->id, sizeof c->id, "%.*s", (int)strcspn(id + 6, "\""), id + 6);
        confirm(c);
    } else {
        if (samples_n < SAMPLES_MAX)
            samples_us[samples_n++] = (int32_t)(now_us() - c->begun_us);
        create(c);
    }
}

static void readable(struct connection *c)
{
    ssize_t n = read(c->fd, c->text + c->n, TEXT_MAX - 1 - c->n);
    if (n <= 0)
        give_up("the server closed a connection");
    c->n += (size_t)n;
    c->text[c->n] = '\0';
    if (is_whole(c))
        answered(c);
}

static int by_size(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int connect_all(int port, int n)
{
    const struct sockaddr_in to = { .sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)port),
                                    .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int poller = epoll_create1(0), yes = 1;
    for (int i = 0; i < n; i++) {
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &connections[i] };
        connections[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(connections[i].fd, (const struct sockaddr *)&to, sizeof to) != 0)
            give_up("cannot connect");
        setsockopt(connections[i].fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].fd, &event);
        create(&connections[i]);
    }
    return poller;
}

static void token_read(const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f || !fgets(token, sizeof token, f))
        give_up(path);
    token[strcspn(token, "\r\n")] = '\0';
    fclose(f);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fputs("usage: payment-load PORT TOKEN_FILE STORES CONNECTIONS SECONDS\n", stderr);
        return 2;
    }
    token_read(argv[2]);
    for (char *rest = argv[3], *one; (one = strsep(&rest, ",")) && stores_n < STORES_MAX;)
        stores[stores_n++] = one;
    int n = (int)strtol(argv[4], NULL, 10);
    if (n < 1 || n > CONNECTIONS_MAX || !(samples_us = calloc(SAMPLES_MAX, sizeof *samples_us)))
        give_up("connections");
    int poller = connect_all((int)strtol(argv[1], NULL, 10), n);
    int64_t begun_us = now_us(), end_us = begun_us + strtol(argv[5], NULL, 10) * 1000000;
    while (now_us() < end_us) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, 100);
        for (int i = 0; i < ready; i++)
            readable(events[i].data.ptr);
    }
    double taken = (double)(now_us() - begun_us) / 1e6;
    qsort(samples_us, samples_n, sizeof *samples_us, by_size);
    printf("payment %.1f %d %d %ld\n", (double)samples_n / taken, samples_n ? samples_us[samples_n / 2] : 0,
           samples_n ? samples_us[samples_n * 99 / 100] : 0, failed);
    free(samples_us);
    return failed ? 1 : 0;
}
