/*
 * A private PostgreSQL for one test program. Linking this file is enough: a program that was started without one starts
 * itself again under postgres.sh, which stops the server whatever happens.
 */
#pragma once

#include "shared/db/db.h"

/* The server's URL. */
str test_postgres_url(void);
/* A connection setting for a fresh, empty schema of this name (what was in it is dropped). */
struct db_config test_postgres_schema(struct arena *a, const char *schema);
/* Runs one command with psql as the owner; fails the test when it fails. The answer's text, without header. */
str test_postgres_sql(struct arena *a, const char *sql);
/* "restart"; "kill": stops it at once; "revive": starts it again; "keep": a copy of what is in it now; "again": it is
 * that. */
void test_postgres_control(const char *verb);
