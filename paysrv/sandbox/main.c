/* The program stoa-acquirer: options, journal, listener, sender of notifications, end. */
#include <ctype.h>
#include <stdlib.h>
#include <unistd.h>

#include "paysrv/sandbox/pages.h"
#include "paysrv/sandbox/sandbox.h"
#include "paysrv/sandbox/settlement.h"
#include "shared/crypto/crypto.h"
#include "shared/http/assets.h"
#include "shared/http/server.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"
#include "shared/ops/process.h"

#define STATE_MAX_BYTES ((size_t)16 << 30)
#define DRAIN_LIMIT SECONDS(10)
#define PREFIX "ACQUIRER"
#define N_ITEMS (sizeof items / sizeof items[0])

#define CONFIG_ITEM_STRUCT struct sandbox_config
static const struct config_item items[] = { CONFIG_ITEMS(ACQUIRER_CONFIG) };

#define SANDBOX_ROUTE_LIST(name) &name##_route,
static const struct route *const routes[] = { SANDBOX_ROUTES(SANDBOX_ROUTE_LIST) & assets_route };

/* ---- options ---- */

static void usage(FILE *out)
{
    fprintf(out, "usage: stoa-acquirer --KEY VALUE ...\n\nKeys, '-' and '_' are the same:\n");
    config_help(items, N_ITEMS, PREFIX, out);
}

static bool option_known(const char *name)
{
    for (size_t i = 0; i < N_ITEMS; i++) {
        const char *a = items[i].name, *b = name;
        while (*a && *b && (*a == *b || (*a == '_' && *b == '-'))) {
            a++;
            b++;
        }
        if (!*a && !*b)
            return true;
    }
    return false;
}

/* An option is an environment variable by another name, so both are checked by the same table. */
static bool option_take(const char *name, const char *value)
{
    char variable[64] = PREFIX "_";
    size_t n = sizeof PREFIX;
    if (!option_known(name) || strlen(name) >= sizeof variable - n)
        return false;
    for (const char *c = name; *c; c++)
        variable[n++] = (char)(*c == '-' ? '_' : toupper((unsigned char)*c));
    variable[n] = '\0';
    return setenv(variable, value, 1) == 0;
}

/* < 0: go on; otherwise the exit code. */
static int options_take(int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--help") == 0) {
            usage(stdout);
            return 0;
        }
        if (strcmp(argv[i], "--version") == 0) {
            printf("stoa-acquirer %s\n", STOA_VERSION);
            return 0;
        }
        if (strncmp(argv[i], "--", 2) != 0 || i + 1 == argc || !option_take(argv[i] + 2, argv[i + 1])) {
            fprintf(stderr, "stoa-acquirer: %s: unknown option or no value; --help lists them\n", argv[i]);
            return 2;
        }
    }
    return -1;
}

/* ---- parts ---- */

static void line_apply(void *arg, const struct json_value *line)
{
    struct app *app = arg;
    bank_apply(&app->bank, line);
    iso_bank_apply(&app->iso_bank, line);
    wallet_apply(&app->wallet, line);
    settlement_apply(app, line);
    notices_apply(app, line);
}

static bool state_load(struct app *app, struct arena *a)
{
    struct arena *scratch = arena_create(65536, STATE_MAX_BYTES);
    struct table replayed;
    table_init(&replayed, scratch);
    bank_init(&app->bank, a);
    iso_bank_init(&app->iso_bank, a);
    wallet_init(&app->wallet, a);
    app->outbox.replayed = &replayed;
    bool loaded = journal_open(&app->journal, app->config.data, line_apply, app);
    app->outbox.replayed = NULL;
    arena_destroy(scratch);
    return loaded;
}

static void sender_start(struct task *t)
{
    const struct app *app = t->app;
    const struct fetch_policy policy = {
        .allow_http = true,
        .any_port = true,
        .allow_networks = STR("127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"),
        .ca_file = app->config.ca_file,
    };
    t->fetcher = fetcher_open(&policy);
}

static void sender_stop(struct task *t)
{
    fetcher_close(t->fetcher);
}

static struct http_server *listener_start(struct app *app)
{
    struct http_server_config config = {
        .address = arena_cstr(app->bank.arena, app->config.listen_address),
        .port = (uint16_t)app->config.port,
        .io_threads = (unsigned)app->config.io_threads,
        .workers = 1,
        .routes = routes,
        .n_routes = sizeof routes / sizeof routes[0],
        .app = app,
        .page_begin = sandbox_page_begin,
        .error_page = sandbox_error_page,
    };
    metrics_init(http_server_threads(&config) + 2);
    return http_server_start(&config);
}

static int serve(struct app *app)
{
    struct http_server *server = listener_start(app);
    if (!server)
        return 1;
    struct worker_config sender = { .app = app, .start = sender_start, .stop = sender_stop, .first_slot = 2 };
    bool tells = app->config.webhook_url.n || app->config.wallet_webhook_url.n;
    struct jobs *jobs = tells ? jobs_start(&notify_job, 1, &sender) : NULL;
    pthread_mutex_lock(&app->lock);
    app->jobs = jobs;
    pthread_mutex_unlock(&app->lock);
    struct worker_config admin = { .app = app };
    struct admin_server *health =
        app->config.admin_port ? admin_start("127.0.0.1", (uint16_t)app->config.admin_port, NULL, 0, &admin) : NULL;
    bool started = health || !app->config.admin_port;
    if (started) {
        printf("{\"listening\":%u}\n", http_server_port(server));
        fflush(stdout);
        notify_ready();
        wait_for_signal();
    }
    bool is_idle = http_server_drain(server, DRAIN_LIMIT);
    pthread_mutex_lock(&app->lock);
    app->jobs = NULL;
    pthread_mutex_unlock(&app->lock);
    jobs_stop(jobs);
    admin_stop(health);
    if (!is_idle) /* nothing of a handler that is still at work may be released */
        _exit(0);
    return started ? 0 : 1;
}

int main(int argc, char **argv)
{
    static struct app app = { .lock = PTHREAD_MUTEX_INITIALIZER };
    int exit_code = options_take(argc, argv);
    if (exit_code >= 0)
        return exit_code;
    process_init();
    crypto_init();
    struct arena *a = arena_create((size_t)1 << 20, STATE_MAX_BYTES);
    enum log_level level;
    bool good = config_load(a, items, N_ITEMS, NULL, PREFIX, &app.config, stderr);
    if (good && !log_level_parse(app.config.log_level, &level)) {
        fprintf(stderr, "stoa-acquirer: log_level must be debug, info, warn or error\n");
        good = false;
    }
    if (!good) {
        arena_destroy(a);
        return 2;
    }
    log_set_level(level);
    exit_code = state_load(&app, a) ? serve(&app) : 1;
    journal_close(&app.journal);
    arena_destroy(a);
    return exit_code;
}
