/*
 * PostgreSQL for straight-line code. A struct db is one connection, owned by one thread, opened on first use and
 * reopened after failures. SQL stands in the .sql files of store/ only; sqlgen makes typed functions of it which call
 * db_run.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "shared/base/bytes.h"
#include "shared/base/faults.h"
#include "shared/base/task.h"

struct db;
struct metric;

struct db_config {
    str conninfo;               /* libpq connection string or URL */
    const char *search_path;    /* "auth" or "pay" */
    duration statement_timeout; /* a transaction may stand idle for twice that, at least for IDLE_MIN_MS */
    duration lock_timeout;      /* 2 s */
    const char *settings;       /* more of PostgreSQL's options, "-c name=value ..."; NULL: none */
    const atomic_bool *ends;    /* once it is set no statement is waited for any more; NULL: each is, for its time */
};

/*
 * How the connections of a server plan: once for all parameters (conn.c), and no plan walks a whole table. One that is
 * made while a table is small is kept until statistics are, and what looks for what is due walked 250,000 rows a second
 * meanwhile. Bitmaps are such walks in disguise: of ten pages, sorting all that is newer than a cursor seems cheaper
 * than reading in the order of the index until there is enough; and they go on looking at what is dead, which others
 * forget once they have seen it. Held to by tests/contract/plans_test.c.
 */
#define DB_PLANS "-c enable_seqscan=off -c enable_bitmapscan=off"

struct db *db_open(const struct db_config *config); /* does not connect yet */
void db_close(struct db *db);
/* True when a round trip works; reconnects if need be. For readiness. */
bool db_ping(struct db *db);

/*
 * Hears what others say with pg_notify on this channel (which lives as long as db). Gives the descriptor to wait on, -1
 * without a connection. *heard: something was said since the last call, or may have been while there was none.
 */
int db_listen(struct db *db, const char *channel, bool *heard);

/* ---- what the generated functions use ---- */

enum db_type {
    DB_I64 = 1,
    DB_I32,
    DB_BOOL,
    DB_TEXT,
    DB_BYTES,
    DB_DIGEST,
    DB_INSTANT,
    DB_JSON,
    DB_TEXTS,
    DB_I64S,
    DB_DIGESTS
};

struct db_column {
    const char *name;
    enum db_type type;
    size_t offset; /* in the row struct */
    bool nullable; /* text, bytes: absent slice; others: offset_given says */
    size_t offset_given;
};

struct db_value {
    enum db_type type;
    bool is_null;
    union {
        int64_t i64;
        bool yes;
        str text;
        bytes bin;
        digest dig;
        instant time;
        struct {
            const void *items; /* str, int64_t or digest */
            size_t n;
        } array;
    } as;
};

enum db_cardinality { DB_ONE = 1, DB_MAYBE, DB_MANY, DB_EXEC };

struct db_unique {
    const char *constraint;
    const struct fault *fault;
    const char *param; /* the input that it is about; "": none */
};

struct db_statement {
    const char *name; /* the query's name, for logs, metrics and the contract test */
    const char *sql;  /* with $1, $2 */
    const char *file;
    enum db_cardinality cardinality;
    bool grouped; /* runs in the group committer, see group.h */
    size_t n_params;
    const enum db_type *param_types;
    const char *param_names; /* as the query has them, with a space between */
    size_t n_columns;
    const struct db_column *columns;
    size_t row_size;
    const struct db_unique *uniques;
    size_t n_uniques;
};

struct db_rows {
    void *rows; /* array of row structs in the task's arena */
    size_t n;
    int64_t affected;
};

/*
 * Runs one statement. t->db == NULL fails with NEED_WORKER. No connection, shutdown, timeouts and serialization
 * failures outside a transaction: UNAVAILABLE with Retry-After. A DB_ONE statement without a row: NOT_FOUND.
 */
MUST_USE err db_run(struct task *t, const struct db_statement *s, const struct db_value *params, struct db_rows *ret);

/*
 * All that fn runs on one connection, whatever else shares them: for what a connection itself holds beyond a statement,
 * as an advisory lock of its session. It must be let go before fn ends.
 */
MUST_USE err db_hold(struct task *t, err (*fn)(struct task *t, void *context), void *context);

/* ---- transactions ---- */

/*
 * Runs fn in one serializable transaction; 40001 and 40P01 are retried for 3 s, with jitter, then UNAVAILABLE.
 * fn does SQL only: no mail, no HTTP; effects go to the outbox. A failure returned by fn rolls back.
 */
MUST_USE err db_tx(struct task *t, err (*fn)(struct task *t, void *context), void *context);
/*
 * The same in a READ COMMITTED transaction, for what ends something that statements outside of transactions begin. fn
 * first takes the lock under which they begin it; its later statements, and triggers, see all that was begun before.
 * In a serializable one they would see what was there before it waited for the lock (decision 0103).
 */
MUST_USE err db_tx_in_turn(struct task *t, err (*fn)(struct task *t, void *context), void *context);
/*
 * The same for what only reads: all its statements, however many and long, see what was there at the first one, and
 * nobody else meets a conflict with them.
 */
MUST_USE err db_tx_of_one_moment(struct task *t, err (*fn)(struct task *t, void *context), void *context);
/*
 * What a transaction did is counted when it is committed: once, however often it was repeated, and not at all when it
 * failed. Outside of one it is counted at once.
 */
void db_count(const struct task *t, struct metric *m, size_t value_index);
