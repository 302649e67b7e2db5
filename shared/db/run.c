/* db_run and db_tx: straight-line SQL for workers. See db.h for what fails how. */
#include <stdlib.h>
#include <unistd.h>

#include "shared/base/num.h"
#include "shared/base/panic.h"
#include "shared/db/conn.h"
#include "shared/ops/fiber.h"
#include "shared/ops/metrics.h"

/*
 * A conflict is nobody's fault and passes: it is met by another attempt for as long as a caller may wait, and as what
 * the failed ones left in his arena is little. A machine that stood still has spent his time, but made no attempts.
 */
enum {
    TX_PATIENCE_US = 3000000,
    TX_ATTEMPTS_LEAST = 6,
    TX_LEFT_BYTES = 4 << 20,
    TX_JITTER_US = 5000,
    TX_JITTER_MOST_US = 50000,
    COUNTED_FIRST = 8
};

static int64_t affected_rows(PGresult *r)
{
    int64_t n = 0;
    (void)num_parse(str_of(PQcmdTuples(r)), &n);
    return n;
}

static err check_cardinality(struct task *t, const struct db_statement *s, size_t n)
{
    bool single = s->cardinality == DB_ONE || s->cardinality == DB_MAYBE;
    if (single && n > 1)
        return FAIL(t, INTERNAL, "%s gives %zu rows", s->name, n);
    if (s->cardinality == DB_ONE && n == 0)
        return FAIL(t, NOT_FOUND, "%s gives no row", s->name);
    return OK;
}

static err finish_good(struct task *t, const struct db_statement *s, PGresult *r, struct db_rows *ret)
{
    struct db_rows rows = { NULL, 0, 0 };
    if (s->cardinality != DB_EXEC) {
        TRY(rows_decode(t, s, r, &rows));
        TRY(check_cardinality(t, s, rows.n));
    }
    rows.affected = affected_rows(r);
    *ret = rows;
    return OK;
}

err db_finish(struct task *t, const struct db_statement *s, PGresult *r, const char *trouble, struct db_rows *ret)
{
    if (!r) {
        struct failure *f =
            failure_make(t, &FAULT_UNAVAILABLE, __FILE__, __LINE__, "%s: connection lost: %s", s->name, trouble);
        f->retry_after_s = 1;
        return f;
    }
    err e = conn_result_good(r) ? finish_good(t, s, r, ret) : db_failure(t, s, r);
    PQclear(r);
    return e;
}

static err run_on(struct task *t, struct db *db, const struct db_statement *s, const struct db_wire *wire,
                  struct db_rows *ret)
{
    if (!conn_ready(db))
        return db_unavailable(t, db->trouble);
    db->by = t->actor ? t : NULL;
    PGresult *r = conn_run(db, s, wire);
    if (r && db->tx != DB_TX_NONE && sqlstate_is_conflict(r))
        db->tx_again = true;
    return db_finish(t, s, r, db->trouble, ret);
}

err db_run(struct task *t, const struct db_statement *s, const struct db_value *params, struct db_rows *ret)
{
    struct db *db = t->db;
    if (!db)
        return FAIL(t, NEED_WORKER, "%s needs a database", s->name);
    /* A group of many people's statements has nobody's name. */
    struct db_group *group = s->grouped && db->tx == DB_TX_NONE && !t->actor ? db_group_installed() : NULL;
    if (group)
        return db_group_run(t, group, s, params, ret);
    struct db_wire wire;
    TRY(wire_encode(t, s, params, &wire));
    struct db *taken = db_take(db);
    err e = run_on(t, taken, s, &wire, ret);
    db_give(db, taken);
    return e;
}

err db_hold(struct task *t, err (*fn)(struct task *t, void *context), void *context)
{
    struct db *db = t->db;
    if (!db)
        return FAIL(t, NEED_WORKER, "a connection needs a database");
    t->db = db_take(db);
    err e = fn(t, context);
    db_give(db, t->db);
    t->db = db;
    return e;
}

/* ---- transactions ---- */

enum tx_end { TX_DONE = 1, TX_FAILED, TX_AGAIN };

/* COMMIT of a transaction that had failed answers ROLLBACK without an error. */
static bool committed(PGresult *r)
{
    return r && conn_result_good(r) && strcmp(PQcmdStatus(r), "COMMIT") == 0;
}

static const struct db_statement commit_statement = { .name = "commit", .sql = "commit", .file = "shared/db/run.c" };

static enum tx_end tx_commit(struct task *t, struct db *db, err *ret)
{
    if (db->tx_lost || (db->tx == DB_TX_OPEN && !db->pg)) {
        *ret = db_unavailable(t, "the connection was lost inside the transaction");
        return TX_FAILED;
    }
    if (db->tx == DB_TX_PENDING)
        return TX_DONE; /* nothing was sent */
    PGresult *r = conn_command(db, "commit");
    enum tx_end end = committed(r) ? TX_DONE : TX_FAILED;
    if (!r)
        *ret = db_unavailable(t, "the connection was lost at commit, its outcome is not known");
    else if (!conn_result_good(r))
        *ret = db_failure(t, &commit_statement, r);
    else if (end == TX_FAILED)
        *ret = FAIL(t, INTERNAL, "commit of a transaction in which a statement had failed");
    if (r && !conn_result_good(r) && sqlstate_is_conflict(r))
        end = TX_AGAIN;
    PQclear(r);
    return end;
}

static void counted_add(struct db *db, struct metric *m, size_t value_index)
{
    if (db->counted_n == db->counted_cap) {
        db->counted_cap = db->counted_cap ? 2 * db->counted_cap : COUNTED_FIRST;
        db->counted = realloc(db->counted, db->counted_cap * sizeof *db->counted);
        if (!db->counted)
            panic("out of memory");
    }
    db->counted[db->counted_n++] = (struct db_counted){ m, value_index };
}

void db_count(const struct task *t, struct metric *m, size_t value_index)
{
    if (t->db && t->db->tx != DB_TX_NONE)
        counted_add(t->db, m, value_index);
    else
        metric_add(m, t->slot, value_index, 1);
}

static void counted_show(const struct task *t, const struct db *db)
{
    for (size_t i = 0; i < db->counted_n; i++)
        metric_add(db->counted[i].metric, t->slot, db->counted[i].value_index, 1);
}

static void tx_rollback(struct db *db)
{
    if (db->tx == DB_TX_OPEN && !db->tx_lost && db->pg)
        PQclear(conn_command(db, "rollback"));
}

struct tx {
    err (*fn)(struct task *t, void *context);
    void *context;
    const char *begin;
    enum tx_end end;
};

static enum tx_end tx_attempt(struct task *t, const struct tx *tx, err *ret)
{
    struct db *db = t->db;
    db->tx = DB_TX_PENDING;
    db->tx_begin = tx->begin;
    db->tx_again = false;
    db->tx_lost = false;
    db->counted_n = 0;
    err e = tx->fn(t, tx->context);
    enum tx_end end = TX_FAILED;
    if (db->tx_again || e) {
        tx_rollback(db);
        end = db->tx_again ? TX_AGAIN : TX_FAILED;
        *ret = e ? e : db_unavailable(t, "the transaction met a conflict");
    } else {
        *ret = OK;
        end = tx_commit(t, db, ret);
    }
    if (end == TX_DONE)
        counted_show(t, db);
    db->tx = DB_TX_NONE;
    return end;
}

static err tx_run(struct task *t, void *context)
{
    struct tx *tx = context;
    err e = OK;
    tx->end = tx_attempt(t, tx, &e);
    return e;
}

/* Whoever waits for the next attempt holds no connection meanwhile. */
static void tx_pause(int attempt)
{
    int most = attempt < TX_JITTER_MOST_US / TX_JITTER_US ? TX_JITTER_US * attempt : TX_JITTER_MOST_US;
    wait_until(monotonic_us() + arc4random_uniform((uint32_t)most) + 200);
}

static err tx_settle(struct task *t, struct tx tx)
{
    struct db *db = t->db;
    if (!db)
        return FAIL(t, NEED_WORKER, "a transaction needs a database");
    if (db->tx != DB_TX_NONE)
        panic("db_tx inside db_tx");
    int64_t until_us = monotonic_us() + TX_PATIENCE_US;
    size_t used = arena_used(t->arena);
    for (int attempt = 1;; attempt++) {
        err e = db_hold(t, tx_run, &tx);
        if (tx.end != TX_AGAIN)
            return e;
        bool is_late = attempt >= TX_ATTEMPTS_LEAST && monotonic_us() > until_us;
        if (is_late || arena_used(t->arena) - used > TX_LEFT_BYTES)
            return db_unavailable(t, "the transaction met conflicts in every attempt");
        tx_pause(attempt);
    }
}

err db_tx(struct task *t, err (*fn)(struct task *t, void *context), void *context)
{
    return tx_settle(t, (struct tx){ fn, context, "begin isolation level serializable" });
}

err db_tx_in_turn(struct task *t, err (*fn)(struct task *t, void *context), void *context)
{
    return tx_settle(t, (struct tx){ fn, context, "begin isolation level read committed" });
}

err db_tx_of_one_moment(struct task *t, err (*fn)(struct task *t, void *context), void *context)
{
    return tx_settle(t, (struct tx){ fn, context, "begin isolation level repeatable read, read only" });
}
