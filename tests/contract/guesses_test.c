/*
 * A thousand guesses on many connections at once (SECURITY G 174): the statements that count an attempt before anything
 * is compared let five of them through, whatever the order in which they come.
 */
#include <pthread.h>

#include "authsrv/domain/account/challenge.h"
#include "authsrv/store/challenge.sql.h"
#include "authsrv/store/credential.sql.h"
#include "authsrv/store/migrations.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

enum { CONNECTIONS = 20, GUESSES = 50, COMPARED_AT_MOST = 5 };

struct guesser {
    const struct db_config *config;
    err (*guess)(struct task *t, bool *compared);
    int64_t compared, failed;
    pthread_t thread;
};

static err guess_challenge(struct task *t, bool *compared)
{
    const struct challenge_attempt_row *row;
    TRY(challenge_attempt(t, STR("ch_1"), CHALLENGE_ATTEMPTS, &row));
    *compared = row != NULL;
    return OK;
}

static err guess_mailed_code(struct task *t, bool *compared)
{
    const struct mailed_code_attempt_row *row;
    const digest browser = { { 1 } };
    TRY(mailed_code_attempt(t, STR("mc_1"), STR("password_reset"), browser, &row));
    *compared = row != NULL;
    return OK;
}

static void *work(void *arg)
{
    struct guesser *g = arg;
    struct task t = {
        .arena = arena_create(32768, 16 << 20), .db = db_open(g->config), .now = wall_clock_now(), .what = "test"
    };
    for (int i = 0; i < GUESSES; i++) {
        bool compared = false;
        if (g->guess(&t, &compared))
            g->failed++;
        g->compared += compared;
        arena_reset(t.arena);
    }
    db_close(t.db);
    arena_destroy(t.arena);
    return NULL;
}

static int64_t compared_of(const struct db_config *config, err (*guess)(struct task *t, bool *compared))
{
    struct guesser guessers[CONNECTIONS];
    int64_t compared = 0;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        guessers[i] = (struct guesser){ .config = config, .guess = guess };
        CHECK_I64(pthread_create(&guessers[i].thread, NULL, work, &guessers[i]), 0);
    }
    for (size_t i = 0; i < CONNECTIONS; i++) {
        pthread_join(guessers[i].thread, NULL);
        CHECK_I64(guessers[i].failed, 0);
        compared += guessers[i].compared;
    }
    return compared;
}

/* What else belongs to such rows is left out: the statements look at these columns alone. */
static const char rows[] =
    "set session_replication_role = replica; set search_path to auth;"
    "insert into mail_challenge (id, session_hash, client_id, address, redirect_uri, registered_uri, scope, audience, "
    "code_challenge, terms, code_hash, sent_at, code_expires_at, created_at, expires_at) values ('ch_1', "
    "decode(repeat('02', 32), 'hex'), 'c', 'a@b.example', '', '', '', '', '', '{}', decode(repeat('03', 32), 'hex'), "
    "now(), now() + interval '1 hour', now(), now() + interval '1 hour');"
    "insert into mailed_code (id, purpose, browser_hash, code_hash, created_at, expires_at) values ('mc_1', "
    "'password_reset', decode('01' || repeat('00', 31), 'hex'), decode(repeat('03', 32), 'hex'), now(), now() + "
    "interval '1 hour')";

TEST(of_a_thousand_guesses_at_once_five_are_compared)
{
    struct db_config config = test_postgres_schema(arena, "auth");
    CHECK(migrate_up(&config, authsrv_migrations, authsrv_migrations_n));
    test_postgres_sql(arena, rows);
    CHECK_I64(compared_of(&config, guess_challenge), COMPARED_AT_MOST);
    CHECK_I64(compared_of(&config, guess_mailed_code), COMPARED_AT_MOST);
    CHECK_STR(test_postgres_sql(arena, "select attempts from auth.mail_challenge union all select attempts from "
                                       "auth.mailed_code"),
              STR("5\n5"));
}
