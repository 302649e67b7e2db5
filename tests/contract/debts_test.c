/*
 * What an operation owes has a name for each debt (docs/decisions/0098): books from before that are put right.
 */
#include "paysrv/store/migrations.h"
#include "shared/db/migrate.h"
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
