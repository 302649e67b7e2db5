/* See revoked.h. An entry leaves when the token that it is about would have ended. */
#include "paysrv/domain/access/revoked.h"

#include <string.h>

#define PROBES 128

struct entry {
    unsigned char key[16];
    int64_t expires_s; /* 0: free */
    int64_t before_us;
};

struct revoked {
    struct arena *own; /* of the entries */
    struct entry *entries;
    size_t slots, slots_max;
    int64_t lost_before_us, lost_until_s;
};

static void entries_make(struct revoked *r, size_t slots)
{
    r->own = arena_create(slots * sizeof(struct entry) + 4096, 2 * (slots * sizeof(struct entry) + 4096));
    r->entries = arena_array(r->own, struct entry, slots);
    r->slots = slots;
}

static void entries_free(void *r)
{
    arena_destroy(((struct revoked *)r)->own);
}

struct revoked *revoked_create(struct arena *a, size_t slots, size_t slots_max)
{
    struct revoked *r = arena_new(a, struct revoked);
    r->slots_max = slots_max;
    entries_make(r, slots);
    arena_defer(a, entries_free, r);
    return r;
}

static struct entry *probe(const struct revoked *r, const unsigned char *key, size_t i)
{
    size_t start = (size_t)key[0] | (size_t)key[1] << 8 | (size_t)key[2] << 16 | (size_t)key[3] << 24;
    return &r->entries[(start + i) & (r->slots - 1)];
}

static bool is_key(const struct entry *e, const unsigned char *key)
{
    return e->expires_s > 0 && memcmp(e->key, key, sizeof e->key) == 0;
}

bool revoked_has(const struct revoked *r, digest key, int64_t issued_us, int64_t now_s)
{
    for (size_t i = 0; i < PROBES; i++) {
        const struct entry *e = probe(r, key.b, i);
        if (e->expires_s == 0)
            return false;
        if (is_key(e, key.b) && now_s < e->expires_s)
            return issued_us < e->before_us;
    }
    return false;
}

bool revoked_doubts(const struct revoked *r, int64_t issued_us, int64_t now_s)
{
    return issued_us < r->lost_before_us && now_s < r->lost_until_s;
}

/* An ended entry is overwritten, never emptied: the ones after it are found through it. */
static bool entry_put(struct revoked *r, const struct entry *new, int64_t now_s)
{
    struct entry *place = NULL;
    for (size_t i = 0; i < PROBES; i++) {
        struct entry *e = probe(r, new->key, i);
        bool is_same = is_key(e, new->key);
        if (is_same || (!place && e->expires_s <= now_s))
            place = e;
        if (is_same || e->expires_s == 0)
            break;
    }
    if (place)
        *place = *new;
    return place != NULL;
}

static void entry_lose(struct revoked *r, const struct entry *lost, int64_t now_s)
{
    int64_t before_us = (now_s + 1) * 1000000; /* it is being told, so it is older than this second */
    if (before_us > r->lost_before_us)
        r->lost_before_us = before_us;
    if (lost->expires_s > r->lost_until_s)
        r->lost_until_s = lost->expires_s;
}

/* What has ended is left behind. */
static void entries_grow(struct revoked *r, int64_t now_s)
{
    struct arena *old_own = r->own;
    const struct entry *old = r->entries;
    size_t n = r->slots;
    entries_make(r, n * 2);
    for (size_t i = 0; i < n; i++)
        if (old[i].expires_s > now_s && !entry_put(r, &old[i], now_s))
            entry_lose(r, &old[i], now_s);
    arena_destroy(old_own);
}

bool revoked_put(struct revoked *r, digest key, int64_t before_us, int64_t expires_s, int64_t now_s)
{
    struct entry new = { .expires_s = expires_s, .before_us = before_us };
    memcpy(new.key, key.b, sizeof new.key);
    while (!entry_put(r, &new, now_s)) {
        if (r->slots == r->slots_max) {
            entry_lose(r, &new, now_s);
            return false;
        }
        entries_grow(r, now_s);
    }
    return true;
}
