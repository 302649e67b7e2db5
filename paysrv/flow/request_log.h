/*
 * The log of requests that a partner can search (docs/decisions/0055). Whoever answers a request leaves an entry in
 * memory, which takes as long as copying it; a job writes what has gathered. What does not fit is counted and dropped:
 * nobody waits for the log, and nothing depends on it.
 */
#pragma once

#include "paysrv/store/request_log.rows.h"
#include "shared/base/task.h"

struct request_log;

struct request_entry {
    str partner, request, client, method, route, path, version, key, object, parent, code, problem, actor;
    int64_t at_us, elapsed_us, status;
};

struct request_log *request_log_create(struct arena *process);
/* From any thread. Absent texts are empty. */
void request_log_add(const struct task *t, struct request_log *log, const struct request_entry *e);
/* The job: writes what has gathered since the last time. */
MUST_USE err request_log_write(struct task *t);
/* The job: ends what is older than 30 days. */
MUST_USE err request_log_sweep(struct task *t);

/* What is looked for; absent: anything. */
struct request_wish {
    str method, path, code, object, key, status, from, to;
};
struct request_place {
    instant at;
    int64_t id;
};
struct request_found {
    const struct request_log_find_row *rows;
    size_t n;
    bool has_more;             /* maybe, */
    struct request_place next; /* from before here */
    bool is_cut;               /* one look went no further, whatever it has found */
};
/* Newest first, from before that place, or from now (NULL); it goes through 10,000 requests. */
MUST_USE err request_log_search(struct task *t, partner_id partner, const struct request_wish *wish,
                                const struct request_place *before, size_t most, struct request_found *ret);
/* A place as a cursor holds it. */
str request_place_text(struct task *t, const struct request_place *place);
bool request_place_parse(str text, struct request_place *ret);
