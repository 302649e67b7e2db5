/*
 * Redis that is there and does not do what it is for: silent, slow, refusing, closing, talking nonsense. Each time the
 * buckets of this process decide: five of ten are allowed, neither all nor none. SECURITY F-R3, F-R5, F-R6, F-R7.
 */
#include "shared/cache/cache.h"

#include <signal.h>
#include <string.h>

#include "shared/base/instant.h"
#include "shared/ops/log.h"
#include "tests/unit/shared/cache/fake_redis.h"

enum {
    TRIES = 10,
    PER_MINUTE = 60,
    BURST = 5,
    ATTEMPTS = 20 /* on a machine that stands still for longer than an answer is waited for */
};

static const char ALLOWED[] = ":-1\r\n", SELECTED[] = "+OK\r\n";

static void prepare(struct task *t)
{
    static int nth;
    signal(SIGPIPE, SIG_IGN); /* as every server does */
    log_set_level(LOG_ERROR_LEVEL);
    t->now = (instant){ (4000 + 3600 * (int64_t)nth++) * 1000000 }; /* when the buckets are full again */
}

static bool allows(struct task *t, struct cache *c)
{
    int retry_after_s = 0;
    t->cache = c;
    bool is_allowed = cache_allow(t, STR("unavailable"), PER_MINUTE, BURST, &retry_after_s);
    CHECK(is_allowed || (retry_after_s > 0 && retry_after_s <= 2));
    return is_allowed;
}

/* Each time by one that has not yet met with an error: it asks, and nothing is decided without having asked. */
static int allowed_by(struct arena *a, struct task *t, struct fake_redis f)
{
    prepare(t);
    str url = fake_redis_start(&f, a);
    int n = 0, usable = 0;
    for (int i = 0; i < TRIES; i++) {
        struct cache *c = cache_open(url);
        n += allows(t, c);
        usable += cache_usable(c);
        cache_close(c);
    }
    fake_redis_stop(&f);
    CHECK_I64(usable, 0);
    return n;
}

/* Both when it is asked for the database, and for the bucket. */
static void is_unavailable(struct arena *a, struct task *t, const char *answer)
{
    int late = allowed_by(a, t, (struct fake_redis){ .to_select = SELECTED, .to_bucket = answer });
    int early = allowed_by(a, t, (struct fake_redis){ .to_select = answer, .to_bucket = ALLOWED });
    if (late != BURST || early != BURST)
        test_fail(__FILE__, __LINE__, "%.40s: %d, and to SELECT %d", answer, late, early);
}

static bool decides_once(struct arena *arena, struct task *task, struct fake_redis f)
{
    prepare(task);
    struct cache *c = cache_open(fake_redis_start(&f, arena));
    int n = 0;
    for (int i = 0; i < TRIES; i++)
        n += allows(task, c);
    bool usable = cache_usable(c);
    cache_close(c);
    fake_redis_stop(&f);
    return n == TRIES && usable && f.ends == 1;
}

static void decides(struct arena *arena, struct task *task, struct fake_redis f)
{
    bool has_decided = false;
    for (int i = 0; i < ATTEMPTS && !has_decided; i++)
        has_decided = decides_once(arena, task, f);
    CHECK(has_decided);
}

TEST(one_that_answers_decides)
{
    decides(arena, task, (struct fake_redis){ .to_select = SELECTED, .to_bucket = ALLOWED });
}

TEST(also_one_whose_answers_come_in_pieces)
{
    decides(arena, task, (struct fake_redis){ .to_select = SELECTED, .to_bucket = ALLOWED, .is_in_pieces = true });
}

TEST(silence_is_no_answer_and_is_not_waited_for)
{
    int64_t began_us = monotonic_us();
    CHECK_I64(allowed_by(arena, task, (struct fake_redis){ .to_select = SELECTED }), BURST);
    CHECK_I64(allowed_by(arena, task, (struct fake_redis){ .to_bucket = ALLOWED }), BURST);
    CHECK_I64(allowed_by(arena, task, (struct fake_redis){ .never_accepts = true }), BURST);
    CHECK(monotonic_us() - began_us < 30 * 1000000L);
}

TEST(a_late_answer_is_not_taken_for_that_to_another_question)
{
    struct fake_redis f = { .to_select = SELECTED, .to_bucket = ALLOWED, .is_late = true };
    CHECK_I64(allowed_by(arena, task, f), BURST);
    prepare(task);
    struct cache *c = cache_open(fake_redis_start(&f, arena));
    int n = 0, usable = 0;
    for (int i = 0; i < TRIES; i++) {
        n += allows(task, c);
        usable += cache_usable(c);
    }
    cache_close(c);
    fake_redis_stop(&f);
    CHECK_I64(n, BURST);
    CHECK_I64(usable, 0);
}

TEST(an_error_reply_means_that_it_is_unavailable)
{
    static const char *const errors[] = {
        "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
        "-READONLY You can't write against a read only replica.\r\n",
        "-LOADING Redis is loading the dataset in memory\r\n",
        "-NOAUTH Authentication required.\r\n",
        "-NOPERM this user has no permissions to run the 'eval' command\r\n",
        "-MOVED 3999 127.0.0.1:6381\r\n",
        "-ASK 3999 127.0.0.1:6381\r\n",
        "-CLUSTERDOWN The cluster is down\r\n",
        "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
        "-MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.\r\n",
        "-BUSY Redis is busy running a script.\r\n",
        "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
        "-\r\n",
    };
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        is_unavailable(arena, task, errors[i]);
}

TEST(a_reply_of_another_type_decides_nothing)
{
    static const char *const replies[] = {
        "$-1\r\n",
        "$2\r\n-4\r\n",
        "*0\r\n",
        "*-1\r\n",
        "*1\r\n:-4\r\n",
        "*2147483647\r\n",
        "$2147483647\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:-4\r\n",
        ",-4\r\n",
        "_\r\n",
        "%1\r\n+a\r\n:-4\r\n",
        ":\r\n",
        ":-\r\n",
        ":-4x\r\n",
        ":-99999999999999999999999\r\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\r\n",
        "\n",
    };
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++)
        is_unavailable(arena, task, replies[i]);
    CHECK_I64(allowed_by(arena, task, (struct fake_redis){ .to_select = SELECTED, .to_bucket = SELECTED }), BURST);
    CHECK_I64(allowed_by(arena, task, (struct fake_redis){ .to_select = ALLOWED, .to_bucket = ALLOWED }), BURST);
}

/* More is left than the bucket holds: what no script of ours has said. */
TEST(a_number_that_is_no_answer_to_what_was_asked_decides_nothing)
{
    static const char *const numbers[] = { ":-6\r\n", ":-2147483652\r\n", ":-9223372036854775808\r\n" };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        CHECK_I64(allowed_by(arena, task, (struct fake_redis){ .to_select = SELECTED, .to_bucket = numbers[i] }),
                  BURST);
}

TEST(what_does_not_end_or_goes_on_after_the_answer_decides_nothing)
{
    static const char *const answers[] = { ":-4", ":-4\r", "+", ":-4\r\n:-4\r\n", ":-4\r\n+", ":-4\r\n\r\n" };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        CHECK_I64(allowed_by(arena, task, (struct fake_redis){ .to_select = SELECTED, .to_bucket = answers[i] }),
                  BURST);
    char *endless = arena_alloc(arena, (8 << 20) + 1);
    memset(endless, '+', 8 << 20);
    is_unavailable(arena, task, endless);
}

static bool unasked_is_not_taken(struct arena *arena, struct task *task)
{
    struct fake_redis f = { .to_select = SELECTED, .to_bucket = ":0\r\n" };
    int left = -1, retry_after_s = 0;
    prepare(task);
    task->cache = cache_open(fake_redis_start(&f, arena));
    bool first = cache_take(task, STR("unasked"), PER_MINUTE, BURST, &left, &retry_after_s);
    fake_redis_say(&f, ALLOWED);
    bool second = cache_take(task, STR("unasked"), PER_MINUTE, BURST, &left, &retry_after_s);
    cache_close(task->cache);
    fake_redis_stop(&f);
    return first && second && left == 0 && f.ends == 2;
}

TEST(what_nobody_asked_for_is_not_taken_for_the_next_answer)
{
    bool is_not_taken = false;
    for (int i = 0; i < ATTEMPTS && !is_not_taken; i++)
        is_not_taken = unasked_is_not_taken(arena, task);
    CHECK(is_not_taken);
}

TEST(a_connection_that_was_closed_meanwhile_is_made_anew)
{
    struct fake_redis f = { .to_select = SELECTED, .to_bucket = ALLOWED, .closes = true };
    prepare(task);
    struct cache *c = cache_open(fake_redis_start(&f, arena));
    int n = 0;
    for (int i = 0; i < TRIES; i++) {
        n += allows(task, c);
        fake_redis_await_ends(&f, i + 1);
    }
    cache_close(c);
    fake_redis_stop(&f);
    CHECK_I64(n, TRIES);
    CHECK_I64(f.ends, TRIES);
}
