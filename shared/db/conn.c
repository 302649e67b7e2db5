/*
 * Connecting, sending and reading (see conn.h). All waiting happens in conn_wait. A connection that failed in any way
 * is closed at once and opened again by the next user, with back-off and jitter while PostgreSQL is away.
 */
#include "shared/db/conn.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/ops/fiber.h"

enum {
    BACK_OFF_FIRST_US = 50 * 1000,
    BACK_OFF_MAX_US = 1000 * 1000,
    ROUND_TRIP_GRACE_US = 3 * 1000 * 1000,
    PING_MAX_US = 1000 * 1000,
    IDLE_MIN_MS = 10 * 1000,
    OPTIONS_MAX = 1024,
    LISTEN_MAX = 128,
    ENDS_LOOK_US = 500 * 1000
};

static char *keep(const char *s)
{
    char *copy = strdup(s);
    if (!copy)
        panic("out of memory");
    return copy;
}

/* The options that the connection string itself carries, to be kept before ours. */
static void own_options(const char *conninfo, char *ret, size_t size)
{
    ret[0] = '\0';
    PQconninfoOption *list = PQconninfoParse(conninfo, NULL);
    for (PQconninfoOption *o = list; o && o->keyword; o++) {
        if (strcmp(o->keyword, "options") == 0 && o->val)
            snprintf(ret, size, "%s ", o->val);
    }
    PQconninfoFree(list);
}

/*
 * What was acknowledged is on disk, whatever role and database are set to (alter role ... set synchronous_commit); only
 * the connection string may say something else, which a server judges when it starts (durability.h).
 */
char *conn_options(const struct db_config *config, const char *more)
{
    char own[OPTIONS_MAX / 2], all[OPTIONS_MAX];
    struct arena *a = arena_create(1024, 65536);
    own_options(arena_cstr(a, config->conninfo), own, sizeof own);
    arena_destroy(a);
    int64_t statement_ms = config->statement_timeout.us / 1000;
    int64_t idle_ms = 2 * statement_ms > IDLE_MIN_MS ? 2 * statement_ms : IDLE_MIN_MS;
    int n = snprintf(all, sizeof all,
                     "-c synchronous_commit=on %s-c search_path=%s,pg_temp -c statement_timeout=%lld "
                     "-c lock_timeout=%lld -c idle_in_transaction_session_timeout=%lld -c TimeZone=UTC -c jit=off "
                     "-c plan_cache_mode=force_generic_plan %s",
                     own, config->search_path, (long long)statement_ms, (long long)(config->lock_timeout.us / 1000),
                     (long long)idle_ms, more);
    if (n < 0 || (size_t)n >= sizeof all)
        panic("connection options are too long");
    return keep(all);
}

struct db *db_open(const struct db_config *config)
{
    return conn_open_with(config, config->settings ? config->settings : "");
}

struct db *conn_open_with(const struct db_config *config, const char *more)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        panic("out of memory");
    struct arena *a = arena_create(1024, 65536);
    db->conninfo = keep(arena_cstr(a, config->conninfo));
    arena_destroy(a);
    db->options = conn_options(config, more);
    db->round_trip_max_us = config->statement_timeout.us + config->lock_timeout.us + ROUND_TRIP_GRACE_US;
    db->ends = config->ends;
    db->prepared_cap = 64;
    db->prepared = calloc(db->prepared_cap, sizeof *db->prepared);
    if (!db->prepared)
        panic("out of memory");
    return db;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    PQfinish(db->pg);
    free(db->prepared);
    free(db->counted);
    free(db->conninfo);
    free(db->options);
    free(db);
}

static void first_line(const char *from, char *to, size_t size)
{
    size_t n = strcspn(from, "\n");
    snprintf(to, size, "%.*s", (int)(n < size ? n : size - 1), from);
}

void conn_drop(struct db *db, const char *why)
{
    if (why && why != db->trouble)
        first_line(why, db->trouble, sizeof db->trouble);
    PQfinish(db->pg);
    db->pg = NULL;
    db->doomed = db->listens = false;
    db->prepared_n = 0;
    memset(db->prepared, 0, db->prepared_cap * sizeof *db->prepared);
}

/* Announcements between statements: a FATAL one says that the server is about to close this connection. */
static void hear_notice(void *arg, const PGresult *r)
{
    struct db *db = arg;
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0))
        db->doomed = true;
}

static int64_t back_off_us(unsigned failures)
{
    int64_t wait = BACK_OFF_FIRST_US;
    for (unsigned i = 1; i < failures && wait < BACK_OFF_MAX_US; i++)
        wait *= 2;
    if (wait > BACK_OFF_MAX_US)
        wait = BACK_OFF_MAX_US;
    return wait / 2 + arc4random_uniform((uint32_t)(wait / 2 + 1));
}

static bool conn_open(struct db *db)
{
    if (db->failures > 0 && monotonic_us() < db->retry_at_us)
        return false;
    struct connecting c = { .conninfo = db->conninfo, .options = db->options, .patience_us = db->connect_max_us };
    db->pg = conn_connect(&c);
    db->host = c.host;
    if (!db->pg) {
        first_line(c.trouble, db->trouble, sizeof db->trouble);
        db->failures++;
        db->retry_at_us = monotonic_us() + back_off_us(db->failures);
        return false;
    }
    db->failures = 0;
    PQsetNoticeReceiver(db->pg, hear_notice, db);
    if (PQsetnonblocking(db->pg, 1) != 0 || PQenterPipelineMode(db->pg) != 1) {
        conn_drop(db, PQerrorMessage(db->pg));
        return false;
    }
    return true;
}

/* Takes in what the server sent while nobody listened. false: it is gone or going. */
static bool conn_alive(struct db *db)
{
    for (int i = 0; i < 4; i++) {
        struct pollfd p = { .fd = PQsocket(db->pg), .events = POLLIN };
        if (p.fd < 0)
            return false;
        if (poll(&p, 1, 0) <= 0)
            break;
        if (!PQconsumeInput(db->pg) || PQstatus(db->pg) != CONNECTION_OK)
            return false;
        (void)PQisBusy(db->pg);
    }
    return !db->doomed;
}

bool conn_ready(struct db *db)
{
    if (db->pg && !conn_alive(db))
        conn_drop(db, "the server closed the idle connection");
    if (db->pg && db->tx != DB_TX_OPEN && !connect_is_chosen(db->host))
        conn_drop(db, "another host of the database has taken over");
    /* Inside a transaction a new connection would be another transaction. */
    if (!db->pg && db->tx == DB_TX_OPEN)
        return false;
    return db->pg || conn_open(db);
}

/* Until when to wait at most before one looks again whether this ends. */
static int64_t look_at(const struct db *db, int64_t deadline_us)
{
    int64_t look_us = monotonic_us() + ENDS_LOOK_US;
    return db->ends && look_us < deadline_us ? look_us : deadline_us;
}

static bool is_over(struct db *db, int64_t deadline_us)
{
    bool ends = db->ends && atomic_load(db->ends);
    if (!ends && monotonic_us() < deadline_us)
        return false;
    first_line(ends ? "it is not waited for any more" : "no answer in time", db->trouble, sizeof db->trouble);
    return true;
}

/* Sends what is buffered and waits until a result can be taken without blocking. */
static bool conn_wait(struct db *db, int64_t deadline_us)
{
    for (;;) {
        int unsent = PQflush(db->pg);
        if (unsent < 0)
            return false;
        if (unsent == 0 && !PQisBusy(db->pg))
            return true;
        struct pollfd p = { .fd = PQsocket(db->pg), .events = (short)(unsent ? POLLIN | POLLOUT : POLLIN) };
        if (wait_fds(&p, 1, look_at(db, deadline_us)) <= 0 && is_over(db, deadline_us))
            return false;
        if ((p.revents & (POLLIN | POLLHUP | POLLERR)) && !PQconsumeInput(db->pg))
            return false;
    }
}

void conn_lost(struct db *db)
{
    const char *why = PQerrorMessage(db->pg);
    conn_drop(db, why && *why ? why : db->trouble);
    db->tx_lost = true;
}

enum conn_read conn_read(struct db *db, int64_t deadline_us, PGresult **ret)
{
    /* Between two commands PQgetResult gives NULL once; more of them mean that nothing is expected any more. */
    for (int nulls = 0; nulls < 4; nulls++) {
        if (!conn_wait(db, deadline_us))
            break;
        PGresult *r = PQgetResult(db->pg);
        if (r) {
            bool sync = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
            if (sync)
                PQclear(r);
            else
                *ret = r;
            return sync ? CONN_SYNC : CONN_RESULT;
        }
        if (PQstatus(db->pg) != CONNECTION_OK)
            break;
    }
    conn_lost(db);
    return CONN_LOST;
}

bool conn_result_good(const PGresult *r)
{
    return PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK;
}

void conn_on_executed(struct db *db, void (*fn)(void *arg), void *arg)
{
    db->executed = fn;
    db->executed_arg = arg;
}

static void executed_tell(struct db *db)
{
    void (*fn)(void *arg) = db->executed;
    db->executed = NULL;
    fn(db->executed_arg);
}

static PGresult *read_to_sync(struct db *db, bool tells)
{
    int64_t deadline_us = monotonic_us() + db->round_trip_max_us;
    PGresult *last = NULL;
    for (;;) {
        PGresult *r = NULL;
        switch (conn_read(db, deadline_us, &r)) {
        case CONN_SYNC:
            return last;
        case CONN_LOST:
            PQclear(last);
            return NULL;
        case CONN_RESULT:
            break;
        }
        /* The first error stands; what follows it was skipped by the server. */
        if (last && !conn_result_good(last)) {
            PQclear(r);
            continue;
        }
        PQclear(last);
        last = r;
        if (tells && conn_result_good(r))
            executed_tell(db);
    }
}

PGresult *conn_read_last(struct db *db)
{
    return read_to_sync(db, false);
}

bool conn_sync(struct db *db)
{
    return PQpipelineSync(db->pg) == 1;
}

bool conn_send_text(struct db *db, const char *sql)
{
    return PQsendQueryParams(db->pg, sql, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

bool conn_send(struct db *db, const char *prepared, const struct db_wire *wire)
{
    return PQsendQueryPrepared(db->pg, prepared, wire->n, wire->values, wire->lengths, wire->formats, 1) == 1;
}

PGresult *conn_command(struct db *db, const char *sql)
{
    if (!conn_send_text(db, sql) || !conn_sync(db)) {
        conn_lost(db);
        return NULL;
    }
    return conn_read_last(db);
}

/*
 * Who does it, for triggers of the audit log: settings that end with the transaction, which without BEGIN is what is
 * sent up to the sync. So no statement of somebody else ever finds them.
 */
static bool conn_send_actor(struct db *db)
{
    if (!db->by || db->tx == DB_TX_OPEN)
        return true;
    const struct task *t = db->by;
    const struct principal *a = t->actor;
    const char *const values[] = { arena_cstr(t->arena, a->id), arena_cstr(t->arena, a->name),
                                   arena_cstr(t->arena, a->origin), arena_cstr(t->arena, t->request_id) };
    return PQsendQueryParams(db->pg,
                             "select set_config('stoa.actor', $1, true), set_config('stoa.actor_name', $2, true),"
                             " set_config('stoa.origin', $3, true), set_config('stoa.request', $4, true)",
                             4, NULL, values, NULL, NULL, 1) == 1;
}

PGresult *conn_run(struct db *db, const struct db_statement *s, const struct db_wire *wire)
{
    PGresult *error = NULL;
    const char *name = conn_prepare(db, s, &error);
    if (!name)
        return error;
    bool sent = db->tx != DB_TX_PENDING || conn_send_text(db, db->tx_begin);
    /* Flushed, its answer comes before the commit is on disk. */
    bool tells = db->executed && db->tx == DB_TX_NONE && !db->by;
    sent = sent && conn_send_actor(db) && conn_send(db, name, wire) && (!tells || PQsendFlushRequest(db->pg) == 1) &&
           conn_sync(db);
    if (!sent) {
        conn_lost(db);
        return NULL;
    }
    if (db->tx == DB_TX_PENDING)
        db->tx = DB_TX_OPEN;
    return read_to_sync(db, tells);
}

int db_listen(struct db *db, const char *channel, bool *heard)
{
    if (db->pool)
        panic("a place in a pool hears nothing");
    if (!conn_ready(db))
        return -1;
    if (!db->listens) {
        char command[LISTEN_MAX];
        snprintf(command, sizeof command, "listen \"%s\"", channel);
        PGresult *r = conn_command(db, command);
        db->listens = r && conn_result_good(r);
        PQclear(r);
        if (!db->listens)
            return -1;
        *heard = true;
    }
    for (PGnotify *n; (n = PQnotifies(db->pg)); PQfreemem(n))
        *heard = true;
    return PQsocket(db->pg);
}

/* Who asks this wants to know now, also while the database hangs. */
bool db_ping(struct db *db)
{
    struct db *taken = db_take(db);
    int64_t usual_us = taken->round_trip_max_us;
    taken->round_trip_max_us = taken->connect_max_us = PING_MAX_US;
    PGresult *r = conn_ready(taken) ? conn_command(taken, "select 1") : NULL;
    bool good = r && conn_result_good(r);
    PQclear(r);
    taken->round_trip_max_us = usual_us;
    taken->connect_max_us = 0;
    db_give(db, taken);
    return good;
}
