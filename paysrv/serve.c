/*
 * Start and stop of the server, in the order in which parts need each other: schema, effects, keys, committer, jobs,
 * listeners; then a signal; then the same backwards. See serve.h.
 */
#include "paysrv/serve.h"

#include <signal.h>
#include <stdio.h>

#include "paysrv/app.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/keys.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/store_cache.h"
#include "paysrv/flow/token_cache.h"
#include "paysrv/jobs.h"
#include "paysrv/pages.h"
#include "paysrv/routes.h"
#include "paysrv/store/migrations.h"
#include "paysrv/store/statements.h"
#include "shared/cache/cache.h"
#include "shared/crypto/crypto.h"
#include "shared/db/group.h"
#include "shared/db/migrate.h"
#include "shared/http/server.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"
#include "shared/ops/process.h"

#define DRAIN SECONDS(10)
#define PROCESS_ARENA_MAX (64u << 20)
#define COMMAND_ARENA_MAX (512u << 20)
#define BURST_FACTOR 2

#define ROUTE_ROW(name) &name##_route,
static const struct route *const routes[] = { PAYSRV_ROUTES(ROUTE_ROW) };

struct db_config database_of(const struct config *config)
{
    return (struct db_config){
        .conninfo = config->database_url,
        .search_path = "pay",
        .statement_timeout = SECONDS(5),
        .lock_timeout = SECONDS(2),
    };
}

/* ---- what each thread has ---- */

static void fetcher_start(struct task *t)
{
    const struct app *app = t->app;
    const struct fetch_policy policy = {
        .allow_http = true,
        .any_port = true,
        .allow_networks = app->config.fetch_allow_networks,
    };
    t->fetcher = fetcher_open(&policy);
}

static void thread_start(struct task *t)
{
    const struct app *app = t->app;
    struct db_config db = database_of(&app->config);
    t->db = db_open(&db);
    t->cache = cache_open(app->config.redis_url);
    fetcher_start(t);
}

static void thread_stop(struct task *t)
{
    fetcher_close(t->fetcher);
    cache_close(t->cache);
    db_close(t->db);
}

/* ---- readiness ---- */

static bool database_usable(struct task *t)
{
    return db_ping(t->db);
}

static bool redis_usable(struct task *t)
{
    return cache_ping(t->cache);
}

static bool issuer_keys_usable(struct task *t)
{
    const struct app *app = t->app;
    return keys_usable(app->keys);
}

static const struct readiness readiness[] = {
    { "database", database_usable },
    { "redis", redis_usable },
    { "issuer_keys", issuer_keys_usable },
};

/* ---- the server ---- */

static bool allow(struct task *t, const struct request *rq, int per_minute, int *retry_after_s)
{
    str key = arena_printf(t->arena, "pay:%s:%.*s", rq->route->path, STR_ARG(rq->peer));
    return cache_allow(t, key, per_minute, per_minute / BURST_FACTOR + 1, retry_after_s);
}

static bool schema_is_right(const struct config *config)
{
    struct db_config db = database_of(config);
    int found, wanted;
    if (!migrate_is_current(&db, paysrv_migrations, paysrv_migrations_n, &found, &wanted)) {
        fprintf(stderr, "paysrv: the database is at version %d, this program needs %d: run `paysrv migrate`\n", found,
                wanted);
        return false;
    }
    return statements_match_schema(&db, paysrv_statements, paysrv_statements_n);
}

static struct app app_make(const struct config *config, struct arena *process)
{
    return (struct app){
        .config = *config,
        .keys = keys_create(process, config->issuer),
        .tokens = token_cache_create(process),
        .stores = store_cache_create(process),
        .env = &pay_env_live,
        .sealing_key = sha256_str(config->sealing_key_file.hidden),
        .code_key = sha256_str(config->code_key_file.hidden),
    };
}

enum { STEPS = 4 };

struct parts {
    struct db_group *group;
    struct db *step_dbs[STEPS];
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
    db_group_install(NULL);
    if (p->group)
        db_group_stop(p->group);
    for (size_t i = 0; i < STEPS; i++)
        if (p->step_dbs[i])
            db_close(p->step_dbs[i]);
    if (p->admin)
        admin_stop(p->admin);
}

static struct http_server_config http_config_of(struct app *app)
{
    const struct config *c = &app->config;
    return (struct http_server_config){
        .address = NULL,
        .port = (uint16_t)c->port,
        .io_threads = (unsigned)c->io_threads,
        .workers = (unsigned)c->workers,
        .queue_limit = (unsigned)c->queue_limit,
        .max_connections = 4096,
        .routes = routes,
        .n_routes = sizeof routes / sizeof routes[0],
        .app = app,
        .worker_start = thread_start,
        .worker_stop = thread_stop,
        .error_page = failure_page,
        .allow = c->rate_limits ? allow : NULL,
        .trusted_proxy = c->trusted_proxy.n ? c->trusted_proxy : STR_NONE,
    };
}

static bool group_start(const struct config *c, struct parts *p)
{
    const struct db_group_config config = {
        .db = database_of(c),
        .committers = (unsigned)c->committers,
        .max_batch = (unsigned)c->commit_batch,
    };
    p->group = db_group_start(&config);
    db_group_install(p->group);
    return p->group != NULL;
}

/* Plans of the batches go along keys, whatever size the tables had when they were made. */
static void steps_start(struct app *app, struct arena *process, struct parts *p)
{
    struct db_config config = database_of(&app->config);
    config.settings = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";
    for (size_t i = 0; i < STEPS; i++)
        p->step_dbs[i] = db_open(&config);
    steps_open(&app->steps, process, p->step_dbs, (size_t)app->config.commit_batch);
}

static bool parts_start(struct app *app, struct arena *process, struct parts *p)
{
    struct http_server_config http = http_config_of(app);
    http.address = arena_cstr(process, app->config.listen_address);
    int threads = (int)http_server_threads(&http);
    struct worker_config job_threads = {
        .app = app, .start = thread_start, .stop = thread_stop, .first_slot = threads
    };
    struct worker_config admin_thread = job_threads;
    admin_thread.first_slot = threads + (int)paysrv_jobs_n;
    metrics_init((size_t)threads + paysrv_jobs_n + 1);
    pay_metrics_register();
    if (!group_start(&app->config, p))
        return false;
    steps_start(app, process, p);
    p->jobs = jobs_start(paysrv_jobs, paysrv_jobs_n, &job_threads);
    app->jobs = p->jobs;
    p->admin = admin_start("127.0.0.1", (uint16_t)app->config.admin_port, readiness,
                           sizeof readiness / sizeof readiness[0], &admin_thread);
    if (!p->jobs || !p->admin)
        return false;
    p->http = http_server_start(&http);
    return p->http != NULL;
}

int serve(const struct config *config)
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
            log_info(NULL, "server.reload_refused", L_STR("why", STR("settings are read at start")));
        log_info(NULL, "server.stopping");
    }
    parts_stop(&parts);
    arena_destroy(process);
    return started ? 0 : 1;
}

int command_run(const struct config *config, const char *name, int (*run)(struct task *t, int argc, char **argv),
                int argc, char **argv)
{
    struct arena *arena = arena_create(65536, COMMAND_ARENA_MAX);
    struct app app = app_make(config, arena);
    struct task t = { .arena = arena, .app = &app, .now = wall_clock_now(), .request_id = str_of(name), .what = name };
    struct db_config db = database_of(config);
    t.db = db_open(&db);
    t.cache = cache_open(config->redis_url);
    fetcher_start(&t);
    int code = run(&t, argc, argv);
    thread_stop(&t);
    arena_destroy(arena);
    return code;
}
