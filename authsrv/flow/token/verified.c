/* In shards with a lock each, of sets of a few: where a set is full, the oldest token of it is forgotten. See
 * verified.h. */
#include "authsrv/flow/token/verified.h"

#include <pthread.h>

#include "authsrv/app.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define SHARDS 16
#define SETS 32
#define WAYS 4
#define KID_BYTES 64 /* ours are thumbprints of 43 */
#define CLAIMS_BYTES 960

struct slot {
    digest token;
    uint16_t kid_n, claims_n;
    char kid[KID_BYTES];
    char claims[CLAIMS_BYTES];
};

struct set {
    unsigned next; /* way to be filled */
    struct slot ways[WAYS];
};

struct shard {
    pthread_mutex_t lock;
    struct set sets[SETS];
};

struct verified {
    struct shard *shards[SHARDS];
};

struct verified *verified_create(struct arena *process)
{
    struct verified *v = arena_new(process, struct verified);
    for (size_t i = 0; i < SHARDS; i++) {
        v->shards[i] = arena_new(process, struct shard);
        pthread_mutex_init(&v->shards[i]->lock, NULL);
    }
    return v;
}

static struct shard *shard_of(struct verified *v, const digest *token)
{
    return v->shards[token->b[0] % SHARDS];
}

static struct set *set_of(struct shard *shard, const digest *token)
{
    return &shard->sets[token->b[1] % SETS];
}

static const struct slot *slot_of(const struct set *set, const digest *token)
{
    for (size_t i = 0; i < WAYS; i++)
        if (set->ways[i].claims_n > 0 && memcmp(&set->ways[i].token, token, sizeof *token) == 0)
            return &set->ways[i];
    return NULL;
}

static bool slot_find(struct task *t, const digest *token, str *kid, str *claims)
{
    struct shard *shard = shard_of(app_of(t)->verified, token);
    pthread_mutex_lock(&shard->lock);
    const struct slot *slot = slot_of(set_of(shard, token), token);
    if (slot) {
        *kid = arena_str(t->arena, (str){ slot->kid, slot->kid_n });
        *claims = arena_str(t->arena, (str){ slot->claims, slot->claims_n });
    }
    pthread_mutex_unlock(&shard->lock);
    return slot != NULL;
}

static void slot_fill(struct set *set, const digest *token, str kid, bytes claims)
{
    if (slot_of(set, token))
        return; /* somebody else verified it meanwhile */
    struct slot *slot = &set->ways[set->next++ % WAYS];
    slot->token = *token;
    slot->kid_n = (uint16_t)kid.n;
    slot->claims_n = (uint16_t)claims.n;
    memcpy(slot->kid, kid.p, kid.n);
    memcpy(slot->claims, claims.p, claims.n);
}

static void slot_keep(struct task *t, const digest *token, str kid, bytes claims)
{
    if (kid.n > KID_BYTES || claims.n > CLAIMS_BYTES)
        return;
    struct shard *shard = shard_of(app_of(t)->verified, token);
    pthread_mutex_lock(&shard->lock);
    slot_fill(set_of(shard, token), token, kid, claims);
    pthread_mutex_unlock(&shard->lock);
}

/* The middle of header.claims.signature, as it was verified. */
static bool claims_text(struct task *t, str token, bytes *ret)
{
    str rest = token, part;
    return str_cut(&rest, '.', &part) && str_cut(&rest, '.', &part) && base64url_decode(t->arena, part, ret);
}

bool verified_read(struct task *t, const struct jose_set *keys, str token, const struct json_value **claims)
{
    const struct jws_want want = { .typ = "at+jwt" };
    struct jws_read read;
    str kid, kept;
    bytes text;
    digest d = sha256_str(token);
    if (slot_find(t, &d, &kid, &kept) && jose_set_find(keys, kid))
        return json_parse(t->arena, kept, claims);
    if (jws_verify_with(t->arena, keys, &want, token, &read) != JWS_GOOD)
        return false;
    if (claims_text(t, token, &text))
        slot_keep(t, &d, jose_key_kid(read.key), text);
    *claims = read.claims;
    return true;
}
