/* Rate limits with Redis, without it, and while it goes away. Redis is a real one on a socket of its own. */
#include "shared/cache/cache.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared/ops/log.h"
#include "tests/support/test.h"

static char directory[64];

static pid_t redis_start(struct arena *a)
{
    char *at = arena_cstr(a, arena_printf(a, "%s/redis.sock", directory));
    pid_t pid = fork();
    if (pid == 0) {
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", at, "--save", "", "--dir", directory,
               "--loglevel", "warning", "--logfile", "redis.log", (char *)NULL);
        _exit(127);
    }
    return pid;
}

/* Its socket is there before it listens. */
static bool answers_soon(struct cache *c)
{
    bool answers = cache_usable(c);
    for (int i = 0; i < 6000 && !answers; i++) {
        usleep(10000);
        answers = cache_usable(c);
    }
    return answers;
}

static void redis_end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static int allowed(struct task *t, str key, int tries, int per_minute, int burst, int *retry_after_s)
{
    int n = 0;
    for (int i = 0; i < tries; i++)
        n += cache_allow(t, key, per_minute, burst, retry_after_s);
    return n;
}

TEST(without_redis_buckets_of_the_process_decide)
{
    int retry_after_s = 0;
    task->cache = NULL;
    task->now = (instant){ 1000000000 };
    CHECK_I64(allowed(task, STR("a"), 10, 60, 5, &retry_after_s), 5);
    CHECK(retry_after_s >= 1 && retry_after_s <= 2);
    CHECK_I64(allowed(task, STR("b"), 10, 60, 5, &retry_after_s), 5);
    task->now = instant_add(task->now, SECONDS(3));
    CHECK_I64(allowed(task, STR("a"), 10, 60, 5, &retry_after_s), 3);
}

TEST(how_many_are_left_is_told)
{
    int left = -1, retry_after_s = 0;
    task->cache = NULL;
    task->now = (instant){ 3000000000 };
    CHECK(cache_take(task, STR("left"), 60, 2, &left, &retry_after_s));
    CHECK_I64(left, 1);
    CHECK(cache_take(task, STR("left"), 60, 2, &left, &retry_after_s));
    CHECK_I64(left, 0);
    CHECK(!cache_take(task, STR("left"), 60, 2, &left, &retry_after_s));
    CHECK_I64(left, 0);
}

TEST(what_was_put_back_may_be_taken_again)
{
    int retry_after_s = 0;
    task->cache = NULL;
    task->now = (instant){ 2000000000 };
    CHECK_I64(allowed(task, STR("c"), 5, 60, 5, &retry_after_s), 5);
    cache_put_back(task, STR("c"), 60, 5);
    CHECK_I64(allowed(task, STR("c"), 5, 60, 5, &retry_after_s), 1);
    cache_put_back(task, STR("d"), 60, 5);
    CHECK_I64(allowed(task, STR("d"), 10, 60, 5, &retry_after_s), 5);
}

enum { ATTEMPTS = 20 }; /* on a machine that stands still for longer than an answer is waited for */

/* Of one bucket, by two processes. */
static bool both_take_from(struct task *task, str key, struct cache *one, struct cache *two)
{
    int retry_after_s = 0, left = -1;
    task->now = (instant){ 2000000000 };
    bool answer = answers_soon(one) && answers_soon(two);
    task->cache = one;
    int first = allowed(task, key, 3, 60, 5, &retry_after_s);
    bool is_told = cache_take(task, arena_printf(task->arena, "told_%.*s", STR_ARG(key)), 60, 5, &left, &retry_after_s);
    task->cache = two;
    int second = allowed(task, key, 10, 60, 5, &retry_after_s);
    task->now = instant_add(task->now, SECONDS(2));
    int later = allowed(task, key, 10, 60, 5, &retry_after_s);
    cache_put_back(task, key, 60, 5);
    int returned = allowed(task, key, 10, 60, 5, &retry_after_s);
    return answer && first == 3 && is_told && left == 4 && second == 2 && later == 2 && returned == 1;
}

TEST(redis_holds_the_buckets_and_its_loss_is_no_failure)
{
    int retry_after_s = 0;
    memcpy(directory, "/tmp/stoa-redis-XXXXXX", 23);
    CHECK(mkdtemp(directory));
    log_set_level(LOG_ERROR_LEVEL);
    signal(SIGPIPE, SIG_IGN); /* as every server does */
    pid_t pid = redis_start(arena);
    str url = arena_printf(arena, "unix://%s/redis.sock", directory);
    struct cache *one = cache_open(url), *two = cache_open(url);
    bool is_held = false;
    for (int i = 0; i < ATTEMPTS && !is_held; i++)
        is_held = both_take_from(task, arena_printf(arena, "shared_%d", i), one, two);
    redis_end(pid);
    int alone = allowed(task, STR("alone"), 10, 60, 5, &retry_after_s);
    bool gone = cache_usable(two);
    unlink(arena_printf(arena, "%s/redis.sock", directory).p);
    pid = redis_start(arena);
    bool back = answers_soon(two);
    redis_end(pid);
    cache_close(one);
    cache_close(two);
    static const char *const left_behind[] = { "redis.sock", "redis.log", "dump.rdb" };
    for (size_t i = 0; i < sizeof left_behind / sizeof left_behind[0]; i++)
        unlink(arena_cstr(arena, arena_printf(arena, "%s/%s", directory, left_behind[i])));
    CHECK(rmdir(directory) == 0);
    CHECK(is_held);
    CHECK_I64(alone, 5);
    CHECK(!gone);
    CHECK(back);
}

TEST(without_redis_the_keys_of_strangers_fill_nobodys_bucket)
{
    int retry_after_s = 0;
    char key[16];
    task->cache = NULL;
    task->now = (instant){ 4000000000 };
    CHECK_I64(allowed(task, STR("guessed"), 10, 2, 5, &retry_after_s), 5);
    for (int i = 0; i < 50000; i++) {
        snprintf(key, sizeof key, "junk%d", i);
        allowed(task, str_of(key), 1, 1200, 1200, &retry_after_s);
    }
    CHECK_I64(allowed(task, STR("guessed"), 1, 2, 5, &retry_after_s), 0);
    task->now = instant_add(task->now, SECONDS(31));
    CHECK_I64(allowed(task, STR("guessed"), 10, 2, 5, &retry_after_s), 1);
}
