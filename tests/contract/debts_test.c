/*
 * What an operation owes has a name for each debt (docs/decisions/0098): books from before that are put right, and none
 * is settled by a person and a line at once.
 */
#include <pthread.h>

#include "paysrv/store/migrations.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/db/migrate.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define BEFORE 85 /* migrations, none of which knows debts */

TEST(what_the_search_passed_over_before_debts_had_names_is_missing)
{
    struct db_config config = test_postgres_schema(arena, "pay");
    CHECK(migrate_up(&config, paysrv_migrations, BEFORE));
    test_postgres_sql(arena, "\\i " STOA_TESTS_DIR "/contract/debts_before.sql");
    CHECK(migrate_up(&config, paysrv_migrations, paysrv_migrations_n));
    CHECK_STR(test_postgres_sql(arena, "select ref, amount, closed_at is null, detail like '%is in no registry' from "
                                       "pay.bank_break where kind = 'missing' order by convert_to(ref, 'UTF8')"),
              STR("chg_c|1000|t|t\n"        /* a line named it that had settled nothing */
                  "dp_given|-15|f|f\n"      /* its fee was given up */
                  "dp_lost|-715|t|f\n"      /* not its fee alone */
                  "dp_won return|700|t|t\n" /* the chargeback is in the registry */
                  "po_a|-1000|t|f\n"        /* is missing as it was */
                  "po_a return|1000|t|t\n"  /* and its return */
                  "po_b|-1000|t|f"));       /* what settled its return had closed it */
    CHECK_STR(test_postgres_sql(arena, "select detail = 'the return of the chargeback of ' || to_char(now() at time "
                                       "zone 'UTC' - interval '20 days', 'YYYY-MM-DD') || substr(detail, 43) from "
                                       "pay.bank_break where ref = 'dp_won return'"),
              STR("t"));
    CHECK_STR(test_postgres_sql(arena, "select line_id, partner_id, expected from pay.settlement_line order by 1"),
              STR("1|p|1000\n2|p|-715\n3||0\n4|p|1000")); /* as their entries say */
    CHECK_STR(test_postgres_sql(arena, "select string_agg(k, ', ' order by k) from pay.v_inv_debts"), STR(""));
}

#define GIVEN_UP_ROWS                                                                                                  \
    "insert into settlement (acquirer_ref, hash, currency, transfer_ref, gross, fee, net, lines, state, imported_by, " \
    "created_at) values ('ST', sha256(''), 'EUR', 'ST', 100, 0, 100, 1, 'open', 'o', now());"                          \
    "insert into settlement_line (settlement_id, kind, acquirer_id, op_key, gross, fee) values (1, 'push_return', "    \
    "'a', 'po_1', 100, 0);"                                                                                            \
    "insert into bank_break (source, kind, ref, partner_id, amount, currency, detail, created_at) values "             \
    "('acquirer', "                                                                                                    \
    "'missing', 'po_1 return', 'p', 100, 'EUR', 'x', now());"

static void *give_up_slowly(void *unused)
{
    (void)unused;
    struct arena *arena = arena_create(4096, 1 << 20);
    test_postgres_sql(arena, "begin; update pay.bank_break set closed_at = now(), closed_by = 'olga', resolution = "
                             "'platform', entry_id = 5 where ref = 'po_1 return'; select pg_sleep(2); commit");
    arena_destroy(arena);
    return NULL;
}

TEST(a_line_waits_for_who_gives_its_debt_up_and_settles_nothing_then)
{
    struct task t;
    struct db_config config;
    pthread_t person;
    int64_t affected;
    const struct settlement_lines_done_item line = { .line_id = 1,
                                                     .outcome = STR("matched"),
                                                     .partner_id = STR("p"),
                                                     .expected = 100,
                                                     .break_kind = STR(""),
                                                     .detail = STR(""),
                                                     .debt = STR("po_1 return") };
    paysrv_rows_begin(arena, &t, &config, GIVEN_UP_ROWS);
    CHECK(pthread_create(&person, NULL, give_up_slowly, NULL) == 0);
    while (str_eq(test_postgres_sql(arena, "select count(*) from (select from pg_stat_activity where pid <> "
                                           "pg_backend_pid() and query like '%po_1 return%' and wait_event = 'PgSleep' "
                                           "union all select from pay.bank_break where closed_by = 'olga') s"),
                  STR("0")))
        continue; /* until he is at it, or it is too late */
    CHECK_OK(settlement_lines_done(&t, &line, 1, &affected));
    pthread_join(person, NULL);
    CHECK_STR(test_postgres_sql(arena, "select coalesce(l.outcome, 'open'), b.closed_by from pay.settlement_line l, "
                                       "pay.bank_break b"),
              STR("open|olga"));
    db_close(t.db);
}
