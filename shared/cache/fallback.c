/*
 * A fixed table: it never grows, and the limit is approximate by design. A row holds how long its bucket takes to be
 * full again, which means the same whatever limit it is of: who takes over the row of another key is limited at least
 * as that one was, so nobody's bucket is filled by strangers' keys. Of the rows where a key may stand the fullest is
 * taken over, and which these are only this process knows.
 */
#include "shared/cache/fallback.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include "shared/base/panic.h"

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
static uint64_t secret[2];

static void secret_make(void)
{
    if (getrandom(secret, sizeof secret, 0) != (ssize_t)sizeof secret)
        panic("no randomness");
}

static uint64_t left_turned(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = left_turned(v[1], 13) ^ v[0];
    v[3] = left_turned(v[3], 16) ^ v[2];
    v[0] = left_turned(v[0], 32) + v[3];
    v[2] += v[1];
    v[3] = left_turned(v[3], 21) ^ v[0];
    v[1] = left_turned(v[1], 17) ^ v[2];
    v[2] = left_turned(v[2], 32);
}

/* SipHash-2-4: keys have names in them that others choose. */
static uint64_t key_hash(str key)
{
    uint64_t v[4] = { secret[0] ^ 0x736f6d6570736575U, secret[1] ^ 0x646f72616e646f6dU, secret[0] ^ 0x6c7967656e657261U,
                      secret[1] ^ 0x7465646279746573U };
    for (size_t i = 0; i <= key.n; i += 8) {
        uint64_t word = key.n - i < 8 ? (uint64_t)key.n << 56 : 0;
        memcpy(&word, key.p + i, key.n - i < 8 ? key.n - i : 8);
        v[3] ^= word;
        sip_round(v);
        sip_round(v);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
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
    pthread_once(&once, secret_make);
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
