/* See probe.h. */
#include "probe/probe.h"

#include "probe/store/migrations.h"
#include "shared/db/migrate.h"

struct db_config probe_begin(struct arena *arena)
{
    static bool migrated;
    struct db_config config = { .conninfo = test_postgres_url(),
                                .search_path = "probe",
                                .statement_timeout = SECONDS(2),
                                .lock_timeout = SECONDS(1) };
    if (!migrated) {
        CHECK(migrate_up(&config, probe_migrations, probe_migrations_n));
        migrated = true;
    }
    test_postgres_sql(arena, "truncate probe.item, probe.posting, probe.pair; update probe.counter set value = 0");
    return config;
}

struct task probe_task(const struct db_config *config)
{
    return (struct task){
        .arena = arena_create(32768, 16 << 20), .db = db_open(config), .now = wall_clock_now(), .what = "test"
    };
}

void probe_end(struct task *t)
{
    db_close(t->db);
    arena_destroy(t->arena);
}
