/* The issuer's keys: OpenID Connect Discovery 1.0 section 4, RFC 8414, RFC 7517. See keys.h. */
#include "paysrv/flow/access/keys.h"

#include <pthread.h>

#include "shared/base/faults.h"
#include "shared/net/fetch.h"
#include "shared/ops/gate.h"
#include "shared/ops/log.h"

#define DOCUMENT_MAX_BYTES 65536
#define REFETCH_US (60 * 1000000LL)
#define FIRST_FETCH_US 1000000LL
#define REFRESH_US (300 * 1000000LL)
#define LATE_US (60 * 1000000LL) /* no node of the issuer's is behind for longer */
#define GONE_MAX 8               /* kids that were taken back lately */
#define KID_BYTES 128

struct keys {
    str issuer;
    pthread_rwlock_t lock; /* of set and gone */
    struct jose_set *set;
    struct {
        char kid[KID_BYTES];
        int64_t at_us; /* 0: none */
    } gone[GONE_MAX];
    size_t n_gone;              /* ever */
    struct gate fetching;       /* one fetch at a time */
    _Atomic int64_t tried_us;   /* monotonic; 0: never */
    _Atomic int64_t fetched_us; /* 0: never, or not since a key was taken back */
};

static void set_release(void *keys)
{
    struct keys *k = keys;
    if (k->set)
        jose_set_free(k->set);
}

struct keys *keys_create(struct arena *process, str issuer)
{
    struct keys *k = arena_new(process, struct keys);
    arena_defer(process, set_release, k);
    k->issuer = arena_str(process, issuer);
    pthread_rwlock_init(&k->lock, NULL);
    gate_init(&k->fetching);
    return k;
}

static bool document_get(struct task *t, str url, const struct json_value **ret, str *body)
{
    struct fetch_answer answer = { 0 };
    fetch(t,
          &(struct fetch_request){
              .method = "GET", .url = url, .body = STR_NONE, .max_bytes = DOCUMENT_MAX_BYTES, .is_ours = true },
          &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200 || !json_parse(t->arena, answer.body, ret)) {
        log_warn(t, "issuer_document.refused", L_STR("url", url), L_STR("why", answer.why),
                 L_I64("status", answer.status));
        return false;
    }
    *body = answer.body;
    return true;
}

static struct jose_set *set_fetch(struct task *t, const struct keys *k)
{
    str url = arena_printf(t->arena, "%.*s/.well-known/openid-configuration", STR_ARG(k->issuer));
    const struct json_value *metadata;
    str body, issuer, jwks_uri;
    if (!document_get(t, url, &metadata, &body))
        return NULL;
    if (!json_get_str(metadata, "issuer", &issuer) || !str_eq(issuer, k->issuer) ||
        !json_get_str(metadata, "jwks_uri", &jwks_uri)) {
        log_warn(t, "issuer_document.refused", L_STR("url", url), L_STR("why", STR("another issuer or no jwks_uri")));
        return NULL;
    }
    const struct json_value *document;
    if (!document_get(t, jwks_uri, &document, &body))
        return NULL;
    struct jose_set *set = jose_set_parse(body, DOCUMENT_MAX_BYTES);
    if (!set || jose_set_size(set) == 0) {
        log_warn(t, "issuer_keys.refused", L_STR("url", jwks_uri));
        if (set)
            jose_set_free(set);
        return NULL;
    }
    return set;
}

bool keys_usable(struct keys *k)
{
    pthread_rwlock_rdlock(&k->lock);
    bool usable = k->set != NULL;
    pthread_rwlock_unlock(&k->lock);
    return usable;
}

/* A node of the issuer's that still names a key which was taken back knows nothing of its successor either. */
static bool set_is_late(struct keys *k, const struct jose_set *set)
{
    bool is_late = false;
    pthread_rwlock_rdlock(&k->lock);
    for (size_t i = 0; i < GONE_MAX && !is_late; i++)
        is_late = k->gone[i].at_us > 0 && monotonic_us() - k->gone[i].at_us < LATE_US &&
                  jose_set_find(set, str_of(k->gone[i].kid)) != NULL;
    pthread_rwlock_unlock(&k->lock);
    return is_late;
}

/* While a key is being replaced tokens of its successor are about, which may be in no set that was read. */
static int64_t pause_of(struct keys *k)
{
    return keys_usable(k) && k->fetched_us > 0 ? REFETCH_US : FIRST_FETCH_US;
}

/* Fetches unless somebody tried less than pause_us ago. The set in use stays when the new one cannot be had. */
static void keys_fetch(struct task *t, struct keys *k, int64_t pause_us)
{
    gate_enter(&k->fetching);
    int64_t now_us = monotonic_us();
    if (k->tried_us == 0 || now_us - k->tried_us >= pause_us) {
        k->tried_us = now_us;
        struct jose_set *set = set_fetch(t, k);
        if (set && keys_usable(k) && set_is_late(k, set)) {
            log_warn(t, "issuer_keys.refused", L_STR("why", STR("of a node that has not heard what was taken back")));
            jose_set_free(set);
        } else if (set) {
            pthread_rwlock_wrlock(&k->lock);
            struct jose_set *old = k->set;
            k->set = set;
            pthread_rwlock_unlock(&k->lock);
            if (old)
                jose_set_free(old);
            k->fetched_us = monotonic_us();
        }
    }
    gate_leave(&k->fetching);
}

void keys_expire(struct keys *k, str kid)
{
    pthread_rwlock_wrlock(&k->lock);
    if (kid.n < KID_BYTES) {
        size_t at = k->n_gone++ % GONE_MAX;
        memcpy(k->gone[at].kid, kid.p, kid.n);
        k->gone[at].kid[kid.n] = '\0';
        k->gone[at].at_us = monotonic_us();
    }
    pthread_rwlock_unlock(&k->lock);
    k->tried_us = k->fetched_us = 0;
}

err keys_refresh(struct task *t, struct keys *k)
{
    if (!keys_usable(k))
        keys_fetch(t, k, 0);
    else if (k->fetched_us == 0 || monotonic_us() - k->fetched_us >= REFRESH_US)
        keys_fetch(t, k, pause_of(k));
    return OK;
}

/* false: there are no keys yet. */
static bool verify_now(struct task *t, struct keys *k, const char *typ, str token, struct issuer_token *ret)
{
    struct jws_read read;
    const struct jws_want want = { .typ = typ };
    pthread_rwlock_rdlock(&k->lock);
    bool usable = k->set != NULL;
    if (usable)
        ret->verdict = jws_verify_with(t->arena, k->set, &want, token, &read);
    if (usable && ret->verdict == JWS_GOOD) /* the key may go with its set when the lock does */
        *ret = (struct issuer_token){ JWS_GOOD, read.claims, arena_str(t->arena, jose_key_kid(read.key)) };
    pthread_rwlock_unlock(&k->lock);
    return usable;
}

err keys_verify(struct task *t, struct keys *k, const char *typ, str token, struct issuer_token *ret)
{
    bool usable = verify_now(t, k, typ, token, ret);
    if (usable && ret->verdict != JWS_UNKNOWN_KEY)
        return OK;
    int64_t pause_us = pause_of(k);
    if (usable && monotonic_us() - k->tried_us < pause_us)
        return OK;
    if (!t->fetcher)
        return FAIL(t, NEED_WORKER, "keys of the issuer have to be fetched");
    keys_fetch(t, k, pause_us);
    if (!verify_now(t, k, typ, token, ret)) {
        struct failure *f = FAIL(t, UNAVAILABLE, "no keys of the issuer are known");
        f->retry_after_s = 1;
        return f;
    }
    return OK;
}
