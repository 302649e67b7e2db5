/*
 * What shared/http costs: the same answers as limit-http, but through the route table. GET /trivial inline,
 * GET /es256 inline, GET /worker the constant by way of a worker.
 * Usage: platform-http PORT
 */
#include <stdio.h>
#include <stdlib.h>

#include "shared/crypto/crypto.h"
#include "shared/http/server.h"
#include "shared/jose/jose.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"
#include "shared/ops/process.h"

static struct jose_key *key;

static err trivial(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t;
    (void)rq;
    json_str(reply_json(rs, 200), "status", STR("ok"));
    return OK;
}

static err es256(struct task *t, const struct request *rq, struct response *rs)
{
    struct buf b;
    struct json c;
    (void)rq;
    buf_init(&b, t->arena, 4096);
    json_begin(&c, &b);
    json_str(&c, "iss", STR("http://127.0.0.1:7000"));
    json_str(&c, "sub", STR("client_0123456789"));
    json_str(&c, "client_id", STR("client_0123456789"));
    json_str(&c, "aud", STR("http://127.0.0.1:7001"));
    json_i64(&c, "iat", instant_seconds(t->now));
    json_i64(&c, "exp", instant_seconds(t->now) + 300);
    json_str(&c, "jti", random_token(t->arena, ""));
    json_str(&c, "scope", STR("pay.users pay.stores pay.payments"));
    json_str(&c, "partner", STR("inkwell"));
    json_end(&c);
    struct json *j = reply_json(rs, 200);
    json_str(j, "access_token", jws_sign(t->arena, key, "at+jwt", buf_str(&b)));
    json_str(j, "token_type", STR("Bearer"));
    json_i64(j, "expires_in", 300);
    return OK;
}

#define PUBLIC_GET .method = GET, .guard = &GUARD_PUBLIC, .body = BODY_NONE, .errors = ERRORS_PROBLEM
static const struct route trivial_route = { PUBLIC_GET, .path = "/trivial", .run = RUN_INLINE, .handle = trivial };
static const struct route es256_route = { PUBLIC_GET, .path = "/es256", .run = RUN_INLINE, .handle = es256 };
static const struct route worker_route = { PUBLIC_GET, .path = "/worker", .run = RUN_WORKER, .handle = trivial };
static const struct route *const routes[] = { &trivial_route, &es256_route, &worker_route };

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: platform-http PORT\n");
        return 2;
    }
    process_init();
    crypto_init();
    log_set_level(LOG_WARN_LEVEL);
    key = jose_key_generate(ALG_ES256);
    struct http_server_config config = { .address = "127.0.0.1",
                                         .port = (uint16_t)strtoul(argv[1], NULL, 10),
                                         .routes = routes,
                                         .n_routes = sizeof routes / sizeof routes[0] };
    metrics_init(http_server_threads(&config));
    struct http_server *server = http_server_start(&config);
    if (!server)
        return 1;
    wait_for_signal();
    (void)!http_server_drain(server, SECONDS(10));
    jose_key_free(key);
    return 0;
}
