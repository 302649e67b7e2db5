/*
 * Times of payout schedules that are due: of each partner in turn, for one server at a time, and those that fail keep
 * no other waiting. Rows are written without foreign keys and triggers.
 */
#include "paysrv/store/payout_schedule.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* The last is the youngest. */
#define SCHEDULE_ROWS                                                                                                  \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) select p, 'P', 0, 0, now() from "     \
    "unnest('{p,q}'::text[]) as p;"                                                                                    \
    "insert into payout_schedule (schedule_id, partner_id, user_id, requisite_id, currency, unit, day, minute, zone, " \
    "settles, minimum, label, status, hash, created_at, expires_at, next_at) select 'pos_' || n, 'p', 'usr_' || n, "   \
    "'req', 'EUR', 'day', 0, 0, 'UTC', false, 1, 'K7', 'active', sha256(''), now(), now(), now() - interval '1 hour' " \
    "+ n * interval '1 second' from generate_series(1, 101) as n;"

#define LEASE_S 30

static size_t schedules_taken(struct task *t, bool fails, str *last)
{
    const struct payout_schedules_due_row *rows;
    size_t n;
    int64_t affected;
    CHECK_OK(payout_schedules_due(t, instant_add(t->now, SECONDS(LEASE_S)), &rows, &n));
    for (size_t i = 0; i < n && fails; i++)
        CHECK_OK(payout_schedule_failed(t, rows[i].schedule_id, rows[i].due_at, &affected));
    *last = n ? rows[n - 1].schedule_id : STR_NONE;
    return n;
}

TEST(a_hundred_schedules_that_always_fail_keep_no_other_waiting)
{
    struct db_config config;
    struct task t;
    const struct payout_schedules_due_row *rows;
    const struct payout_schedule_run_row *run;
    str last;
    size_t n;
    paysrv_rows_begin(arena, &t, &config, SCHEDULE_ROWS);
    CHECK_I64(schedules_taken(&t, true, &last), 100);
    CHECK_I64(schedules_taken(&t, false, &last), 1);
    CHECK_STR(last, STR("pos_101"));
    t.now = instant_add(t.now, SECONDS(25)); /* longer than the first pause, and not than the lease */
    CHECK_I64(schedules_taken(&t, true, &last), 100);
    CHECK_I64(schedules_taken(&t, true, &last), 0);
    t.now = instant_add(t.now, SECONDS(10)); /* who took the last one has done nothing */
    CHECK_OK(payout_schedules_due(&t, t.now, &rows, &n));
    CHECK_I64(n, 1);
    CHECK_STR(rows[0].schedule_id, STR("pos_101"));
    CHECK_OK(payout_schedule_run(&t, instant_add(t.now, HOURS(24)), rows[0].schedule_id, rows[0].due_at, STR("minimum"),
                                 STR_NONE, 0, &run));
    CHECK(run);
    CHECK_STR(test_postgres_sql(arena, "select tries, retry_at is null from pay.payout_schedule where schedule_id = "
                                       "'pos_101'"),
              STR("0|t"));
    db_close(t.db);
}

TEST(schedules_of_one_partner_keep_none_of_another_waiting_and_two_servers_share_them)
{
    struct db_config config;
    struct task t;
    const struct payout_schedules_due_row *rows;
    str last;
    size_t n;
    paysrv_rows_begin(arena, &t, &config,
                      SCHEDULE_ROWS
                      "update payout_schedule set partner_id = 'q', next_at = now() - interval '1 second' where "
                      "schedule_id = 'pos_7';"
                      "insert into payout_schedule select (x.s).* from (select jsonb_populate_record(s, "
                      "jsonb_build_object('schedule_id', 'pos_m' || n, 'user_id', 'usr_m' || n)) as s from "
                      "payout_schedule s cross join generate_series(1, 60) n where s.schedule_id = 'pos_1') x;");
    CHECK_OK(payout_schedules_due(&t, instant_add(t.now, SECONDS(LEASE_S)), &rows, &n));
    CHECK_I64(n, 100);
    CHECK_STR(rows[1].schedule_id, STR("pos_7")); /* in its turn */
    CHECK_I64(schedules_taken(&t, false, &last), 61);
    CHECK_I64(schedules_taken(&t, false, &last), 0);
    t.now = instant_add(t.now, SECONDS(LEASE_S + 1));
    CHECK_I64(schedules_taken(&t, false, &last), 100);
    db_close(t.db);
}
