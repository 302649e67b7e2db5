/*
 * One unit of work: a request on a worker, a request run inline, a round of a background job, a command.
 * It carries what the work may use; db, cache and fetch are NULL where it may not block (inline requests).
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/err.h"
#include "shared/base/instant.h"

/*
 * Who does it, for the audit log of the database: what this task writes there goes with it (shared/db/conn.c). No
 * secret is in it.
 */
struct principal {
    str id;     /* "operator:SUBJECT" */
    str name;   /* as people know it */
    str origin; /* from where: an address, a host */
};

struct db;
struct cache;
struct fetcher;
struct frame;
struct question;
struct site;
struct trace;
struct turn;

struct task {
    struct arena *arena;
    struct db *db;
    struct cache *cache;
    struct fetcher *fetcher;
    void *app;                     /* the server's own struct app, immutable after start but for what it locks itself */
    instant now;                   /* read once when the task began; by the clock that it works under */
    str clock;                     /* which that is; absent: the wall clock */
    duration ahead;                /* how far that is ahead of the wall clock */
    str request_id;                /* "req_..." or the job's name */
    const struct trace *trace;     /* shared/base/trace.h; NULL: of no request */
    const char *what;              /* route path or job name, for logs and metrics */
    unsigned language;             /* of pages and mails for whoever asks: enum language of web/text.h, 0 is English */
    const struct frame *frame;     /* what is around a page: shared/text/html.h; NULL: nothing */
    const struct site *site;       /* whose host was called (shared/http/server.h, site_find); NULL: the server's own */
    const struct principal *actor; /* NULL: a machine, or nobody whose doing is written down */
    int slot;                      /* index of the thread, for per-thread metrics */
    struct turn *turn;             /* NULL: what has to wait, waits */
};

/* By the wall clock, whatever clock the task works under: for what waits for machines and not for people. */
static inline instant task_wall(const struct task *t)
{
    return (instant){ t->now.us - t->ahead.us };
}

/* The clock's name; "" is the wall clock's. */
static inline str task_clock(const struct task *t)
{
    return t->clock.p ? t->clock : STR("");
}

static inline void task_by(struct task *t, str id, str name, str origin)
{
    struct principal *actor = arena_new(t->arena, struct principal);
    *actor = (struct principal){ id, name, origin };
    t->actor = actor;
}

/* A new piece of work begins in it, at this moment of the wall clock. */
static inline void task_begin(struct task *t, instant wall)
{
    t->now = wall;
    t->clock = STR_NONE;
    t->ahead = (duration){ 0 };
    t->actor = NULL;
}

/*
 * How a task waits that only reads and holds no thread meanwhile: what it asks for is noted here, it fails with
 * IN_TURN, and whoever has the answer runs it again, and then it finds the answer where it asked. The server sets
 * owner, again and call_worker, and where a request begins again that was let in (at_admission); the rest is set by
 * whoever makes the task fail (shared/db/batch.h).
 */
struct turn {
    void *owner;
    void (*again)(struct task *t, void *owner); /* on any thread that may wait; the owner may be gone afterwards */
    bool (*call_worker)(void *owner, void (*run)(struct task *t, void *item), void *item); /* false: none is free */
    void (*wait)(struct task *t, struct turn *turn); /* begins to wait: the owner may be running elsewhere at once */
    struct question *asked;                          /* in this task's arena, in order */
    size_t at;                                       /* how many were asked in this run */
    bool is_admitted;
    size_t at_admission;           /* how many were asked before */
    struct turn_finding *findings; /* in this task's arena */
};

/*
 * Runs it with memory of its own that ends with it: one of many things of a kind, or one that may be large. What is to
 * stay is no memory of it but numbers; a failure is carried over. What waits in it, waits.
 */
MUST_USE err task_aside(struct task *t, size_t max_bytes, err (*run)(struct task *t, void *context), void *context);
/* The same for what comes a few at a time: again until some(t, &n) finds none, or most are done. */
MUST_USE err task_aside_all(struct task *t, size_t max_bytes, size_t most, err (*some)(struct task *t, void *n));

/* What cost a run much to find out, for those after it; key is an address of the finder's own. Without turns: nothing.
 */
void turn_keep(struct task *t, const void *key, void *finding);
void *turn_kept(const struct task *t, const void *key);
