/* sqlgen over arbitrary text: reads queries, newtypes and a migration, writes whatever it accepted. */
#include "shared/gen/sqlgen.h"
#include "tests/fuzz/fuzz.h"

static void write_all(const struct sqlgen *g, struct arena *a)
{
    struct buf out;
    buf_init(&out, a, (size_t)256 << 20);
    sqlgen_write_newtypes(g, &out);
    sqlgen_write_statements_c(g, &out);
    sqlgen_write_migrations_c(g, &out);
    for (const struct sql_file *f = g->files; f; f = f->next) {
        sqlgen_write_rows(g, f, &out);
        sqlgen_write_header(g, f, &out);
        sqlgen_write_source(g, f, &out);
    }
}

/* The text up to the first line of `====` is newtypes, the rest queries. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    struct arena *a = arena_create(65536, (size_t)1 << 30);
    struct sqlgen g = { .arena = a, .app = STR("authsrv") };
    str text = { (const char *)data, size }, newtypes = STR("");
    const char *cut = size ? memmem(data, size, "====\n", 5) : NULL;
    if (cut) {
        newtypes = (str){ text.p, (size_t)(cut - text.p) };
        text = (str){ cut + 5, size - newtypes.n - 5 };
    }
    if (sqlgen_read_newtypes(&g, STR("newtypes"), newtypes) &&
        sqlgen_read_queries(&g, STR("fuzz.sql"), STR("fuzz"), text) &&
        sqlgen_read_migration(&g, STR("m"), STR("0001_m.sql"), STR("select 1;")))
        write_all(&g, a);
    arena_destroy(a);
    return 0;
}
