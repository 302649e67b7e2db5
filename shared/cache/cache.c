/*
 * Redis behind four functions. A context is dead after any error and is never used again; every reply's type is
 * checked; an unavailable Redis means "decide here", never "not limited" (SECURITY 4.2).
 */
#include "shared/cache/cache.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <hiredis/hiredis.h>

#include "shared/base/instant.h"
#include "shared/base/num.h"
#include "shared/base/panic.h"
#include "shared/cache/fallback.h"
#include "shared/ops/fiber.h"
#include "shared/ops/log.h"

#define COMMAND_LIMIT_MS 50
#define PAUSE_AFTER_ERROR_US 1000000
#define KEY_MAX_BYTES 200
#define REPLY_MAX_BYTES 1024

struct cache {
    char *host; /* or the path of a unix socket */
    char *database;
    int port; /* 0: unix socket */
    redisContext *redis;
    int64_t until_us;      /* of the question that is being asked, with all that it takes */
    int64_t not_before_us; /* after an error Redis is left alone for a moment, so that no request waits for it twice */
};

/*
 * KEYS[1] bucket; ARGV: tokens per second, burst, time in seconds with fraction, tokens to take (-1 puts one back).
 * Answers 0 when allowed, else the seconds to wait. The bucket disappears by itself when it would be full again.
 */
static const char bucket_script[] =
    "local rate, burst, now, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]) "
    "local b = redis.call('HMGET', KEYS[1], 't', 'at') "
    "local tokens, at = tonumber(b[1]) or burst, tonumber(b[2]) or now "
    "if now > at then tokens = math.min(burst, tokens + (now - at) * rate) else now = at end "
    "local wait = 0 "
    "if tokens >= cost then tokens = math.min(burst, tokens - cost) else wait = math.ceil((cost - tokens) / rate) end "
    "redis.call('HSET', KEYS[1], 't', tokens, 'at', string.format('%.6f', now)) "
    "redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 1) "
    "if wait > 0 then return wait end return -math.floor(tokens)";

static char *copy(str s)
{
    char *p = strndup(s.p ? s.p : "", s.n);
    if (!p)
        panic("out of memory");
    return p;
}

struct cache *cache_open(str url)
{
    struct cache *c = calloc(1, sizeof *c);
    if (!c)
        panic("out of memory");
    str rest = url, head;
    if (str_starts(url, STR("unix://"))) {
        c->host = copy((str){ url.p + 7, url.n - 7 });
        c->database = copy(STR("0"));
        return c;
    }
    if (str_starts(rest, STR("redis://")))
        rest = (str){ rest.p + 8, rest.n - 8 };
    int64_t port = 6379;
    str address = rest, database = STR("0");
    if (str_cut(&rest, '/', &head)) {
        address = head;
        if (rest.n)
            database = rest;
    }
    str host = address;
    if (str_cut(&address, ':', &host) && (!num_parse(address, &port) || port < 1 || port > 65535))
        port = 6379;
    c->host = copy(host);
    c->database = copy(database);
    c->port = (int)port;
    return c;
}

static void redis_drop(struct cache *c)
{
    if (c->redis)
        redisFree(c->redis);
    c->redis = NULL;
    c->not_before_us = monotonic_us() + PAUSE_AFTER_ERROR_US;
}

void cache_close(struct cache *c)
{
    if (!c)
        return;
    redis_drop(c);
    free(c->host);
    free(c->database);
    free(c);
}

/* Waits for the context's descriptor; false: in vain. */
static bool redis_wait(const redisContext *redis, short events, int64_t until_us)
{
    struct pollfd p = { .fd = redis->fd, .events = events };
    while (wait_fds(&p, 1, until_us) <= 0)
        if (monotonic_us() >= until_us)
            return false;
    return true;
}

/*
 * Every answer to us is one short line. What begins otherwise, or does not end, never comes to where the library
 * reserves what it announces. It takes the first byte before it has the line.
 */
static bool redis_read(redisContext *redis, int64_t until_us, bool is_first)
{
    const redisReader *in = redis->reader;
    if (!redis_wait(redis, POLLIN, until_us) || redisBufferRead(redis) != REDIS_OK)
        return false;
    size_t n = in->len - in->pos;
    return n == 0 || (n <= REPLY_MAX_BYTES && (!is_first || memchr(":+-", in->buf[in->pos], 3)));
}

/* What the library does on a context that blocks. NULL: its error, no answer in time, or more than the answer. */
static redisReply *redis_exchange(redisContext *redis, int64_t until_us, int argc, const char **argv,
                                  const size_t *lengths)
{
    void *reply = NULL;
    if (redisAppendCommandArgv(redis, argc, argv, lengths) != REDIS_OK)
        return NULL;
    for (int done = 0; !done;)
        if (redisBufferWrite(redis, &done) != REDIS_OK || (!done && !redis_wait(redis, POLLOUT, until_us)))
            return NULL;
    for (bool is_first = true; redisGetReplyFromReader(redis, &reply) == REDIS_OK && !reply; is_first = false)
        if (!redis_read(redis, until_us, is_first))
            return NULL;
    if (!reply || redis->reader->pos == redis->reader->len)
        return reply;
    freeReplyObject(reply);
    return NULL;
}

/* NULL: unavailable, the context is gone. Otherwise a reply of the wanted type; free it with freeReplyObject. */
static redisReply *redis_call(struct cache *c, int type, int argc, const char **argv, const size_t *lengths)
{
    if (!c->redis)
        return NULL;
    redisReply *reply = redis_exchange(c->redis, c->until_us, argc, argv, lengths);
    if (reply && reply->type == type && !c->redis->err)
        return reply;
    const char *why = reply && reply->type == REDIS_REPLY_ERROR ? reply->str
                      : c->redis->errstr[0]                     ? c->redis->errstr
                                                                : "no answer to this in time";
    log_warn(NULL, "cache.failed", L_STR("why", str_of(why)));
    if (reply)
        freeReplyObject(reply);
    redis_drop(c);
    return NULL;
}

static bool redis_select(struct cache *c)
{
    const char *argv[] = { "SELECT", c->database };
    size_t lengths[] = { 6, strlen(c->database) };
    redisReply *reply = redis_call(c, REDIS_REPLY_STATUS, 2, argv, lengths);
    if (reply)
        freeReplyObject(reply);
    return reply != NULL;
}

static bool redis_connected(redisContext *redis, int64_t until_us)
{
    int error = 0;
    socklen_t n = sizeof error;
    return redis_wait(redis, POLLOUT, until_us) && getsockopt(redis->fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 &&
           error == 0;
}

/* Nothing is there to be read before something is asked: neither the end, nor what would be taken for the answer. */
static bool redis_is_quiet(const redisContext *redis)
{
    char byte;
    return recv(redis->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* The time of one question begins. */
static bool redis_ready(struct cache *c)
{
    c->until_us = monotonic_us() + COMMAND_LIMIT_MS * 1000L;
    if (c->redis && redis_is_quiet(c->redis))
        return true;
    if (c->redis)
        redisFree(c->redis);
    c->redis = NULL;
    if (monotonic_us() < c->not_before_us)
        return false;
    c->redis = c->port ? redisConnectNonBlock(c->host, c->port) : redisConnectUnixNonBlock(c->host);
    if (!c->redis || c->redis->err || !redis_connected(c->redis, c->until_us)) {
        log_warn(NULL, "cache.unavailable",
                 L_STR("why", str_of(c->redis && c->redis->errstr[0] ? c->redis->errstr : "no connection")));
        redis_drop(c);
        return false;
    }
    return redis_select(c);
}

#define UNAVAILABLE INT64_MIN

/* Seconds to wait, above 0; else, negated, how many more may follow at once. UNAVAILABLE. */
static int64_t bucket_ask(struct cache *c, str key, int per_minute, int burst, int cost, instant at)
{
    char name[KEY_MAX_BYTES + 8], rate[32], most[16], now[32], take[16];
    int name_n = snprintf(name, sizeof name, "limit:%.*s", (int)(key.n < KEY_MAX_BYTES ? key.n : KEY_MAX_BYTES), key.p);
    snprintf(rate, sizeof rate, "%.6f", per_minute / 60.0);
    snprintf(most, sizeof most, "%d", burst);
    snprintf(take, sizeof take, "%d", cost);
    snprintf(now, sizeof now, "%lld.%06d", (long long)(at.us / 1000000), (int)(at.us % 1000000));
    const char *argv[] = { "EVAL", bucket_script, "1", name, rate, most, now, take };
    size_t lengths[] = {
        4, sizeof bucket_script - 1, 1, (size_t)name_n, strlen(rate), strlen(most), strlen(now), strlen(take)
    };
    redisReply *reply = redis_call(c, REDIS_REPLY_INTEGER, 8, argv, lengths);
    if (!reply)
        return UNAVAILABLE;
    int64_t said = reply->integer;
    freeReplyObject(reply);
    return said >= -burst ? said : UNAVAILABLE;
}

bool cache_usable(struct cache *c)
{
    c->not_before_us = 0;
    return redis_ready(c) && bucket_ask(c, STR("usable"), 60, 1, 0, (instant){ 0 }) != UNAVAILABLE;
}

static bool bucket_take(struct task *t, str key, int per_minute, int burst, int cost, int *left, int *retry_after_s)
{
    int64_t said = UNAVAILABLE;
    if (t->cache && redis_ready(t->cache))
        said = bucket_ask(t->cache, key, per_minute, burst, cost, task_wall(t));
    if (said == UNAVAILABLE)
        return fallback_allow(key, per_minute, burst, cost, task_wall(t), left, retry_after_s);
    if (said > 0)
        *retry_after_s = (int)(said < 3600 ? said : 3600);
    *left = said > 0 ? 0 : (int)-said;
    return said <= 0;
}

bool cache_take(struct task *t, str key, int per_minute, int burst, int *left, int *retry_after_s)
{
    return bucket_take(t, key, per_minute, burst, 1, left, retry_after_s);
}

bool cache_allow(struct task *t, str key, int per_minute, int burst, int *retry_after_s)
{
    int left;
    return bucket_take(t, key, per_minute, burst, 1, &left, retry_after_s);
}

void cache_put_back(struct task *t, str key, int per_minute, int burst)
{
    int left, never;
    bucket_take(t, key, per_minute, burst, -1, &left, &never);
}
