/*
 * What a person has closed is told again when it happens again, and not by a job that only looks again
 * (docs/decisions/0095-anomalies.md).
 */
#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/env.h"
#include "paysrv/store/anomaly.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static struct db_config config;
static struct app app = { .env = &pay_env_live };

static void begin(struct arena *arena, struct task *t, const char *rows)
{
    paysrv_rows_begin(arena, t, &config, rows);
    t->app = &app;
}

static str open_ones(struct arena *arena)
{
    return test_postgres_sql(arena, "select string_agg(anomaly_id || ' ' || kind || ' ' || detail, ', ' order by 1) "
                                    "from pay.anomaly where closed_at is null");
}

static void tell(struct task *t, enum anomaly kind, const char *detail)
{
    CHECK_OK(anomaly_tell(t, kind, STR("a"), STR("x_1"), str_of(detail)));
}

TEST(an_open_anomaly_is_one_and_says_the_newest_words)
{
    struct task t;
    begin(arena, &t, "");
    tell(&t, ANOMALY_DISPUTE_FEE_GREW, "15");
    tell(&t, ANOMALY_DISPUTE_FEE_GREW, "15");
    tell(&t, ANOMALY_DISPUTE_NOT_TOLD, "503");
    tell(&t, ANOMALY_DISPUTE_FEE_GREW, "20");
    CHECK_STR(test_postgres_sql(arena, "select kind, detail from pay.anomaly order by anomaly_id"),
              STR("dispute_fee_grew|20\ndispute_not_told|503"));
    db_close(t.db);
}

TEST(what_was_closed_is_told_again_when_it_happens_again)
{
    struct task t;
    begin(arena, &t, "");
    tell(&t, ANOMALY_DISPUTE_NOT_TAKEN, "not taken");
    CHECK_OK(anomaly_end(&t, 1, STR("olga"), STR("sent by hand")));
    CHECK_STR(open_ones(arena), STR(""));
    tell(&t, ANOMALY_DISPUTE_NOT_TAKEN, "not taken");
    CHECK_STR(test_postgres_sql(arena, "select count(*), count(closed_at), min(note) from pay.anomaly"),
              STR("2|1|sent by hand"));
    db_close(t.db);
}

TEST(what_only_stands_as_it_did_rests_after_it_was_closed)
{
    struct task t;
    begin(arena, &t, "");
    tell(&t, ANOMALY_CALL_UNRESOLVED, "unknown there");
    CHECK_OK(anomaly_end(&t, 1, STR("olga"), STR("asked for it")));
    t.now = instant_add(t.now, DAYS(6));
    tell(&t, ANOMALY_CALL_UNRESOLVED, "unknown there");
    CHECK_STR(open_ones(arena), STR(""));
    tell(&t, ANOMALY_CALL_UNRESOLVED, "another answer");
    CHECK_STR(test_postgres_sql(arena, "select detail from pay.anomaly where closed_at is null"),
              STR("another answer"));
    test_postgres_sql(arena, "delete from pay.anomaly where closed_at is null");
    t.now = instant_add(t.now, DAYS(2));
    tell(&t, ANOMALY_CALL_UNRESOLVED, "unknown there");
    CHECK_STR(test_postgres_sql(arena, "select detail from pay.anomaly where closed_at is null"), STR("unknown there"));
    db_close(t.db);
}

TEST(a_message_that_was_closed_is_never_told_again)
{
    struct task t;
    begin(arena, &t, "");
    tell(&t, ANOMALY_NOTIFICATION, "a stranger's");
    CHECK_OK(anomaly_end(&t, 1, STR("olga"), STR("not ours")));
    t.now = instant_add(t.now, DAYS(4000));
    tell(&t, ANOMALY_NOTIFICATION, "a stranger's");
    CHECK_STR(open_ones(arena), STR(""));
    db_close(t.db);
}

TEST(an_anomaly_is_closed_once_and_by_one_word)
{
    struct task t;
    begin(arena, &t, "");
    tell(&t, ANOMALY_VOID_REFUSED, "expired");
    CHECK_FAULT(anomaly_end(&t, 1, STR("olga"), STR("no")), INVALID_PARAMETER);
    CHECK_FAULT(anomaly_end(&t, 1, STR("olga"), STR("s\xff\xfe n")), INVALID_PARAMETER);
    CHECK_FAULT(anomaly_end(&t, 2, STR("olga"), STR("seen")), NOT_FOUND);
    CHECK_OK(anomaly_end(&t, 1, STR("olga"), STR("seen")));
    CHECK_OK(anomaly_end(&t, 1, STR("olga"), STR("seen")));
    CHECK_FAULT(anomaly_end(&t, 1, STR("olga"), STR("seen twice")), ANOMALY_STATE);
    CHECK_FAULT(anomaly_end(&t, 1, STR("ivan"), STR("seen")), ANOMALY_STATE);
    CHECK_STR(test_postgres_sql(arena, "select closed_by, note from pay.anomaly"), STR("olga|seen"));
    db_close(t.db);
}

#define SHOWN_ROWS                                                                                                     \
    "insert into partner (partner_id, name, platform_bp, partner_bp, is_sandbox, created_at) values "                  \
    "('a', 'A', 0, 0, false, now()), ('b', 'B', 0, 0, true, now());"                                                   \
    "insert into anomaly (partner_id, kind, ref, detail, created_at) values ('a', 'void_refused', 'pay_1', 'x', "      \
    "now()), ('b', 'void_refused', 'pay_2', 'x', now()), (null, 'notification', 'evt_1', 'x', now());"

TEST(anomalies_are_counted_by_kind_with_and_without_sandboxes)
{
    struct task t;
    const struct anomalies_count_row *rows;
    size_t n;
    begin(arena, &t, SHOWN_ROWS);
    CHECK_OK(anomalies_count(&t, &rows, &n));
    CHECK_I64(n, 2);
    CHECK_STR(rows[0].kind, STR("notification"));
    CHECK_I64(rows[0].live, 1);
    CHECK_STR(rows[1].kind, STR("void_refused"));
    CHECK_I64(rows[1].n, 2);
    CHECK_I64(rows[1].live, 1);
    db_close(t.db);
}
