/* Direct-mapped, in shards with a lock each: a collision forgets the older token. See token_cache.h. */
#include "paysrv/flow/access/token_cache.h"

#include <pthread.h>

#define SHARDS 16
#define SLOTS 64
#define TEXT_BYTES 1024
#define FIELDS 14
#define KEEP SECONDS(60)

struct slot {
    digest token;
    instant until;
    instant issued, expires, logged_in;
    enum cnf_kind cnf_kind;
    bool given[FIELDS];
    uint16_t length[FIELDS];
    char text[TEXT_BYTES];
};

struct shard {
    pthread_mutex_t lock;
    struct slot slots[SLOTS];
};

struct token_cache {
    struct shard *shards[SHARDS];
};

struct token_cache *token_cache_create(struct arena *process)
{
    struct token_cache *c = arena_new(process, struct token_cache);
    for (size_t i = 0; i < SHARDS; i++) {
        c->shards[i] = arena_new(process, struct shard);
        pthread_mutex_init(&c->shards[i]->lock, NULL);
    }
    return c;
}

static struct shard *shard_of(struct token_cache *c, const digest *token)
{
    return c->shards[token->b[0] % SHARDS];
}

static struct slot *slot_of(struct shard *shard, const digest *token)
{
    return &shard->slots[token->b[1] % SLOTS];
}

/* The texts of a caller in a fixed order. */
static void fields_of(struct caller *caller, str *fields[FIELDS])
{
    fields[0] = &caller->partner.v;
    fields[1] = &caller->subject;
    fields[2] = &caller->client_id;
    fields[3] = &caller->scopes;
    fields[4] = &caller->email;
    fields[5] = &caller->name;
    fields[6] = &caller->jti;
    fields[7] = &caller->cnf.thumbprint;
    fields[8] = &caller->acr;
    fields[9] = &caller->details;
    fields[10] = &caller->grant;
    fields[11] = &caller->kid;
    fields[12] = &caller->places;
    fields[13] = &caller->acting;
}

static void slot_read(struct arena *a, const struct slot *slot, struct caller *ret)
{
    str *fields[FIELDS];
    fields_of(ret, fields);
    size_t at = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        *fields[i] = STR_NONE;
        if (slot->given[i])
            *fields[i] = arena_str(a, (str){ slot->text + at, slot->length[i] });
        at += slot->length[i];
    }
    ret->issued = slot->issued;
    ret->expires = slot->expires;
    ret->logged_in = slot->logged_in;
    ret->cnf.kind = slot->cnf_kind;
}

bool token_cache_find(struct task *t, struct token_cache *c, const digest *token, struct caller *ret)
{
    struct shard *shard = shard_of(c, token);
    pthread_mutex_lock(&shard->lock);
    const struct slot *slot = slot_of(shard, token);
    bool found = memcmp(&slot->token, token, sizeof *token) == 0 && instant_before(t->now, slot->until);
    if (found)
        slot_read(t->arena, slot, ret);
    pthread_mutex_unlock(&shard->lock);
    return found;
}

void token_cache_keep(struct task *t, struct token_cache *c, const digest *token, const struct caller *caller)
{
    struct caller copy = *caller;
    str *fields[FIELDS];
    fields_of(&copy, fields);
    size_t total = 0;
    for (size_t i = 0; i < FIELDS; i++)
        total += fields[i]->n;
    if (total > TEXT_BYTES)
        return;

    struct shard *shard = shard_of(c, token);
    pthread_mutex_lock(&shard->lock);
    struct slot *slot = slot_of(shard, token);
    slot->token = *token;
    slot->issued = caller->issued;
    slot->expires = caller->expires;
    slot->logged_in = caller->logged_in;
    slot->cnf_kind = caller->cnf.kind;
    instant limit = instant_add(t->now, KEEP);
    slot->until = instant_before(caller->expires, limit) ? caller->expires : limit;
    size_t at = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        slot->given[i] = str_given(*fields[i]);
        slot->length[i] = (uint16_t)fields[i]->n;
        if (fields[i]->n)
            memcpy(slot->text + at, fields[i]->p, fields[i]->n);
        at += fields[i]->n;
    }
    pthread_mutex_unlock(&shard->lock);
}
