/*
 * The limit that the benchmarks are compared with, measured in the same run: libmicrohttpd's epoll pool with nothing
 * around it. GET /trivial answers a constant; GET or POST /es256 signs one access token of typical claims per request;
 * GET /argon2id hashes one password as log-ins do.
 * Usage: limit-http PORT [THREADS]
 */
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "shared/crypto/crypto.h"
#include "shared/jose/jose.h"

static struct jose_key *key;
static const char trivial[] = "{\"status\":\"ok\"}";

static str token_body(struct arena *a)
{
    instant now = wall_clock_now();
    str claims = arena_printf(
        a,
        "{\"iss\":\"http://127.0.0.1:7000\",\"sub\":\"client_0123456789\",\"client_id\":\"client_0123456789\","
        "\"aud\":\"http://127.0.0.1:7001\",\"iat\":%lld,\"exp\":%lld,\"jti\":\"%.*s\","
        "\"scope\":\"pay.users pay.stores pay.payments\",\"partner\":\"inkwell\"}",
        (long long)instant_seconds(now), (long long)instant_seconds(now) + 300, STR_ARG(random_token(a, "")));
    str token = jws_sign(a, key, "at+jwt", claims);
    return arena_printf(a, "{\"access_token\":\"%.*s\",\"token_type\":\"Bearer\",\"expires_in\":300}", STR_ARG(token));
}

static str hash_body(struct arena *a)
{
    const secret password = { STR("correct horse battery staple") };
    return password_hash(a, (secret){ STR("pepper of the benchmark") }, password);
}

static enum MHD_Result made_answer(struct MHD_Connection *connection, str (*make)(struct arena *a))
{
    static _Thread_local struct arena *arena;
    if (!arena)
        arena = arena_create(16384, (size_t)1 << 20);
    str body = make(arena);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    enum MHD_Result queued = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    arena_reset(arena);
    return queued;
}

static enum MHD_Result trivial_answer(struct MHD_Connection *connection)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof trivial - 1, (void *)(uintptr_t)trivial, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result queued = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_n, void **context)
{
    static int seen;
    (void)cls;
    (void)method;
    (void)version;
    (void)upload;
    if (!*context || *upload_n) {
        *context = &seen;
        *upload_n = 0;
        return MHD_YES;
    }
    if (strcmp(url, "/es256") == 0)
        return made_answer(connection, token_body);
    return strcmp(url, "/argon2id") == 0 ? made_answer(connection, hash_body) : trivial_answer(connection);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: limit-http PORT [THREADS]\n");
        return 2;
    }
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : (unsigned)(cores > 0 ? cores : 1);
    crypto_init();
    key = jose_key_generate(ALG_ES256);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, (uint16_t)strtoul(argv[1], NULL, 10), NULL, NULL, answer, NULL,
        MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0, MHD_OPTION_CONNECTION_LIMIT, 4096U, MHD_OPTION_END);
    if (!daemon) {
        fprintf(stderr, "limit-http: cannot listen on port %s\n", argv[1]);
        return 1;
    }
    int got;
    sigwait(&set, &got);
    MHD_stop_daemon(daemon);
    jose_key_free(key);
    return 0;
}
