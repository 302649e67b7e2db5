/*
 * A fixed table: it never grows, and the limit is approximate by design. A row holds how long its bucket takes to be
 * full again, which means the same whatever limit it is of: who takes over the row of another key is limited at least
 * as that one was, so nobody's bucket is filled by strangers' keys. Of the rows where a key may stand the fullest is
 * taken over, and which these are only this process knows.
 */
#include "shared/cache/fallback.h"

#include <pthread.h>
#include <string.h>

#include "shared/crypto/crypto.h"

#define ROWS 4096
#define WAYS 8 /* rows where a key may stand, beside each other */
#define MINUTE_US 60000000

struct row {
    uint64_t key;
    int64_t full_in_us, at_us;
};

static struct row rows[ROWS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned char hash_key[32];

static void hash_key_make(void)
{
    random_bytes(hash_key, sizeof hash_key);
}

/* Keys have names in them that others choose. */
static uint64_t key_hash(str key)
{
    const digest d = hmac_sha256((bytes){ hash_key, sizeof hash_key }, (bytes){ (const unsigned char *)key.p, key.n });
    uint64_t h;
    memcpy(&h, d.b, sizeof h);
    return h;
}

static int64_t full_in(const struct row *r, instant now)
{
    int64_t passed_us = now.us > r->at_us ? now.us - r->at_us : 0;
    return r->full_in_us > passed_us ? r->full_in_us - passed_us : 0;
}

static struct row *row_of(uint64_t key, instant now)
{
    struct row *first = &rows[key % (ROWS / WAYS) * WAYS], *fullest = first;
    for (struct row *r = first; r < first + WAYS; r++) {
        if (r->key == key)
            return r;
        if (full_in(r, now) < full_in(fullest, now))
            fullest = r;
    }
    fullest->key = key;
    return fullest;
}

bool fallback_allow(str key, int per_minute, int burst, int cost, instant now, int *left, int *retry_after_s)
{
    pthread_once(&once, hash_key_make);
    uint64_t hash = key_hash(key);
    int64_t one_us = MINUTE_US / per_minute, most_us = burst * one_us;
    pthread_mutex_lock(&lock);
    struct row *r = row_of(hash, now);
    int64_t full_in_us = full_in(r, now) + cost * one_us;
    bool allowed = full_in_us <= most_us;
    if (allowed) {
        r->full_in_us = full_in_us > 0 ? full_in_us : 0;
        r->at_us = now.us > r->at_us ? now.us : r->at_us;
    } else {
        *retry_after_s = (int)((full_in_us - most_us) / 1000000) + 1;
    }
    *left = allowed ? (int)((most_us - r->full_in_us) / one_us) : 0;
    pthread_mutex_unlock(&lock);
    return allowed;
}
