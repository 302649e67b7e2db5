/*
 * One lock over a few hundred entries; it is never held while something is fetched. Sets are counted, so that whoever
 * still verifies with an old one keeps it alive.
 */
#include "authsrv/flow/client/jwks_cache.h"

#include <pthread.h>

#include "authsrv/app.h"
#include "shared/crypto/crypto.h"
#include "shared/net/fetch.h"
#include "shared/net/max_age.h"
#include "shared/ops/fiber.h"
#include "shared/ops/log.h"

#define ENTRIES 512
#define URL_MAX_BYTES 2000
#define STALE_US ((int64_t)86400 * 1000000)
#define AGAIN_US ((int64_t)60 * 1000000)
#define DOCUMENT_MAX_BYTES 262144

struct counted_set {
    struct arena *arena; /* holds this struct */
    struct jose_set *set;
    int64_t fresh_us;
    int64_t users; /* under the cache's lock; the cache itself is one */
};

struct entry {
    digest at; /* the hash of where: the address itself is as long as its owner likes */
    struct counted_set *keys;
    int64_t fetched_us, tried_us, used_us; /* monotonic, 0: never */
    bool is_fetching;
};

struct waiter {
    struct parking called;
    struct waiter *next;
};

struct jwks_cache {
    pthread_mutex_t lock;
    struct waiter *waiting; /* for whatever is being fetched */
    struct entry entries[ENTRIES];
};

struct jwks_cache *jwks_cache_create(struct arena *process)
{
    struct jwks_cache *cache = arena_new(process, struct jwks_cache);
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

/* Under the lock, or when nobody else is left. */
static void set_drop(struct counted_set *keys)
{
    if (!keys || --keys->users > 0)
        return;
    jose_set_free(keys->set);
    arena_destroy(keys->arena);
}

void jwks_cache_close(struct jwks_cache *cache)
{
    for (size_t i = 0; i < ENTRIES; i++)
        set_drop(cache->entries[i].keys);
    pthread_mutex_destroy(&cache->lock);
}

/* The entry of this URL, else the one that was not used for longest and is not being fetched. */
static struct entry *entry_of(struct jwks_cache *cache, const digest *at)
{
    struct entry *oldest = NULL;
    for (size_t i = 0; i < ENTRIES; i++) {
        struct entry *e = &cache->entries[i];
        if (equal_digest(&e->at, at))
            return e;
        if (!e->is_fetching && (!oldest || e->used_us < oldest->used_us))
            oldest = e;
    }
    if (!oldest)
        return NULL;
    set_drop(oldest->keys);
    *oldest = (struct entry){ .at = *at };
    return oldest;
}

struct hold {
    struct jwks_cache *cache;
    struct counted_set *keys;
};

static void hold_release(void *object)
{
    struct hold *h = object;
    pthread_mutex_lock(&h->cache->lock);
    set_drop(h->keys);
    pthread_mutex_unlock(&h->cache->lock);
}

static const struct jose_set *hold(struct task *t, struct jwks_cache *cache, struct entry *e)
{
    if (!e->keys || monotonic_us() - e->fetched_us > STALE_US)
        return NULL;
    struct hold *h = arena_new(t->arena, struct hold);
    *h = (struct hold){ cache, e->keys };
    e->keys->users++;
    arena_defer(t->arena, hold_release, h);
    return e->keys->set;
}

/* As its owner says, within bounds: he may withdraw a key, and may not have us ask at each log-in. */
static int64_t fresh_us(str cache_control)
{
    const struct max_age_bounds bounds = { .unsaid = 3600, .least = 60, .most = 12 * 3600 };
    return max_age_within(cache_control, &bounds) * 1000000;
}

static struct jose_set *document_fetch(struct task *t, struct jwks_at at, int64_t *fresh)
{
    const struct fetch_request rq = {
        .method = "GET", .url = at.url, .max_bytes = DOCUMENT_MAX_BYTES, .is_ours = at.is_ours
    };
    struct fetch_answer answer;
    fetch(t, &rq, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200) {
        log_warn(t, "jwks.fetch_failed", L_STR("url", at.url), L_STR("why", answer.why),
                 L_I64("status", answer.status));
        return NULL;
    }
    struct jose_set *set = jose_set_parse(answer.body, DOCUMENT_MAX_BYTES);
    if (!set)
        log_warn(t, "jwks.refused", L_STR("url", at.url));
    *fresh = fresh_us(answer.cache_control);
    return set;
}

/* Without the lock, as the one that fetches; the entry cannot give way meanwhile. */
static struct counted_set *keys_fetch(struct task *t, struct jwks_at at)
{
    int64_t fresh;
    struct jose_set *set = document_fetch(t, at, &fresh);
    if (!set)
        return NULL;
    struct arena *arena = arena_create(256, 4096);
    struct counted_set *keys = arena_new(arena, struct counted_set);
    *keys = (struct counted_set){ arena, set, fresh, 1 };
    return keys;
}

static bool fetch_wanted(const struct entry *e, bool anew)
{
    int64_t now = monotonic_us();
    bool old = !e->keys || now - e->fetched_us > e->keys->fresh_us;
    return (old || anew) && (e->tried_us == 0 || now - e->tried_us > AGAIN_US);
}

/* With the lock held; it is given up meanwhile. */
static void fetch_await(struct jwks_cache *cache)
{
    struct waiter me = { .next = cache->waiting };
    parking_init(&me.called);
    cache->waiting = &me;
    pthread_mutex_unlock(&cache->lock);
    parking_wait(&me.called);
    pthread_mutex_lock(&cache->lock);
}

/* Once it is called, a waiter may be gone. */
static void waiting_call(struct jwks_cache *cache)
{
    struct waiter *next;
    for (struct waiter *w = cache->waiting; w; w = next) {
        next = w->next;
        parking_call(&w->called);
    }
    cache->waiting = NULL;
}

static void entry_refresh(struct task *t, struct jwks_cache *cache, struct entry *e, struct jwks_at at)
{
    e->is_fetching = true;
    e->tried_us = monotonic_us();
    pthread_mutex_unlock(&cache->lock);
    struct counted_set *keys = keys_fetch(t, at);
    pthread_mutex_lock(&cache->lock);
    if (keys) {
        set_drop(e->keys);
        e->keys = keys;
        e->fetched_us = monotonic_us();
    }
    e->is_fetching = false;
    waiting_call(cache);
}

/* Who may not be led to our own networks learns nothing of what was fetched there, and does not hold it up. */
static digest place_of(struct task *t, struct jwks_at at)
{
    return sha256_str(arena_printf(t->arena, "%d %.*s", at.is_ours, STR_ARG(at.url)));
}

const struct jose_set *jwks_get(struct task *t, struct jwks_at at, bool anew)
{
    struct jwks_cache *cache = app_of(t)->jwks;
    const struct jose_set *ret = NULL;
    if (at.url.n == 0 || at.url.n > URL_MAX_BYTES)
        return NULL;
    digest place = place_of(t, at);
    pthread_mutex_lock(&cache->lock);
    struct entry *e = entry_of(cache, &place);
    while (e && e->is_fetching && (anew || !e->keys)) {
        fetch_await(cache);
        e = entry_of(cache, &place);
        anew = false;
    }
    if (e && fetch_wanted(e, anew))
        entry_refresh(t, cache, e, at);
    if (e) {
        e->used_us = monotonic_us();
        ret = hold(t, cache, e);
    }
    pthread_mutex_unlock(&cache->lock);
    return ret;
}

enum jws_verdict jwks_verify(struct task *t, struct jwks_at at, const struct jws_want *want, str token,
                             struct jws_read *ret)
{
    enum jws_verdict v = JWS_UNKNOWN_KEY;
    for (int anew = 0; anew < 2 && v == JWS_UNKNOWN_KEY; anew++) {
        const struct jose_set *set = jwks_get(t, at, anew == 1);
        if (set)
            v = jws_verify_with(t->arena, set, want, token, ret);
    }
    return v;
}

static void set_release(void *set)
{
    jose_set_free(set);
}

enum jws_verdict published_verify(struct task *t, str url, str document, const struct jws_want *want, str token,
                                  struct jws_read *ret)
{
    if (str_given(url))
        return jwks_verify(t, (struct jwks_at){ .url = url }, want, token, ret);
    struct jose_set *set = jose_set_parse(document, DOCUMENT_MAX_BYTES);
    if (!set)
        return JWS_UNKNOWN_KEY;
    arena_defer(t->arena, set_release, set);
    return jws_verify_with(t->arena, set, want, token, ret);
}
