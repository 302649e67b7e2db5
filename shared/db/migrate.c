/*
 * Migrations: one advisory lock for the whole run, one transaction for each, and a table that remembers the SHA-256 of
 * what was applied. A migration that was changed after it was applied stops everything: history is not rewritten.
 * One that begins with "-- concurrently" is in no transaction: it builds indexes of tables that others write to.
 */
#include "shared/db/migrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "shared/base/num.h"
#include "shared/db/conn.h"
#include "shared/ops/log.h"

/* Any number that nobody else on this database locks. */
#define ADVISORY_LOCK "7310391"
/* Of a migration that finds a table locked: each a second at most, and between two of them those who came later have
 * their turn. */
#define TRIES_MOST 60
#define PAUSE_S 2
#define LOCK_PAUSE_US 100000

static void report(const char *event, int version, const char *name, const char *why)
{
    log_error(NULL, event, L_I64("version", version), L_STR("name", str_of(name)), L_STR("why", str_of(why)));
}

static PGconn *open_plain(const struct db_config *config)
{
    struct db_config patient = *config;
    patient.statement_timeout = SECONDS(0);
    patient.lock_timeout = SECONDS(60);
    char *options = conn_options(&patient, "");
    struct arena *a = arena_create(1024, 65536);
    struct connecting c = { .conninfo = arena_cstr(a, config->conninfo), .options = options };
    PGconn *pg = conn_connect(&c);
    arena_destroy(a);
    free(options);
    if (!pg)
        report("migration.failed", 0, "connect", c.trouble);
    return pg;
}

/* false: failed, the reason was logged under this migration's name. */
static bool run(PGconn *pg, const char *sql, int version, const char *name)
{
    PGresult *r = PQexec(pg, sql);
    bool good = conn_result_good(r);
    if (!good)
        report("migration.failed", version, name, PQerrorMessage(pg));
    PQclear(r);
    return good;
}

/* One value as text; NULL: no row or an error. To be freed. */
static char *query_text(PGconn *pg, const char *sql, int n, const char *const *values)
{
    PGresult *r = PQexecParams(pg, sql, n, NULL, values, NULL, NULL, 0);
    bool given = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 && !PQgetisnull(r, 0, 0);
    char *text = given ? strdup(PQgetvalue(r, 0, 0)) : NULL;
    PQclear(r);
    return text;
}

static bool make_schema(PGconn *pg, const char *schema)
{
    char *known = query_text(pg, "select nspname from pg_namespace where nspname = $1", 1, &schema);
    bool exists = known != NULL;
    free(known);
    char *quoted = exists ? NULL : PQescapeIdentifier(pg, schema, strlen(schema));
    char sql[256];
    snprintf(sql, sizeof sql, "create schema %s", quoted ? quoted : "?");
    PQfreemem(quoted);
    return exists || run(pg, sql, 0, "schema");
}

static bool make_table(PGconn *pg)
{
    return run(pg, "set client_min_messages = warning", 0, "schema_migrations") &&
           run(pg,
               "create table if not exists schema_migrations (version int4 primary key, name text not null,"
               " sha256 text not null, applied_at timestamptz not null default clock_timestamp(),"
               " duration_ms int8 not null)",
               0, "schema_migrations");
}

static char *recorded_hash(PGconn *pg, int version)
{
    char number[16];
    snprintf(number, sizeof number, "%d", version);
    const char *values[] = { number };
    return query_text(pg, "select sha256 from schema_migrations where version = $1::int4", 1, values);
}

static char *hash_of(PGconn *pg, const struct migration *m)
{
    const char *values[] = { m->sql };
    return query_text(pg, "select encode(sha256(convert_to($1::text, 'UTF8')), 'hex')", 1, values);
}

static bool record(PGconn *pg, const struct migration *m, const char *hash, int64_t elapsed_us)
{
    char number[16], elapsed[32];
    snprintf(number, sizeof number, "%d", m->version);
    snprintf(elapsed, sizeof elapsed, "%" PRId64, elapsed_us / 1000);
    const char *values[] = { number, m->name, hash, elapsed };
    char *version = query_text(pg,
                               "insert into schema_migrations (version, name, sha256, duration_ms)"
                               " values ($1::int4, $2, $3, $4::int8) returning version",
                               4, values);
    bool good = version != NULL;
    free(version);
    if (!good)
        report("migration.failed", m->version, m->name, PQerrorMessage(pg));
    return good;
}

enum applied { APPLIED, LOCKED, BROKEN };

/* One try. Whoever waits for a lock has all who come later wait behind it, so this one waits less long than they do. */
static enum applied apply_once(PGconn *pg, const struct migration *m, const char *hash)
{
    int64_t began_us = monotonic_us();
    if (!run(pg, "begin; set local lock_timeout = '1s'", m->version, m->name))
        return BROKEN;
    PGresult *r = PQexec(pg, m->sql);
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    bool is_locked = state && strcmp(state, "55P03") == 0, good = conn_result_good(r);
    if (!good && !is_locked)
        report("migration.failed", m->version, m->name, PQerrorMessage(pg));
    PQclear(r);
    good = good && record(pg, m, hash, monotonic_us() - began_us) && run(pg, "commit", m->version, m->name);
    if (good)
        return APPLIED;
    PQclear(PQexec(pg, "rollback"));
    return is_locked ? LOCKED : BROKEN;
}

/* What is written in the first line of a migration that builds indexes beside those who write. */
#define CONCURRENTLY STR("-- concurrently\n")

static bool is_concurrent(const struct migration *m)
{
    return str_starts(str_of(m->sql), CONCURRENTLY);
}

/* Each statement by itself: together they would be one transaction. Nobody waits behind an index that waits for older
 * transactions, so it may wait for as long as it takes. */
static bool run_each(PGconn *pg, const struct migration *m)
{
    bool good = run(pg, "set lock_timeout = 0", m->version, m->name);
    char *text = strdup(m->sql), *rest = text, *statement;
    while (good && (statement = strsep(&rest, ";")))
        good = statement[strspn(statement, " \n")] == '\0' || run(pg, statement, m->version, m->name);
    free(text);
    return good;
}

/* Begins anew when it was interrupted: it drops what the try before has left, and is recorded at its end. */
static bool apply_concurrently(PGconn *pg, const struct migration *m, const char *hash)
{
    int64_t began_us = monotonic_us();
    bool good = run_each(pg, m) && record(pg, m, hash, monotonic_us() - began_us);
    if (good)
        printf("applied %04d_%s\n", m->version, m->name);
    return good;
}

static bool apply(PGconn *pg, const struct migration *m, const char *hash)
{
    if (is_concurrent(m))
        return apply_concurrently(pg, m, hash);
    for (int tries = 0; tries < TRIES_MOST; tries++) {
        switch (apply_once(pg, m, hash)) {
        case APPLIED:
            printf("applied %04d_%s\n", m->version, m->name);
            return true;
        case BROKEN:
            return false;
        case LOCKED:
            sleep(PAUSE_S);
        }
    }
    report("migration.failed", m->version, m->name,
           "another session holds a lock on one of its tables: pg_stat_activity and pg_locks say which; try again");
    return false;
}

static bool apply_if_missing(PGconn *pg, const struct migration *m)
{
    char *hash = hash_of(pg, m), *recorded = recorded_hash(pg, m->version);
    bool good = false;
    if (!hash)
        report("migration.failed", m->version, m->name, PQerrorMessage(pg));
    else if (!recorded)
        good = apply(pg, m, hash);
    else if (strcmp(hash, recorded) == 0)
        good = true;
    else
        report("migration.changed", m->version, m->name, "this migration was changed after it was applied");
    free(hash);
    free(recorded);
    return good;
}

/* By asking again and again: whoever waits in a statement is a reader that an index waits for which is built beside
 * writers, as the one that has the lock may do. */
static bool lock_take(PGconn *pg)
{
    for (;;) {
        char *text = query_text(pg, "select pg_try_advisory_lock(" ADVISORY_LOCK ")::text", 0, NULL);
        bool is_ours = text && strcmp(text, "true") == 0, failed = !text;
        free(text);
        if (failed)
            report("migration.failed", 0, "lock", PQerrorMessage(pg));
        if (is_ours || failed)
            return is_ours;
        usleep(LOCK_PAUSE_US);
    }
}

static int newest(PGconn *pg)
{
    int64_t version = 0;
    char *text = query_text(pg, "select max(version) from schema_migrations", 0, NULL);
    if (text)
        (void)num_parse(str_of(text), &version);
    free(text);
    return (int)version;
}

static bool not_ahead(PGconn *pg, size_t n)
{
    int found = newest(pg);
    if (found <= (int)n)
        return true;
    report("migration.unknown", found, "?", "the database was migrated by a newer program");
    return false;
}

/*
 * The first statistics of a table are to be those of a big one: a plan that is made for the twenty rows of the first
 * day is kept until the next ones, and walks whatever the table has become (decision 0078). Below that PostgreSQL
 * counts the pages that there are, and takes the index.
 */
static bool settle_statistics(PGconn *pg)
{
    return run(pg,
               "do $$ declare r record; begin"
               " for r in select c.oid::regclass as name from pg_class c"
               "  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace"
               "    and not exists (select from unnest(c.reloptions) o where o like 'autovacuum%')"
               " loop execute format('alter table %s set (autovacuum_analyze_threshold = 10000,"
               " autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_insert_threshold = 10000)', r.name);"
               " end loop; end $$",
               0, "statistics");
}

bool migrate_up(const struct db_config *config, const struct migration *list, size_t n)
{
    PGconn *pg = open_plain(config);
    if (!pg)
        return false;
    bool good = lock_take(pg) && make_schema(pg, config->search_path) && make_table(pg) && not_ahead(pg, n);
    for (size_t i = 0; i < n && good; i++)
        good = apply_if_missing(pg, &list[i]);
    good = good && settle_statistics(pg);
    PQfinish(pg); /* and with it the advisory lock */
    return good;
}

bool migrate_is_applied(const struct db_config *config, const struct migration *list, size_t n, int *found, int *wanted)
{
    *found = -1;
    *wanted = (int)n;
    PGconn *pg = open_plain(config);
    if (!pg)
        return false;
    *found = newest(pg);
    bool applied = *found >= *wanted;
    for (size_t i = 0; i < n && applied; i++) {
        char *hash = hash_of(pg, &list[i]), *recorded = recorded_hash(pg, list[i].version);
        applied = hash && recorded && strcmp(hash, recorded) == 0;
        free(hash);
        free(recorded);
    }
    PQfinish(pg);
    return applied;
}
