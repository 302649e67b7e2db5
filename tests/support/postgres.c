/* See postgres.h. */
#include "tests/support/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/test.h"

#define SCRIPT STOA_TESTS_DIR "/support/postgres.sh"

__attribute__((constructor)) static void start_under_script(int argc, char **argv)
{
    if (getenv("STOA_TEST_DATABASE_URL"))
        return;
    static char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0 || argc > 60)
        exit(1);
    const char *again[64] = { SCRIPT, "with", "", self };
    for (int i = 1; i < argc; i++)
        again[3 + i] = argv[i];
    execv(SCRIPT, (char *const *)(uintptr_t)again);
    perror(SCRIPT);
    exit(1);
}

str test_postgres_url(void)
{
    return str_of(getenv("STOA_TEST_DATABASE_URL"));
}

str test_postgres_sql(struct arena *a, const char *sql)
{
    char answer[4096];
    str command = arena_printf(a, "psql -XqAt -v ON_ERROR_STOP=1 '%.*s' -c \"%s\"", STR_ARG(test_postgres_url()), sql);
    FILE *p = popen(arena_cstr(a, command), "r");
    CHECK(p);
    size_t n = fread(answer, 1, sizeof answer, p);
    CHECK_I64(pclose(p), 0);
    while (n > 0 && answer[n - 1] == '\n')
        n--;
    return arena_str(a, (str){ answer, n });
}

struct db_config test_postgres_schema(struct arena *a, const char *schema)
{
    test_postgres_sql(a, arena_cstr(a, arena_printf(a,
                                                    "set client_min_messages = error; drop schema if exists %s cascade;"
                                                    " create schema %s",
                                                    schema, schema)));
    return (struct db_config){ .conninfo = test_postgres_url(),
                               .search_path = schema,
                               .statement_timeout = SECONDS(60), /* more than a machine stands still */
                               .lock_timeout = SECONDS(60) };
}

void test_postgres_control(const char *verb)
{
    char command[4096];
    snprintf(command, sizeof command, "%s %s '%s'", SCRIPT, verb, getenv("STOA_TEST_POSTGRES_DIR"));
    CHECK_I64(system(command), 0);
}
