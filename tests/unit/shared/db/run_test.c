/* Cardinalities, the meaning of errors, and what happens when PostgreSQL goes away and comes back. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "probe/faults.h"
#include "probe/probe.h"
#include "probe/store/item.sql.h"

static bool contains(str s, const char *word)
{
    return s.n > 0 && memmem(s.p, s.n, word, strlen(word)) != NULL;
}

TEST(cardinality_decides_what_no_row_means)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    const struct item_name_of_row *maybe;
    const struct item_need_row *need;
    const struct item_list_row *list;
    const struct item_one_of_many_row *single;
    size_t n;
    int64_t affected;
    CHECK_OK(item_name_of(&on, (item_id){ 1 }, &maybe));
    CHECK(!maybe);
    CHECK_FAULT(item_need(&on, (item_id){ 1 }, &need), NOT_FOUND);
    CHECK_OK(item_list(&on, &list, &n));
    CHECK_I64(n, 0);
    for (int64_t i = 1; i <= 3; i++) {
        char name = (char)('a' + i);
        CHECK_OK(item_add(&on, (item_id){ i }, (item_name){ { &name, 1 } }, &affected));
        CHECK_I64(affected, 1);
    }
    CHECK_OK(item_name_of(&on, (item_id){ 2 }, &maybe));
    CHECK_STR(maybe->name.v, STR("c"));
    CHECK_OK(item_list(&on, &list, &n));
    CHECK_I64(n, 3);
    CHECK_I64(list[2].id.v, 3);
    CHECK_FAULT(item_one_of_many(&on, &single), INTERNAL);
    CHECK_OK(item_delete(&on, 2, &affected));
    CHECK_I64(affected, 2);
    probe_end(&on);
}

static err actor_in_tx(struct task *t, void *context)
{
    const struct item_actor_row **row = context;
    TRY(item_actor(t, row));
    return item_actor(t, row); /* in a later statement, too */
}

/* Others make them many: the one who asks is told so, and nobody else notices. */
TEST(rows_that_memory_does_not_hold_fail_the_one_who_asks)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    const struct large_list_row *list;
    size_t n;
    CHECK_FAULT(large_list(&on, 17, &list, &n), INTERNAL);
    CHECK_OK(large_list(&on, 8, &list, &n));
    CHECK_I64((int64_t)n, 8);
    CHECK_I64((int64_t)list[7].text.n, 1 << 20);
    probe_end(&on);
}

TEST(who_does_it_is_known_to_his_statements_and_to_no_other)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    const struct item_actor_row *row;
    int64_t affected;
    on.request_id = STR("req_1");
    CHECK_OK(item_actor(&on, &row));
    CHECK_STR(row->id, STR(""));
    task_by(&on, STR("operator:o'1"), STR("Olga"), STR("192.0.2.7"));
    CHECK_OK(item_actor(&on, &row));
    CHECK_STR(row->id, STR("operator:o'1"));
    CHECK_STR(row->name, STR("Olga"));
    CHECK_STR(row->origin, STR("192.0.2.7"));
    CHECK_STR(row->request, STR("req_1"));
    CHECK_OK(item_add(&on, (item_id){ 1 }, (item_name){ STR("x") }, &affected));
    CHECK_FAULT(item_add(&on, (item_id){ 2 }, (item_name){ STR("x") }, &affected), NAME_TAKEN);
    CHECK_OK(db_tx(&on, actor_in_tx, &row));
    CHECK_STR(row->id, STR("operator:o'1"));
    on.actor = NULL;
    CHECK_OK(item_actor(&on, &row));
    CHECK_STR(row->id, STR(""));
    CHECK_OK(db_tx(&on, actor_in_tx, &row));
    CHECK_STR(row->id, STR(""));
    probe_end(&on);
}

TEST(no_database_on_the_io_thread_asks_for_a_worker)
{
    const struct item_list_row *list;
    size_t n;
    task->db = NULL;
    CHECK_FAULT(item_list(task, &list, &n), NEED_WORKER);
}

TEST(declared_unique_violation_is_its_fault)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    int64_t affected;
    CHECK_OK(item_add(&on, (item_id){ 1 }, (item_name){ STR("x") }, &affected));
    err e = item_add(&on, (item_id){ 2 }, (item_name){ STR("x") }, &affected);
    CHECK_FAULT(e, NAME_TAKEN);
    CHECK_STR(e->param, STR("name"));
    CHECK_FAULT(item_add(&on, (item_id){ 1 }, (item_name){ STR("y") }, &affected), INTERNAL);
    CHECK_OK(item_add(&on, (item_id){ 3 }, (item_name){ STR("z") }, &affected));
    probe_end(&on);
}

TEST(details_name_objects_and_never_values)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    int64_t affected;
    const struct cast_fail_row *row;
    err e = constraint_violate(&on, bytes_of(STR("hunter2")), &affected);
    CHECK_FAULT(e, INTERNAL);
    CHECK(contains(e->detail, "item_hash_check") && contains(e->detail, "23514"));
    CHECK(!contains(e->detail, "hunter2") && !contains(e->detail, "68756e74657232"));
    e = cast_fail(&on, STR("hunter2"), &row);
    CHECK_FAULT(e, INTERNAL);
    CHECK(contains(e->detail, "22P02") && !contains(e->detail, "hunter2"));
    probe_end(&on);
}

TEST(a_number_that_no_column_holds_is_too_large_and_said_to_be)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    const struct cast_fail_row *row;
    err e = cast_fail(&on, STR("9223372036854775808"), &row);
    CHECK_FAULT(e, NUMBER_TOO_LARGE);
    CHECK(contains(e->explain, "9223372036854775807") && !contains(e->detail, "9223372036854775808"));
    CHECK_OK(cast_fail(&on, STR("9223372036854775807"), &row));
    probe_end(&on);
}

TEST(violation_found_at_the_implicit_commit_fails_the_statement)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    int64_t affected;
    CHECK_FAULT(pair_add(&on, 1, 2, &affected), INTERNAL);
    CHECK_OK(pair_add(&on, 1, 1, &affected));
    CHECK_STR(test_postgres_sql(arena, "select count(*) from probe.pair"), STR("1"));
    probe_end(&on);
}

TEST(slow_statement_is_unavailable_with_retry_after)
{
    struct db_config config = probe_begin(arena);
    config.statement_timeout = MILLISECONDS(1000); /* below what sleeps, above what a busy machine needs for the rest */
    struct task on = probe_task(&config);
    const struct sleep_ms_row *row;
    err e = sleep_ms(&on, 30000, &row);
    CHECK_FAULT(e, UNAVAILABLE);
    CHECK_I64(e->retry_after_s, 1);
    CHECK_OK(sleep_ms(&on, 1, &row));
    probe_end(&on);
}

static int32_t pid_of(struct task *on)
{
    const struct backend_pid_row *row;
    CHECK_OK(backend_pid(on, &row));
    return row->pid;
}

TEST(idle_connection_closed_by_the_server_is_not_noticed_by_the_caller)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    int32_t before = pid_of(&on);
    test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena, "select pg_terminate_backend(%d, 5000)", before)));
    CHECK(pid_of(&on) != before);
    probe_end(&on);
}

TEST(what_is_said_on_the_channel_is_heard_once_and_a_new_connection_may_have_missed_it)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    bool heard = false;
    CHECK(db_listen(on.db, "unit.word", &heard) >= 0 && heard);
    bool again = heard = false;
    struct pollfd p = { .fd = db_listen(on.db, "unit.word", &heard), .events = POLLIN };
    CHECK(!heard);
    test_postgres_sql(arena, "select pg_notify('unit.word', ''), pg_notify('other', '')");
    CHECK_I64(poll(&p, 1, 60000), 1);
    CHECK(db_listen(on.db, "unit.word", &heard) >= 0);
    CHECK(db_listen(on.db, "unit.word", &again) >= 0);
    CHECK(heard && !again);
    test_postgres_sql(arena,
                      arena_cstr(arena, arena_printf(arena, "select pg_terminate_backend(%d, 5000)", pid_of(&on))));
    CHECK(db_listen(on.db, "unit.word", &again) >= 0 && again);
    probe_end(&on);
}

TEST(backend_killed_inside_a_statement_is_unavailable_then_recovers)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    const struct sleep_ms_row *row;
    str killer = arena_printf(arena, "(sleep 0.2; psql -Xqc 'select pg_terminate_backend(%d)' '%.*s' >/dev/null) &",
                              pid_of(&on), STR_ARG(test_postgres_url()));
    CHECK_I64(system(arena_cstr(arena, killer)), 0);
    err e = sleep_ms(&on, 50000, &row); /* below statement_timeout, above what a busy machine needs */
    CHECK_FAULT(e, UNAVAILABLE);
    CHECK_I64(e->retry_after_s, 1);
    CHECK_OK(sleep_ms(&on, 1, &row));
    probe_end(&on);
}

TEST(hung_backend_is_unavailable_within_the_deadline)
{
    struct db_config config = probe_begin(arena);
    config.statement_timeout = MILLISECONDS(1000);
    config.lock_timeout = MILLISECONDS(1000);
    struct task on = probe_task(&config);
    const struct sleep_ms_row *row;
    int32_t pid = pid_of(&on);
    CHECK_I64(kill(pid, SIGSTOP), 0);
    int64_t began_us = monotonic_us();
    err e = sleep_ms(&on, 1, &row);
    int64_t elapsed_us = monotonic_us() - began_us;
    CHECK_I64(kill(pid, SIGCONT), 0);
    CHECK_FAULT(e, UNAVAILABLE);
    CHECK(elapsed_us > 3000000 && elapsed_us < 120000000);
    CHECK_OK(sleep_ms(&on, 1, &row));
    probe_end(&on);
}

TEST(server_away_is_unavailable_and_comes_back_by_itself)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    CHECK(db_ping(on.db));
    test_postgres_control("kill");
    const struct item_list_row *list;
    size_t n;
    for (int i = 0; i < 5; i++) {
        err e = item_list(&on, &list, &n);
        CHECK_FAULT(e, UNAVAILABLE);
        CHECK_I64(e->retry_after_s, 1);
    }
    CHECK(!db_ping(on.db));
    test_postgres_control("revive");
    bool back = false;
    for (int i = 0; i < 1200 && !back; i++) {
        usleep(50000);
        back = item_list(&on, &list, &n) == OK;
    }
    CHECK(back);
    CHECK(db_ping(on.db));
    probe_end(&on);
}
