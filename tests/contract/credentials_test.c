/*
 * What somebody was proven by changes at the moment when it is used (docs/decisions/0103-in-turn.md): whoever is let in
 * was proven by what counts when he is, and nothing that was begun before outlives the change, whatever the order.
 */
#include <pthread.h>
#include <time.h>

#include "authsrv/faults.h"
#include "authsrv/flow/account/accounts.h"
#include "authsrv/flow/account/credentials.h"
#include "authsrv/flow/partner/partners.h"
#include "authsrv/store/batch_code.rows.h"
#include "authsrv/store/batch_token.sql.h"
#include "authsrv/store/challenge.sql.h"
#include "authsrv/store/credential.sql.h"
#include "authsrv/store/exchange.sql.h"
#include "authsrv/store/migrations.h"
#include "authsrv/store/session.sql.h"
#include "authsrv/store/token.sql.h"
#include "authsrv/store/user.sql.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define PERSON ((user_id){ STR("usr_1") })

static struct db_config config;

static str ask(struct arena *arena, const char *sql)
{
    return test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena, "set search_path to auth; %s", sql)));
}

static struct task task_on(struct arena *arena)
{
    return (struct task){ .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test" };
}

static struct task begin(struct arena *arena)
{
    config = test_postgres_schema(arena, "auth");
    CHECK(migrate_up(&config, authsrv_migrations, authsrv_migrations_n));
    ask(arena, "insert into users (id, login, password_hash, role, name, email, email_verified, profile, "
               "cred_changed_at, created_at, updated_at) values ('usr_1', 'a@b', 'x', 'user', 'A', 'a@b', true, '{}', "
               "'epoch', now(), now());"
               "insert into client (id, metadata, first_party, verified, created_at, updated_at) values ('cl', "
               "json_build_object('client_name', 'x', 'token_endpoint_auth_method', 'none'), false, true, now(), "
               "now())");
    return task_on(arena);
}

static digest hash_of(unsigned char c)
{
    return (digest){ { c } };
}

/* A log-in of the person as he was proven; false: it is none. */
static bool log_in(struct task *t, unsigned char name, int64_t cred_version)
{
    const struct session_start_row *row;
    CHECK_OK(session_start(t,
                           &(struct session_start_args){ .id_hash = hash_of(name),
                                                         .sid = arena_printf(t->arena, "sid_%c", name),
                                                         .auth_time = &t->now,
                                                         .amr = STR("pwd"),
                                                         .expires_at = instant_add(t->now, HOURS(1)),
                                                         .user = PERSON,
                                                         .cred_version = cred_version },
                           &row));
    return row != NULL;
}

static int64_t version_now(struct task *t)
{
    const struct user_by_login_row *row;
    CHECK_OK(user_by_login(t, STR("a@b"), &row));
    return row->cred_version;
}

/* sid and why it ended, of all; and nothing is wrong. */
static void sessions_are(struct arena *arena, const char *expected)
{
    CHECK_STR(ask(arena, "select string_agg(sid || coalesce(':' || ended_why, ''), ' ' order by sid) from session"),
              str_of(expected));
    CHECK_STR(ask(arena, "select count(*) from v_inv"), STR("0"));
}

/* ---- a log-in beside a change ---- */

struct beside {
    struct task *other;
    const struct session *by;
};

static err change_beside_a_log_in(struct task *t, void *context)
{
    const struct beside *b = context;
    const struct ways_find_row *ways;
    TRY(ways_find(t, PERSON, &ways));
    CHECK(log_in(b->other, 'b', 0));
    return credentials_change(t, PERSON, b->by);
}

TEST(what_begins_before_the_change_has_its_turn_ends_with_it)
{
    struct task t = begin(arena), other = task_on(arena);
    CHECK_OK(db_tx_in_turn(&t, change_beside_a_log_in, &(struct beside){ .other = &other }));
    sessions_are(arena, "sid_b:credentials_changed");
    db_close(other.db);
    db_close(t.db);
}

static err change(struct task *t, void *by)
{
    return credentials_change(t, PERSON, by);
}

TEST(what_was_proven_before_the_change_lets_nobody_in_however_late_he_comes)
{
    struct task t = begin(arena);
    int64_t proven = version_now(&t);
    CHECK_OK(db_tx_in_turn(&t, change, NULL));
    t.now = instant_add(t.now, MINUTES(1));
    CHECK(!log_in(&t, 'a', proven));
    CHECK(log_in(&t, 'b', version_now(&t)));
    sessions_are(arena, "sid_b");
    db_close(t.db);
}

/* The clock of the node that made the change is ahead. */
TEST(clocks_that_differ_keep_nobody_out)
{
    struct task t = begin(arena), ahead = task_on(arena);
    ahead.now = instant_add(t.now, MINUTES(1));
    CHECK_OK(db_tx_in_turn(&ahead, change, NULL));
    CHECK(log_in(&t, 'a', version_now(&t)));
    sessions_are(arena, "sid_a");
    db_close(ahead.db);
    db_close(t.db);
}

static struct session session_of(unsigned char name, int64_t cred_version, struct session_find_row *row)
{
    *row = (struct session_find_row){ .user_id = PERSON, .cred_version = cred_version };
    return (struct session){ .id_hash = hash_of(name), .row = row };
}

TEST(the_session_that_changes_them_goes_on_and_one_that_is_over_changes_nothing)
{
    struct task t = begin(arena);
    struct session_find_row row_a, row_b;
    struct session a = session_of('a', 0, &row_a), b = session_of('b', 0, &row_b);
    CHECK(log_in(&t, 'a', 0));
    CHECK(log_in(&t, 'b', 0));
    CHECK_OK(db_tx_in_turn(&t, change, &a));
    sessions_are(arena, "sid_a sid_b:credentials_changed");
    CHECK_FAULT(db_tx_in_turn(&t, change, &b), NOT_LOGGED_IN);
    CHECK_I64(version_now(&t), 1);
    CHECK_OK(db_tx_in_turn(&t, change, &a)); /* as often as it likes */
    sessions_are(arena, "sid_a sid_b:credentials_changed");
    CHECK_I64(session_proof_after_change(&a).cred_version, 1);
    db_close(t.db);
}

/* ---- what is made beside the end of whom it is made for ---- */

#define WAITING "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
#define MOMENTS 500

struct meeting {
    void (*make)(struct task *t);
    void (*end)(struct task *t);
    pthread_t thread;
};

static void *end_run(void *arg)
{
    const struct meeting *m = arg;
    struct task t = task_on(arena_create(32768, 16 << 20));
    m->end(&t);
    db_close(t.db);
    arena_destroy(t.arena);
    return NULL;
}

/* Whoever ends it does so meanwhile, and waits until this is settled. */
static err make_beside_an_end(struct task *t, void *context)
{
    static const struct timespec a_moment = { .tv_nsec = 10000000 };
    struct meeting *m = context;
    m->make(t);
    CHECK(pthread_create(&m->thread, NULL, end_run, m) == 0);
    for (int i = 0; i < MOMENTS && !str_eq(ask(t->arena, WAITING), STR("1")); i++)
        nanosleep(&a_moment, NULL);
    return OK;
}

static void meet(struct task *t, struct meeting m)
{
    CHECK_OK(db_tx_in_turn(t, make_beside_an_end, &m)); /* as a statement alone is */
    pthread_join(m.thread, NULL);
}

static void grant_make(struct task *t)
{
    const struct challenge_grant_row *row;
    CHECK_OK(challenge_grant(t,
                             &(struct challenge_grant_args){ .user = PERSON,
                                                             .id = STR("ch_1"),
                                                             .grant = { STR("gr_1") },
                                                             .sid = STR("sid_x"),
                                                             .amr = STR("otp"),
                                                             .grant_expires_at = instant_add(t->now, HOURS(1)),
                                                             .code_hash = hash_of('c'),
                                                             .redeem_until = instant_add(t->now, MINUTES(1)) },
                             &row));
    CHECK(row);
}

static void account_end(struct task *t)
{
    CHECK_OK(account_disable(t, STR("operator"), PERSON));
}

TEST(a_grant_that_is_made_while_its_account_is_disabled_ends_with_it)
{
    struct task t = begin(arena);
    ask(arena, "insert into mail_challenge (id, session_hash, client_id, address, redirect_uri, registered_uri, scope, "
               "audience, code_challenge, terms, code_hash, sent_at, code_expires_at, created_at, expires_at) values "
               "('ch_1', decode(repeat('02', 32), 'hex'), 'cl', 'a@b', '', '', '', '', '', '{}', "
               "decode(repeat('03', 32), 'hex'), now(), now() + interval '1 hour', now(), now() + interval '1 hour');"
               "update client set challenge = 'sign_in' where id = 'cl'");
    meet(&t, (struct meeting){ grant_make, account_end });
    CHECK_STR(ask(arena, "select revoked_why from grants"), STR("user_disabled"));
    CHECK_STR(ask(arena, "select string_agg(action, ' ') from audit"), STR("account.disabled"));
    CHECK_STR(ask(arena, "select count(*) from v_inv where inv <> 'A12'"), STR("0"));
    db_close(t.db);
}

#define GRANT_ROW                                                                                                      \
    "insert into grants (id, user_id, client_id, sid, scope, audience, auth_time, amr, created_at, expires_at) "       \
    "values ('gr_1', 'usr_1', 'cl', 's', 'openid', 'https://api.example', now(), '', now(), now() + interval '1 "      \
    "hour');"

static void token_exchange(struct task *t)
{
    int64_t n;
    CHECK_OK(exchange_issue(t, (grant_id){ STR("gr_1") }, (client_id){ STR("api") }, STR("at_1"), STR("at_2"),
                            STR("openid"), instant_add(t->now, HOURS(1)), &n));
    CHECK_I64(n, 1);
}

static void partner_end(struct task *t)
{
    CHECK_OK(partner_remove(t, STR("operator"), STR("p")));
}

TEST(a_token_that_is_exchanged_while_the_partner_of_its_client_is_removed_ends_with_it)
{
    struct task t = begin(arena);
    ask(arena,
        "insert into partner (slug, name, issuer, client_id, settings, created_at) values ('p', 'P', "
        "'https://p.example', 'stoa', '{}', now());"
        "update client set partner = 'p' where id = 'cl';"
        "insert into client (id, metadata, first_party, verified, created_at, updated_at) select 'api', metadata, "
        "false, true, now(), now() from client where id = 'cl';" GRANT_ROW
        "insert into access_token (jti, grant_id, scope, issued_at, expires_at) values ('at_1', 'gr_1', 'openid', "
        "now(), now() + interval '1 hour')");
    meet(&t, (struct meeting){ token_exchange, partner_end });
    CHECK_STR(ask(arena, "select string_agg(jti, ' ') from access_token where revoked_at is not null"), STR("at_2"));
    CHECK_STR(ask(arena, "select string_agg(action, ' ') from audit"), STR("partner.removed"));
    db_close(t.db);
}

/* ---- a refresh token beside the rotation of its family: the one of before is '1', the current one '2' ---- */

static void family_rotate(struct task *t)
{
    const struct refresh_rotate_item item = { .grant_id = STR("gr_1"),
                                              .token_hash = hash_of('2'),
                                              .successor = STR("00"),
                                              .successor_hash = hash_of('3'),
                                              .jti = STR("at_rotated"),
                                              .scope = STR("openid"),
                                              .expires_us = instant_add(t->now, HOURS(1)).us };
    const struct refresh_rotate_row *rows;
    size_t n;
    CHECK_OK(refresh_rotate(t, &item, 1, &rows, &n));
    CHECK_I64((int64_t)n, 1);
}

static void previous_repeat(struct task *t)
{
    int64_t n;
    CHECK_OK(refresh_repeat(t, (grant_id){ STR("gr_1") }, hash_of('1'), STR("at_late"), STR("openid"),
                            instant_add(t->now, HOURS(1)), &n));
    CHECK_I64(n, 0);
}

static void current_keep(struct task *t)
{
    int64_t n;
    CHECK_OK(refresh_keep(t, (grant_id){ STR("gr_1") }, hash_of('2'), STR("at_late"), STR("openid"),
                          instant_add(t->now, HOURS(1)), &n));
    CHECK_I64(n, 0);
}

static void rotation_beside(struct arena *arena, void (*late)(struct task *t))
{
    struct task t = begin(arena);
    ask(arena, GRANT_ROW
        "insert into refresh (grant_id, first_hash, token_hash, parent, successor_sealed, issued_at, used_at) "
        "select 'gr_1', decode(rpad('31', 64, '0'), 'hex'), decode(rpad('32', 64, '0'), 'hex'), "
        "decode(rpad('31', 64, '0'), 'hex'), '', now(), now()");
    meet(&t, (struct meeting){ family_rotate, late });
    CHECK_STR(ask(arena, "select string_agg(jti, ' ') from access_token"), STR("at_rotated"));
    db_close(t.db);
}

TEST(the_token_of_before_is_judged_by_the_rotation_that_it_waited_for)
{
    rotation_beside(arena, previous_repeat);
}

TEST(the_token_that_is_kept_is_judged_by_the_rotation_that_it_waited_for)
{
    rotation_beside(arena, current_keep);
}
