/*
 * Inside shared/db: one connection, always in pipeline mode and non-blocking, so that a round trip has a deadline of
 * ours besides the server's statement_timeout. A round trip is: send commands, one sync, read up to the sync.
 */
#pragma once

#include <libpq-fe.h>

#include "shared/db/db.h"

enum db_tx_state { DB_TX_NONE, DB_TX_PENDING, DB_TX_OPEN };

struct db_prepared {
    const struct db_statement *statement;
    char name[20];
};

struct db_counted {
    struct metric *metric;
    size_t value_index;
};

struct db {
    struct db_pool *pool; /* it is a place in this, and has nothing else of its own */
    char *conninfo;
    char *options;
    PGconn *pg;
    unsigned host; /* of those that conninfo names, which one it is connected to */
    int64_t round_trip_max_us;
    int64_t connect_max_us;  /* 0: as usual */
    const atomic_bool *ends; /* as in struct db_config */
    int64_t retry_at_us;     /* no new attempt to connect before this monotonic time */
    unsigned failures;       /* attempts to connect that failed in a row */
    bool doomed;             /* the server announced the end of this connection */
    bool listens;            /* this connection hears what is said */
    enum db_tx_state tx;
    const struct task *by;      /* whose statement is run, if somebody is to be named in the audit log */
    const char *tx_begin;       /* what begins that transaction */
    bool tx_again;              /* a statement of this transaction met a serialization failure or deadlock */
    bool tx_lost;               /* the connection was lost inside this transaction */
    struct db_counted *counted; /* in this transaction, see db_count */
    size_t counted_n, counted_cap;
    void (*executed)(void *arg); /* see conn_on_executed */
    void *executed_arg;
    struct db_prepared *prepared;
    size_t prepared_n, prepared_cap; /* open addressing, cap a power of two */
    char trouble[256];               /* why there is no connection, for the log */
};

/* Parameters as libpq wants them; values point into the task's arena or the caller's data. */
struct db_wire {
    int n;
    const char **values;
    int *lengths;
    int *formats;
};

/* ---- pool.c ---- */
/* The connection that db is, or one of its pool's until it is given back. */
struct db *db_take(struct db *db);
void db_give(struct db *db, struct db *taken);

/* ---- connect.c ---- */
struct connecting {
    const char *conninfo, *options;
    int64_t patience_us; /* with each host; 0: as usual */
    unsigned host;       /* of those that conninfo names, to which it is */
    char trouble[256];   /* why there is no connection */
};
/* NULL: could not. No pipeline mode, blocking. */
PGconn *conn_connect(struct connecting *c);
/* The host that the newest connection is to. */
bool connect_is_chosen(unsigned host);

/* ---- conn.c ---- */
/* The `options` setting for config and more of them; statement_timeout 0 means none. malloc'ed. */
char *conn_options(const struct db_config *config, const char *more);
/* db_open with more settings, written as `-c name=value`. */
struct db *conn_open_with(const struct db_config *config, const char *more);
void conn_drop(struct db *db, const char *why);
/* As conn_drop, in the middle of a round trip: a transaction that was open cannot be committed any more. */
void conn_lost(struct db *db);
/* A usable connection: notices a dead one before anything is sent, reconnects within the back-off. */
bool conn_ready(struct db *db);

/* The name under which s is prepared, preparing it in a round trip of its own. NULL: *error or a lost connection. */
const char *conn_prepare(struct db *db, const struct db_statement *s, PGresult **error);
bool conn_send(struct db *db, const char *prepared, const struct db_wire *wire);
bool conn_send_text(struct db *db, const char *sql);
bool conn_sync(struct db *db);

enum conn_read { CONN_RESULT = 1, CONN_SYNC, CONN_LOST };
/* The next result. Waits at most until the deadline, then drops the connection. */
enum conn_read conn_read(struct db *db, int64_t deadline_us, PGresult **ret);
/*
 * Reads up to the sync and gives the last result, or the first error if there was one (an error at the implicit commit
 * included). NULL: the connection was lost, the outcome is not known.
 */
PGresult *conn_read_last(struct db *db);
/* One statement in one round trip; in a pending transaction BEGIN goes along. NULL as conn_read_last. */
PGresult *conn_run(struct db *db, const struct db_statement *s, const struct db_wire *wire);
/*
 * Calls fn once, when the next statement that stands alone was executed well and what is left is its commit. NULL:
 * nobody is called any more.
 */
void conn_on_executed(struct db *db, void (*fn)(void *arg), void *arg);
/* One command without parameters. */
PGresult *conn_command(struct db *db, const char *sql);
bool conn_result_good(const PGresult *r);

/* ---- codec.c ---- */
MUST_USE err wire_encode(struct task *t, const struct db_statement *s, const struct db_value *params,
                         struct db_wire *ret);
MUST_USE err rows_decode(struct task *t, const struct db_statement *s, const PGresult *r, struct db_rows *ret);
unsigned db_type_oid(enum db_type type);

/* ---- sqlstate.c ---- */
/* The failure for an error result. */
err db_failure(struct task *t, const struct db_statement *s, const PGresult *r);
/* UNAVAILABLE with Retry-After. */
err db_unavailable(struct task *t, const char *why);
/* Serialization failure or deadlock: the transaction may be run again. */
bool sqlstate_is_conflict(const PGresult *r);

/* ---- group.c ---- */
struct db_group *db_group_installed(void);
MUST_USE err db_group_run(struct task *t, struct db_group *g, const struct db_statement *s,
                          const struct db_value *params, struct db_rows *ret);
/* What a finished statement means for its caller; clears r. r NULL: connection lost. */
MUST_USE err db_finish(struct task *t, const struct db_statement *s, PGresult *r, const char *trouble,
                       struct db_rows *ret);
