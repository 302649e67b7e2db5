/*
 * Start and stop of the server, in the order in which parts need each other: schema, memory, jobs, listeners; then a
 * signal; then the same backwards.
 */
#include "authsrv/serve.h"

#include <signal.h>
#include <stdio.h>

#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/flow/upstream.h"
#include "authsrv/jobs.h"
#include "authsrv/readiness.h"
#include "authsrv/routes.h"
#include "authsrv/store/migrations.h"
#include "authsrv/store/statements.h"
#include "shared/cache/cache.h"
#include "shared/crypto/crypto.h"
#include "shared/db/migrate.h"
#include "shared/http/server.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"
#include "shared/ops/process.h"
#include "shared/text/url.h"

#define DRAIN SECONDS(10)
#define PROCESS_ARENA_MAX (64u << 20)
#define COMMAND_ARENA_MAX (256u << 20)
#define BURST_FACTOR 2

struct db_config database_of(const struct config *config)
{
    return (struct db_config){
        .conninfo = config->database_url,
        .search_path = "auth",
        .statement_timeout = SECONDS(5),
        .lock_timeout = SECONDS(2),
    };
}

/* ---- what each thread has ---- */

static void thread_start(struct task *t)
{
    const struct config *config = &app_of(t)->config;
    struct db_config db = database_of(config);
    bool private_allowed = config->fetch_allow_networks.n > 0;
    const struct fetch_policy policy = {
        .allow_http = private_allowed,
        .any_port = private_allowed,
        .allow_networks = config->fetch_allow_networks,
    };
    t->db = db_open(&db);
    t->cache = cache_open(config->redis_url);
    t->fetcher = fetcher_open(&policy);
}

static void thread_stop(struct task *t)
{
    fetcher_close(t->fetcher);
    cache_close(t->cache);
    db_close(t->db);
}

/* ---- the server ---- */

static bool allow(struct task *t, const struct request *rq, int per_minute, int *retry_after_s)
{
    str key = arena_printf(t->arena, "auth:%s:%.*s", rq->route->path, STR_ARG(rq->peer));
    return cache_allow(t, key, per_minute, per_minute / BURST_FACTOR + 1, retry_after_s);
}

static bool schema_is_right(const struct config *config)
{
    struct db_config db = database_of(config);
    int found, wanted;
    if (!migrate_is_current(&db, authsrv_migrations, authsrv_migrations_n, &found, &wanted)) {
        fprintf(stderr, "authsrv: the database is at version %d, this program needs %d: run `authsrv migrate`\n", found,
                wanted);
        return false;
    }
    return statements_match_schema(&db, authsrv_statements, authsrv_statements_n);
}

static struct app app_make(const struct config *config, struct arena *process)
{
    struct url issuer;
    struct app app = {
        .config = *config,
        .issuer = config->issuer,
        .sealing_key = typed_digest("sealing", config->sealing_key_file.hidden),
        .initial_token_hash = typed_digest("initial_token", config->initial_access_token_file.hidden),
        .snapshots = snapshot_box_create(process),
        .upstreams = upstream_box_create(process),
    };
    if (url_parse(config->issuer, &issuer))
        app.origin = url_origin(process, &issuer);
    return app;
}

static void app_close(struct app *app)
{
    snapshot_box_close(app->snapshots);
    upstream_box_close(app->upstreams);
}

struct parts {
    struct jobs *jobs;
    struct admin_server *admin;
    struct http_server *http;
};

static void parts_stop(struct parts *p)
{
    if (p->http)
        http_server_drain(p->http, DRAIN);
    if (p->jobs)
        jobs_stop(p->jobs);
    if (p->admin)
        admin_stop(p->admin);
}

static struct http_server_config http_config_of(struct app *app, struct arena *process)
{
    const struct config *c = &app->config;
    return (struct http_server_config){
        .address = arena_cstr(process, c->listen_address),
        .port = (uint16_t)c->port,
        .io_threads = (unsigned)c->io_threads,
        .workers = (unsigned)c->workers,
        .queue_limit = (unsigned)c->queue_limit,
        .max_connections = 4096,
        .routes = authsrv_routes,
        .n_routes = authsrv_routes_n,
        .app = app,
        .worker_start = thread_start,
        .worker_stop = thread_stop,
        .error_page = failure_page,
        .allow = c->rate_limits ? allow : NULL,
        .trusted_proxy = c->trusted_proxy.n ? c->trusted_proxy : STR_NONE,
    };
}

static bool parts_start(struct app *app, struct arena *process, struct parts *p)
{
    struct http_server_config http = http_config_of(app, process);
    int threads = (int)http_server_threads(&http);
    struct worker_config job_threads = {
        .app = app, .start = thread_start, .stop = thread_stop, .first_slot = threads
    };
    struct worker_config admin_thread = job_threads;
    admin_thread.first_slot = threads + (int)authsrv_jobs_n;
    metrics_init((size_t)threads + authsrv_jobs_n + 1);
    counters_register();
    p->jobs = jobs_start(authsrv_jobs, authsrv_jobs_n, &job_threads);
    p->admin =
        admin_start("127.0.0.1", (uint16_t)app->config.admin_port, readiness_parts, readiness_parts_n, &admin_thread);
    if (!p->jobs || !p->admin)
        return false;
    p->http = http_server_start(&http);
    return p->http != NULL;
}

/* SIGHUP: a broken file changes nothing. What threads read while they work is fixed until a restart. */
static void reload(const char *path)
{
    struct arena *arena = arena_create(16384, 1 << 20);
    struct config config = { 0 };
    enum log_level level;
    if (config_read(arena, path, &config) && log_level_parse(config.log_level, &level)) {
        log_set_level(level);
        log_warn(NULL, "server.reloaded", L_STR("applied", STR("log_level")),
                 L_STR("others", STR("at the next start")));
    } else {
        log_error(NULL, "server.reload_refused", L_STR("why", STR("the configuration is broken; the old one stays")));
    }
    arena_destroy(arena);
}

int serve(const struct config *config, const char *path)
{
    if (!schema_is_right(config))
        return 1;
    struct arena *process = arena_create(65536, PROCESS_ARENA_MAX);
    struct app app = app_make(config, process);
    struct parts parts = { 0 };
    bool started = parts_start(&app, process, &parts);
    if (started) {
        log_info(NULL, "server.started", L_STR("address", config->listen_address), L_I64("port", config->port));
        notify_ready();
        while (wait_for_signal() == SIGHUP)
            reload(path);
        log_info(NULL, "server.stopping");
    }
    parts_stop(&parts);
    app_close(&app);
    arena_destroy(process);
    return started ? 0 : 1;
}

int command_run(const struct config *config, const char *name, int (*run)(struct task *t, int argc, char **argv),
                int argc, char **argv)
{
    struct arena *arena = arena_create(65536, COMMAND_ARENA_MAX);
    struct app app = app_make(config, arena);
    struct task t = { .arena = arena, .app = &app, .now = wall_clock_now(), .request_id = str_of(name), .what = name };
    thread_start(&t);
    int code = run(&t, argc, argv);
    thread_stop(&t);
    app_close(&app);
    arena_destroy(arena);
    return code;
}
