/*
 * Start and stop of a server, in the order in which parts need each other: schema, memory, what threads use, jobs,
 * listeners; then a signal; then the same backwards.
 */
#include "shared/server/serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shared/cache/cache.h"
#include "shared/ops/cli.h"
#include "shared/ops/metrics.h"
#include "shared/server/clock.h"
#include "shared/server/durability.h"
#include "shared/server/party.h"
#include "shared/server/readiness.h"
#include "shared/server/transport.h"

#define DRAIN SECONDS(10)
#define PROCESS_ARENA_MAX (64u << 20)
#define COMMAND_ARENA_MAX (512u << 20)
#define BURST_FACTOR 2
#define MAX_CONNECTIONS 4096
#define MAX_PER_PLACE 512
#define HOST_MAX_BYTES 256
#define CREW_CONNECTIONS 8
#define CREW_QUEUE 4096

struct db_config service_database(const struct service *s)
{
    return (struct db_config){
        .conninfo = s->settings.database_url,
        .search_path = s->server->schema,
        .statement_timeout = s->settings.statement_timeout,
        .lock_timeout = SECONDS(2),
    };
}

bool server_configure(const struct server *server, struct arena *a, const char *path, void *config,
                      enum log_level *level)
{
    if (!config_load(a, server->items, server->n_items, path, server->prefix, config, stderr))
        return false;
    const struct server_settings settings = server->settings_of(config);
    bool good = !server->config_judge || server->config_judge(config);
    good = transport_judge(server->name, &settings.transport) && good;
    if (log_level_parse(settings.log_level, level))
        return good;
    fprintf(stderr, "%s: log_level: must be debug, info, warn or error\n", server->name);
    return false;
}

/* ---- what each thread has ---- */

static void connections_open(struct task *t, struct db *db)
{
    const struct service *s = t->app;
    t->db = db;
    t->cache = cache_open(s->settings.redis_url);
    t->fetcher = fetcher_open(&s->settings.fetch);
}

static struct db_config serving_database(const struct service *s)
{
    struct db_config db = service_database(s);
    db.settings = DB_PLANS;
    return db;
}

static void thread_start(struct task *t)
{
    const struct db_config db = serving_database(t->app);
    connections_open(t, db_open(&db));
}

static void worker_start(struct task *t)
{
    const struct service *s = t->app;
    connections_open(t, db_pool_join(s->pool));
}

static void crew_start(struct task *t)
{
    const struct service *s = t->app;
    connections_open(t, db_pool_join(s->crew_pool));
}

static void thread_stop(struct task *t)
{
    fetcher_close(t->fetcher);
    cache_close(t->cache);
    db_close(t->db);
}

static int thread_listen(struct task *t, const char *channel, bool *heard)
{
    return db_listen(t->db, channel, heard);
}

bool server_database_usable(struct task *t)
{
    return t->db && db_ping(t->db);
}

bool server_redis_usable(struct task *t)
{
    return t->cache && cache_usable(t->cache);
}

static bool allow(struct task *t, const struct request *rq, const struct rate_limit *limit, int *left,
                  int *retry_after_s)
{
    const struct service *s = t->app;
    str key =
        arena_printf(t->arena, "%s:%s:%s:%.*s", s->server->schema, rq->route->path, limit->by, STR_ARG(limit->who));
    return cache_take(t, key, limit->per_minute, limit->per_minute / BURST_FACTOR + 1, left, retry_after_s);
}

/* ---- the server's own struct app ---- */

/* t: with the process' arena. */
static err app_make(struct task *t, const struct server *server, const void *config, struct service **ret)
{
    const struct open_secret *secrets;
    TRY(secrets_open(t, server, config, &config, &secrets));
    struct service *service = arena_alloc(t->arena, server->app_bytes);
    *service = (struct service){ .server = server, .settings = server->settings_of(config), .secrets = secrets };
    server->app_open(service, config, t->arena);
    *ret = service;
    return OK;
}

static void app_release(struct service *service)
{
    if (service->server->app_close)
        service->server->app_close(service);
}

/* ---- the parts that have threads ---- */

struct parts {
    struct admin_server *admin;
    struct http_server *http;
};

static bool is_proxy(const void *app, const struct sockaddr *peer)
{
    const struct service *s = app;
    return networks_contain(&s->proxies, peer);
}

static struct http_server_config http_config_of(struct service *service, struct arena *process)
{
    const struct server_settings *c = &service->settings;
    struct http_server_config http = {
        .address = arena_cstr(process, c->listen_address),
        .port = (uint16_t)c->port,
        .io_threads = (unsigned)c->io_threads,
        .workers = (unsigned)c->workers,
        .queue_limit = (unsigned)c->queue_limit,
        .costly_workers = (unsigned)c->costly_workers,
        .costly_queue_limit = (unsigned)c->costly_queue,
        .max_connections = MAX_CONNECTIONS,
        .max_per_place = c->rate_limits ? MAX_PER_PLACE : 0,
        .routes = service->server->routes,
        .n_routes = service->server->n_routes,
        .app = service,
        .worker_start = worker_start,
        .worker_stop = thread_stop,
        .page_begin = service->server->page_begin,
        .error_page = service->server->error_page,
        .site_find = service->server->site_find,
        .render = service->server->render,
        .served = service->server->served,
        .whose = service->server->whose ? service->server->whose : party_of_peer,
        .allow = c->rate_limits ? allow : NULL,
        .proxy = { .is_trusted = is_proxy },
    };
    transport_configure(&c->transport, c->url, process, &http, &service->proxies);
    return http;
}

static int crews_size(const struct service *service)
{
    int ret = 0;
    for (size_t i = 0; i < CREWS_MAX; i++)
        ret += (int)service->settings.crews[i];
    return ret;
}

/* One thread carries a crew: it waits more than it works. */
static void crews_start(struct service *service, struct arena *process, int first_slot)
{
    const struct db_config db = serving_database(service);
    service->crew_pool = db_pool_create(process, &db, CREW_CONNECTIONS);
    for (size_t i = 0; i < CREWS_MAX; i++) {
        const struct worker_config config = { .n = (unsigned)service->settings.crews[i],
                                              .queue_limit = CREW_QUEUE,
                                              .carriers = 1,
                                              .app = service,
                                              .start = crew_start,
                                              .stop = thread_stop,
                                              .first_slot = first_slot };
        service->crews[i] = config.n ? workers_start(&config) : NULL;
        first_slot += (int)config.n;
    }
}

static void crews_stop(struct service *service)
{
    for (size_t i = 0; i < CREWS_MAX; i++) {
        workers_stop(service->crews[i]);
        service->crews[i] = NULL;
    }
}

static bool parts_start(struct service *service, struct arena *process, struct parts *p)
{
    const struct server *server = service->server;
    struct http_server_config http = http_config_of(service, process);
    int threads = (int)http_server_threads(&http);
    struct worker_config job_threads = {
        .app = service, .start = thread_start, .stop = thread_stop, .first_slot = threads, .listen = thread_listen
    };
    struct worker_config admin_thread = job_threads;
    admin_thread.first_slot = threads + (int)server->n_jobs;
    metrics_init((size_t)(admin_thread.first_slot + 1 + crews_size(service)));
    server->metrics_register();
    transport_metrics_register();
    clock_metrics_register();
    readiness_metrics_register(server);
    if (server->app_start && !server->app_start(service, process))
        return false;
    service->description = server_description(service, process);
    const struct db_config db = serving_database(service);
    service->pool = db_pool_create(process, &db, (unsigned)service->settings.database_connections);
    crews_start(service, process, admin_thread.first_slot + 1);
    service->jobs = jobs_start(server->jobs, server->n_jobs, &job_threads);
    p->admin = admin_start("127.0.0.1", (uint16_t)service->settings.admin_port, server->readiness, server->n_readiness,
                           &admin_thread);
    if (!service->jobs || !p->admin)
        return false;
    p->http = http_server_start(&http);
    if (p->http)
        transport_observe(p->http);
    return p->http != NULL;
}

/* Of a handler that is still at work nothing may be released; what it has not committed never was. */
static _Noreturn void leave(void)
{
    log_warn(NULL, "server.left", L_STR("why", STR("requests are still at work")));
    _exit(CLI_DONE);
}

static void parts_stop(struct service *service, struct parts *p)
{
    bool is_idle = http_server_drain(p->http, DRAIN);
    atomic_store(&service->is_stopping, true);
    if (service->jobs)
        jobs_finish(service->jobs); /* they wait for crews, which wake them */
    if (!is_idle)
        leave();
    crews_stop(service);
    jobs_stop(service->jobs);
    if (p->admin)
        admin_stop(p->admin);
}

/* ---- the process ---- */

static bool schema_refuse(const char *name, int found, int wanted)
{
    if (found < 0)
        fprintf(stderr, "%s: the database cannot be reached\n", name);
    else if (found < wanted)
        fprintf(stderr, "%s: the database is at version %d, this program needs %d: run `%s migrate`\n", name, found,
                wanted, name);
    else
        fprintf(stderr, "%s: the database was migrated by another program than this one\n", name);
    return false;
}

static bool schema_is_right(const struct service *service)
{
    const struct server *server = service->server;
    struct db_config db = service_database(service);
    int found, wanted;
    if (!migrate_is_applied(&db, server->migrations, server->n_migrations, &found, &wanted))
        return schema_refuse(server->name, found, wanted);
    if (found > wanted)
        log_warn(NULL, "schema.newer", L_I64("version", found), L_I64("known", wanted));
    return statements_match_schema(&db, server->statements, server->n_statements);
}

static bool database_is_right(struct service *service)
{
    const struct db_config db = service_database(service);
    struct arena *arena = arena_create(4096, 1 << 20);
    struct task t = { .app = service, .arena = arena, .db = db_open(&db), .now = machine_clock_now(), .what = "serve" };
    bool good = durability_begin(&t) && clock_begin(&t);
    db_close(t.db);
    arena_destroy(arena);
    return good;
}

/* The files are read again even when their names are the same: that is how certificates are renewed. */
static bool tls_reload(const struct server *server, struct http_server *http, const void *config)
{
    const struct server_settings settings = server->settings_of(config);
    struct http_tls tls = transport_tls(&settings.transport);
    if (!http_server_reload(http, &tls))
        return false;
    transport_observe(http);
    return true;
}

/* SIGHUP: a broken file changes nothing. What threads read while they work is fixed until a restart. */
static void reload(const struct server *server, struct http_server *http, const char *path)
{
    struct arena *arena = arena_create(16384, 1 << 20);
    void *config = arena_alloc(arena, server->config_bytes);
    enum log_level level;
    if (server_configure(server, arena, path, config, &level) && tls_reload(server, http, config)) {
        log_set_level(level);
        log_warn(NULL, "server.reloaded", L_STR("applied", STR("log_level, certificates")),
                 L_STR("others", STR("at the next start")));
    } else {
        log_error(NULL, "server.reload_refused", L_STR("why", STR("the configuration is broken; the old one stays")));
    }
    arena_destroy(arena);
}

static bool serve_until_signal(struct service *service, struct arena *process, const char *path)
{
    struct parts parts = { 0 };
    bool started = parts_start(service, process, &parts);
    if (started) {
        log_info(NULL, "server.started", L_STR("address", service->settings.listen_address),
                 L_I64("port", service->settings.port));
        notify_ready();
        while (wait_for_signal() == SIGHUP)
            reload(service->server, parts.http, path);
        log_info(NULL, "server.stopping");
    }
    parts_stop(service, &parts);
    return started;
}

/* Returns the exit code. */
static int service_make(struct service *bare, const void *config, struct arena *process, struct service **ret)
{
    const struct db_config db = service_database(bare);
    struct task t = { .app = bare, .arena = process, .db = db_open(&db), .now = wall_clock_now(), .what = "serve" };
    err e = app_make(&t, bare->server, config, ret);
    db_close(t.db);
    return e ? cli_failed(e) : CLI_DONE;
}

int server_serve(const struct server *server, const void *config, const char *path)
{
    struct service bare = { .server = server, .settings = server->settings_of(config) };
    if (!schema_is_right(&bare) || !database_is_right(&bare))
        return CLI_FAILED;
    struct arena *process = arena_create(65536, PROCESS_ARENA_MAX);
    struct service *service;
    int code = service_make(&bare, config, process, &service);
    if (code == CLI_DONE) {
        code = serve_until_signal(service, process, path) ? CLI_DONE : CLI_FAILED;
        app_release(service);
    }
    arena_destroy(process);
    return code;
}

/* ---- commands ---- */

struct session {
    struct arena *arena;
    const void *config;
    struct service bare; /* what connections need of an app */
    struct task connected;
    str user, user_name, host; /* whose command it is: of the operating system, and as the environment says */
};

static void session_name(struct session *s)
{
    char host[HOST_MAX_BYTES] = "";
    const char *name = getenv("SUDO_USER");
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    s->user = arena_printf(s->arena, "cli:%.*s", STR_ARG(cli_account(s->arena)));
    s->user_name = arena_printf(s->arena, "%s", name ? name : "");
    s->host = arena_printf(s->arena, "%s", host);
}

/* Nobody waits in a queue behind an operator, whose commands may read the whole book. */
struct session *session_open(const struct server *server, const void *config)
{
    struct arena *arena = arena_create(4096, 1 << 20);
    struct session *s = arena_new(arena, struct session);
    *s = (struct session){ .arena = arena, .config = config };
    s->bare = (struct service){ .server = server, .settings = server->settings_of(config) };
    s->connected.app = &s->bare;
    session_name(s);
    struct db_config db = service_database(&s->bare);
    db.statement_timeout = s->bare.settings.command_timeout;
    connections_open(&s->connected, db_open(&db));
    return s;
}

static const struct named *named_find(const struct server *server, const struct verb *verb)
{
    size_t n = strcspn(verb->arguments, " ");
    for (const struct named *i = server->named; i < server->named + server->n_named; i++)
        if (strlen(i->word) == n && memcmp(i->word, verb->arguments, n) == 0)
            return i;
    return NULL;
}

/* Whether what the first argument names is there; else a message was printed. */
static int named_judge(struct task *t, const struct server *server, const struct verb *verb, const char *name)
{
    const struct named *named = named_find(server, verb);
    bool is_there;
    if (!named || !name || *name == '-')
        return CLI_DONE; /* the command says what is wrong */
    err e = named->find(t, str_of(name), &is_there);
    if (e)
        return cli_failed(e);
    if (is_there)
        return CLI_DONE;
    fprintf(stderr, "%s: no %s %s\n", server->name, named->what, name);
    return CLI_FAILED;
}

static struct task session_task(const struct session *s, const char *word, struct arena *arena)
{
    struct task t = s->connected;
    t.arena = arena;
    t.now = wall_clock_now();
    t.request_id = str_of(word);
    t.what = word;
    task_by(&t, s->user, s->user_name, s->host);
    return t;
}

static int verb_run(struct task *t, const struct session *s, const struct verb *verb, int argc, char **argv)
{
    struct service *service;
    err e = app_make(t, s->bare.server, s->config, &service);
    if (e)
        return cli_failed(e);
    t->app = service;
    int code = named_judge(t, s->bare.server, verb, argc ? argv[0] : NULL);
    if (code == CLI_DONE)
        code = verb->run(t, argc, argv);
    app_release(service);
    return code;
}

int session_run(struct session *s, const struct verb *verb, int argc, char **argv)
{
    struct arena *arena = arena_create(65536, COMMAND_ARENA_MAX);
    struct task t = session_task(s, verb->word, arena);
    int code = verb_run(&t, s, verb, argc, argv);
    arena_destroy(arena);
    return code;
}

int session_provide(struct session *s)
{
    struct arena *arena = arena_create(65536, COMMAND_ARENA_MAX);
    struct task t = session_task(s, "migrate", arena);
    err e = secrets_provide(&t, s->bare.server, s->config);
    int code = e ? cli_failed(e) : CLI_DONE;
    arena_destroy(arena);
    return code;
}

void session_close(struct session *s)
{
    thread_stop(&s->connected);
    arena_destroy(s->arena);
}
