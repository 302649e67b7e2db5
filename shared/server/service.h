/*
 * What the shared part of a server finds in every task: the first member of each server's struct app, filled before
 * the server's own members.
 */
#pragma once

#include <stdatomic.h>

#include "shared/db/pool.h"
#include "shared/net/fetch.h"
#include "shared/net/networks.h"
#include "shared/server/transport_settings.h"

struct server;
struct jobs;
struct worker_pool;
struct open_secret;

/*
 * Fibers for what jobs have to do many times at the same time, mostly to wait for whom they call; each crew for one
 * kind of work, so that none waits for another's. They share a few database connections that no request uses.
 */
enum { CREWS_MAX = 2 };

/* What every server can be configured with. */
struct server_settings {
    str url; /* under which clients reach it */
    str listen_address, database_url, redis_url, log_level;
    struct transport transport;
    int64_t port, admin_port, workers, database_connections, io_threads, queue_limit;
    int64_t costly_workers, costly_queue; /* see RUN_COSTLY; 0: the defaults */
    int64_t crews[CREWS_MAX];             /* how many each has; 0: there is none */
    bool rate_limits;
    duration statement_timeout, command_timeout;
    struct fetch_policy fetch;
};

/* The keys that have the same names in every configuration. */
#define SERVER_SETTINGS(c, ...)                                                                                        \
    {                                                                                                                  \
        .listen_address = (c)->listen_address, .database_url = (c)->database_url, .redis_url = (c)->redis_url,         \
        .log_level = (c)->log_level, .transport = TRANSPORT_SETTINGS(c), .port = (c)->port,                            \
        .admin_port = (c)->admin_port, .workers = (c)->workers, .database_connections = (c)->database_connections,     \
        .io_threads = (c)->io_threads, .queue_limit = (c)->queue_limit, .rate_limits = (c)->rate_limits,               \
        .statement_timeout = (c)->statement_timeout, .command_timeout = (c)->command_timeout, __VA_ARGS__              \
    }

struct service {
    const struct server *server;
    struct server_settings settings;
    struct networks proxies;              /* that may speak for clients */
    const struct open_secret *secrets;    /* server->n_slotted */
    struct jobs *jobs;                    /* NULL in commands */
    str description;                      /* server_description; absent in commands */
    struct db_pool *pool;                 /* of those who work on requests; NULL in commands */
    struct db_pool *crew_pool;            /* of crews */
    struct worker_pool *crews[CREWS_MAX]; /* NULL: none, and in commands */
    atomic_bool is_stopping;              /* nothing new is begun that is long */
};

/* The server's schema with our limits. */
struct db_config service_database(const struct service *s);
