/* When somebody is called because the ledger is not sealed any more (docs/decisions/0070; docs/deploy/alerts.yml). */
#include <string.h>

#include "paysrv/flow/ledger/ledger_seal.h"
#include "paysrv/flow/pay_metrics.h"
#include "shared/ops/fiber.h"
#include "shared/ops/metrics.h"
#include "tests/contract/beside.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define NAME "\nstoa_ledger_unsealed_seconds "
#define IN_SCHEMA "set session_replication_role = replica; set search_path to pay; "
#define ENTRY(id)                                                                                                      \
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value values (" id              \
    ", 'p', 'charge', 'pay_" id "', now());"
#define SEAL(id, last)                                                                                                 \
    "insert into ledger_seal (seal_id, first_entry, last_entry, entries, postings, prev, hash, sealed_at) values (" id \
    ", " last ", " last ", 1, 0, sha256(''), sha256(''), now() - interval '6 hours');"

static int64_t unsealed_seconds(struct arena *arena, struct task *t)
{
    struct buf out;
    int64_t ret = -1;
    CHECK_OK(ledger_scrub(t));
    buf_init(&out, arena, 1 << 20);
    metrics_write(&out);
    const char *at = strstr(arena_cstr(arena, buf_str(&out)), NAME);
    CHECK(at && sscanf(at + strlen(NAME), "%" SCNd64, &ret) == 1);
    return ret;
}

static void a_second_passes(void)
{
    wait_until(monotonic_us() + MILLISECONDS(1100).us);
}

TEST(the_first_entry_after_a_quiet_night_calls_nobody_and_one_that_stays_unsealed_does)
{
    struct task t;
    beside_begin(arena, &t, "select 1");
    pay_metrics_register();
    CHECK_I64(unsealed_seconds(arena, &t), 0);
    test_postgres_sql(arena, IN_SCHEMA SEAL("1", "7") ENTRY("8"));
    CHECK_I64(unsealed_seconds(arena, &t), 0);
    a_second_passes();
    int64_t seconds = unsealed_seconds(arena, &t);
    CHECK(seconds >= 1 && seconds < 3600);
    test_postgres_sql(arena, IN_SCHEMA SEAL("2", "8") ENTRY("9"));
    CHECK_I64(unsealed_seconds(arena, &t), 0);
    test_postgres_sql(arena, IN_SCHEMA SEAL("3", "9"));
    a_second_passes();
    CHECK_I64(unsealed_seconds(arena, &t), 0);
    db_close(t.db);
}

TEST(where_no_seal_was_ever_made_somebody_is_called)
{
    struct task t;
    beside_begin(arena, &t, "select 1");
    pay_metrics_register();
    CHECK_I64(unsealed_seconds(arena, &t), 0);
    test_postgres_sql(arena, IN_SCHEMA ENTRY("1"));
    CHECK_I64(unsealed_seconds(arena, &t), 0);
    a_second_passes();
    CHECK(unsealed_seconds(arena, &t) >= 1);
    db_close(t.db);
}
