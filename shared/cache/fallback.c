/*
 * A fixed table of buckets. Two keys that fall on the same row share it, and a row that another key took over starts
 * full again: the table never grows, and the limit is approximate by design.
 */
#include "shared/cache/fallback.h"

#include <pthread.h>

#define ROWS 4096

struct row {
    uint64_t key;
    double tokens;
    int64_t at_us;
};

static struct row rows[ROWS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* FNV-1a; keys are ours (route and address), not secrets. */
static uint64_t key_hash(str key)
{
    uint64_t h = 14695981039346656037U;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * 1099511628211U;
    return h;
}

bool fallback_allow(str key, int per_minute, int burst, int cost, instant now, int *left, int *retry_after_s)
{
    uint64_t h = key_hash(key);
    double per_us = per_minute / 60e6;
    pthread_mutex_lock(&lock);
    struct row *r = &rows[h % ROWS];
    if (r->key != h)
        *r = (struct row){ h, burst, now.us };
    if (now.us > r->at_us) {
        r->tokens += (double)(now.us - r->at_us) * per_us;
        r->at_us = now.us;
    }
    if (r->tokens > burst)
        r->tokens = burst;
    bool allowed = r->tokens >= cost;
    if (allowed)
        r->tokens -= cost;
    else
        *retry_after_s = (int)((cost - r->tokens) / per_us / 1e6) + 1;
    *left = allowed ? (int)r->tokens : 0;
    pthread_mutex_unlock(&lock);
    return allowed;
}
