/* Which statements this connection has prepared: a small hash table by the statement's address, emptied on reconnect.
 */
#include <stdio.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/db/conn.h"

/* FNV-1a: the name follows the text, so that changed SQL can never meet an old plan. */
static uint64_t hash_text(uint64_t h, const char *s)
{
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h;
}

static struct db_prepared *slot_of(struct db_prepared *table, size_t cap, const struct db_statement *s)
{
    size_t i = ((uintptr_t)s >> 4) * 0x9e3779b97f4a7c15u >> 32;
    for (i &= cap - 1; table[i].statement && table[i].statement != s; i = (i + 1) & (cap - 1))
        continue;
    return &table[i];
}

static void grow(struct db *db)
{
    size_t cap = db->prepared_cap * 2;
    struct db_prepared *table = calloc(cap, sizeof *table);
    if (!table)
        panic("out of memory");
    for (size_t i = 0; i < db->prepared_cap; i++) {
        if (db->prepared[i].statement)
            *slot_of(table, cap, db->prepared[i].statement) = db->prepared[i];
    }
    free(db->prepared);
    db->prepared = table;
    db->prepared_cap = cap;
}

static PGresult *prepare(struct db *db, const char *name, const char *sql)
{
    if (PQsendPrepare(db->pg, name, sql, 0, NULL) != 1 || !conn_sync(db)) {
        conn_lost(db);
        return NULL;
    }
    return conn_read_last(db);
}

const char *conn_prepare(struct db *db, const struct db_statement *s, PGresult **error)
{
    struct db_prepared *slot = slot_of(db->prepared, db->prepared_cap, s);
    if (slot->statement)
        return slot->name;
    if (db->prepared_n * 2 >= db->prepared_cap) {
        grow(db);
        slot = slot_of(db->prepared, db->prepared_cap, s);
    }
    char name[sizeof slot->name];
    snprintf(name, sizeof name, "s%016llx",
             (unsigned long long)hash_text(hash_text(14695981039346656037u, s->name), s->sql));
    PGresult *r = prepare(db, name, s->sql);
    if (!r || !conn_result_good(r)) {
        *error = r;
        return NULL;
    }
    PQclear(r);
    slot->statement = s;
    memcpy(slot->name, name, sizeof name);
    db->prepared_n++;
    return slot->name;
}
