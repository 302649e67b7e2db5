/*
 * One unit of work: a request on a worker, a request run inline, a round of a background job, a command.
 * It carries what the work may use; db, cache and fetch are NULL where it may not block (inline requests).
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/err.h"
#include "shared/base/instant.h"

struct db;
struct cache;
struct fetcher;

struct task {
    struct arena *arena;
    struct db *db;
    struct cache *cache;
    struct fetcher *fetcher;
    void *app;        /* the server's own struct app, immutable after start but for what it locks itself */
    instant now;      /* read once when the task began */
    str request_id;   /* "req_..." or the job's name */
    const char *what; /* route path or job name, for logs and metrics */
    int slot;         /* index of the thread, for per-thread metrics */
};
