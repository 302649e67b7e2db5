/*
 * payment-load [at-once] PORT TOKEN_FILE STORES CONNECTIONS SECONDS [PER_SECOND]: complete payments (create, then
 * confirm with a test card; at-once: both by one request) through the HTTP API of a paysrv on 127.0.0.1, on so many
 * kept connections, one after the other on each, for the stores in turn (STORES: a list with commas). PER_SECOND: as
 * many begin at an even pace. Prints what load.h says; the time of a payment is from its first byte to its last.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/load.h"

enum { STORES_MAX = 256, ID_MAX = 64 };

/* What is under way on each connection. */
static struct payment {
    bool confirming;
    long number;
    char id[ID_MAX];
} payments[LOAD_CONNECTIONS_MAX];

static bool at_once;
static long next_number;
static int port;
static char token[4096];
static const char *stores[STORES_MAX];
static int stores_n;

static void post(struct load_connection *c, const char *path, const char *suffix, const char *body, char kind)
{
    char text[LOAD_TEXT_MAX];
    int n = snprintf(text, sizeof text,
                     "POST %s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
                     "Content-Type: application/json\r\nIdempotency-Key: %c-%d-%ld\r\nContent-Length: %zu\r\n\r\n%s",
                     path, suffix, port, token, kind, getpid(), payments[c->index].number, strlen(body), body);
    if (n < 0 || (size_t)n >= sizeof text)
        load_give_up("a request is too long");
    load_send(c, text, (size_t)n);
}

static void create(struct load_connection *c)
{
    char body[512];
    struct payment *p = &payments[c->index];
    p->confirming = at_once;
    p->number = ++next_number;
    c->begun_us = load_begin_us();
    snprintf(body, sizeof body,
             "{\"store\":\"%s\",\"amount\":1000,\"currency\":\"EUR\",\"description\":\"An article\"%s}",
             stores[p->number % stores_n], at_once ? ",\"confirm\":{\"payment_token\":\"tok_test_visa\"}" : "");
    post(c, "/v1/payments", "", body, at_once ? 'a' : 'c');
}

static void confirm(struct load_connection *c)
{
    char suffix[ID_MAX + 16];
    payments[c->index].confirming = true;
    snprintf(suffix, sizeof suffix, "%s/confirm", payments[c->index].id);
    post(c, "/v1/payments/", suffix, "{\"payment_token\":\"tok_test_visa\"}", 'p');
}

static void answered(struct load_connection *c)
{
    struct payment *p = &payments[c->index];
    const char *id = strstr(c->text, "\"id\":\"pay_");
    bool good = strncmp(c->text, p->confirming ? "HTTP/1.1 200" : "HTTP/1.1 201", 12) == 0 && id;
    if (p->confirming)
        good = good && strstr(c->text, "\"status\":\"succeeded\"");
    if (!good) {
        load_failed(c);
        load_next(c);
    } else if (!p->confirming) {
        snprintf(p->id, sizeof p->id, "%.*s", (int)strcspn(id + 6, "\""), id + 6);
        confirm(c);
    } else {
        load_done(c);
        load_next(c);
    }
}

static void token_read(const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f || !fgets(token, sizeof token, f))
        load_give_up(path);
    token[strcspn(token, "\r\n")] = '\0';
    fclose(f);
}

int main(int argc, char **argv)
{
    at_once = argc > 1 && strcmp(argv[1], "at-once") == 0;
    argc -= at_once;
    argv += at_once;
    if (argc != 6 && argc != 7) {
        fputs("usage: payment-load [at-once] PORT TOKEN_FILE STORES CONNECTIONS SECONDS [PER_SECOND]\n", stderr);
        return 2;
    }
    port = (int)strtol(argv[1], NULL, 10);
    token_read(argv[2]);
    for (char *rest = argv[3], *one; (one = strsep(&rest, ",")) && stores_n < STORES_MAX;)
        stores[stores_n++] = one;
    return load_run(&(struct load){ .what = "payment",
                                    .port = port,
                                    .connections = (int)strtol(argv[4], NULL, 10),
                                    .seconds = (int)strtol(argv[5], NULL, 10),
                                    .per_second = argc == 7 ? (int)strtol(argv[6], NULL, 10) : 0,
                                    .begin = create,
                                    .answered = answered });
}
