/* Redis: rate limits and hints. May be flushed or gone at any moment: then limits fall back to this process, nothing
 * else changes. */
#pragma once

#include <stdint.h>

#include "shared/base/task.h"

struct cache;

/* redis://host:port/db or unix:///path. One per worker or job; connects on first use, is dropped after any error, and
 * nobody waits longer than 50 ms, connecting included. */
struct cache *cache_open(str url);
void cache_close(struct cache *c);
/* Whether limits are decided there now: it answers, and keeps what it is told. */
bool cache_usable(struct cache *c);

/* Token bucket under key: true when one more is allowed. Redis unavailable: a bucket in this process decides. */
bool cache_allow(struct task *t, str key, int per_minute, int burst, int *retry_after_s);
/* And how many more are allowed at once. */
bool cache_take(struct task *t, str key, int per_minute, int burst, int *left, int *retry_after_s);
/* What was allowed does not count after all (a log-in that succeeded). */
void cache_put_back(struct task *t, str key, int per_minute, int burst);
