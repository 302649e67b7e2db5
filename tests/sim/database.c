/* See database.h. */
#include "tests/sim/database.h"

#include "paysrv/domain/payment/payment.h"
#include "paysrv/store/migrations.h"
#include "shared/base/buf.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

const struct db_column question_column = { .name = "n", .type = DB_I64 };
const enum db_type question_param = DB_TEXT;

int64_t question_ask(struct task *t, const struct db_statement *question)
{
    struct db_rows rows;
    CHECK_OK(db_run(t, question, NULL, &rows));
    return *(const int64_t *)rows.rows;
}

int64_t question_about(struct task *t, const struct db_statement *question, str about)
{
    struct db_rows rows;
    const struct db_value params[] = { { .type = DB_TEXT, .as.text = about } };
    CHECK_OK(db_run(t, question, params, &rows));
    return *(const int64_t *)rows.rows;
}

/*
 * The statements lead payments from one status to the next by predicates of their own. Here each step is written down,
 * beside those that the table of the domain has, for the judge to compare.
 */
static void steps_are_watched(struct arena *a)
{
    struct buf sql;
    buf_init(&sql, a, 8192);
    buf_printf(&sql, "create table pay.step (payment_id text, was text, became text);"
                     "create table pay.good_step (was text, became text);"
                     "create function pay.step_watch() returns trigger language plpgsql as "
                     "'begin insert into pay.step values (new.payment_id, old.status, new.status); return null; end';"
                     "create trigger step_watch after update of status on pay.payment for each row "
                     "when (old.status <> new.status) execute function pay.step_watch();");
    for (enum payment_status from = 0; from < PAYMENT_STATUS_COUNT; from++)
        for (enum payment_status to = 0; to < PAYMENT_STATUS_COUNT; to++)
            if (payment_may_become(from, to))
                buf_printf(&sql, "insert into pay.good_step values ('%.*s', '%.*s');",
                           STR_ARG(payment_status_name(from)), STR_ARG(payment_status_name(to)));
    test_postgres_sql(a, arena_cstr(a, buf_str(&sql)));
}

struct db_config database_make(void)
{
    struct arena *a = arena_create(1 << 12, 1 << 20);
    struct db_config config = test_postgres_schema(a, "pay");
    CHECK(migrate_up(&config, paysrv_migrations, paysrv_migrations_n));
    steps_are_watched(a);
    arena_destroy(a);
    return config;
}
