/* Forward-only migrations embedded in the binary: each applied in a transaction of its own, with its hash recorded. */
#pragma once

#include "shared/db/db.h"

struct migration {
    int version;
    const char *name;
    const char *sql;
};

/* Made by sqlgen from store/migrations/NNNN_name.sql: <app>_migrations, <app>_migrations_n. */

/* Applies what is missing under an advisory lock. Prints one line each. false: failed, the reason was logged. */
bool migrate_up(const struct db_config *config, const struct migration *list, size_t n);
/*
 * True when all of the list is applied, with the same hashes. A newer program may have applied more (*found is above
 * *wanted then): a node that it has not replaced yet has to come back when it dies. *found is -1 without a database.
 */
bool migrate_is_applied(const struct db_config *config, const struct migration *list, size_t n, int *found,
                        int *wanted);
/* PREPAREs every statement against the schema and compares types; prints each difference. Used at start and by the
 * contract test. */
bool statements_match_schema(const struct db_config *config, const struct db_statement *const *list, size_t n);
