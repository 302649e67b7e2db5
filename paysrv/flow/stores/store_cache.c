/* A table of fixed places, some for each row: of those that meet in a row the oldest one is forgotten. See
 * store_cache.h. */
#include "paysrv/flow/stores/store_cache.h"

#include <pthread.h>

#include "paysrv/domain/acquirer/method.h"
#include "paysrv/domain/stores/store.h"
#include "shared/crypto/crypto.h"

enum { ROWS = 256, PLACES = 4, LOCKS = 16, USER_MAX = 48, RULES_MAX = 1000, METHODS_MAX = 8, DOMAINS_MAX = 600 };
#define LIFE SECONDS(5)

struct place {
    digest name; /* of partner and store */
    instant until;
    char user[USER_MAX], currency[3];
    size_t user_n;
    int32_t platform_bp, partner_bp;
    int64_t settlement_terms;
    char profile[USER_MAX], rules[RULES_MAX];
    size_t profile_n, rules_n; /* 0: none */
    enum payment_method methods[METHODS_MAX];
    size_t methods_n;
    bool domains_required;
    char domains[DOMAINS_MAX];
    size_t domains_n;
};

struct store_cache {
    pthread_mutex_t locks[LOCKS];
    struct place places[ROWS][PLACES];
};

struct store_cache *store_cache_create(struct arena *process)
{
    struct store_cache *c = arena_new(process, struct store_cache);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&c->locks[i], NULL);
    return c;
}

static digest name_of(struct task *t, partner_id partner, store_id store)
{
    return sha256_str(arena_printf(t->arena, "%.*s %.*s", STR_ARG(partner.v), STR_ARG(store.v)));
}

static str_array methods_of(struct task *t, const struct place *found)
{
    str *names = arena_array(t->arena, str, METHODS_MAX);
    for (size_t i = 0; i < found->methods_n; i++)
        names[i] = payment_method_name(found->methods[i]);
    return (str_array){ names, found->methods_n };
}

/* false: a method that this program does not know. */
static bool methods_keep(struct place *made, str_array names)
{
    made->methods_n = names.n;
    for (size_t i = 0; i < names.n; i++)
        if (i == METHODS_MAX || !payment_method_parse(names.items[i], &made->methods[i]))
            return false;
    return true;
}

static size_t row_of(const digest *name)
{
    return name->b[0];
}

static pthread_mutex_t *lock_of(struct store_cache *c, const digest *name)
{
    return &c->locks[row_of(name) % LOCKS];
}

/* NULL: it is not there. Called with the lock held. */
static struct place *place_of(struct store_cache *c, const digest *name)
{
    struct place *row = c->places[row_of(name)];
    for (size_t i = 0; i < PLACES; i++)
        if (equal_digest(&row[i].name, name))
            return &row[i];
    return NULL;
}

/* The place of this store, or the one that is the first to end. Called with the lock held. */
static struct place *place_for(struct store_cache *c, const digest *name)
{
    struct place *mine = place_of(c, name), *first = c->places[row_of(name)];
    for (size_t i = 1; i < PLACES; i++)
        if (instant_before(c->places[row_of(name)][i].until, first->until))
            first = &c->places[row_of(name)][i];
    return mine ? mine : first;
}

bool store_cache_find(struct task *t, struct store_cache *c, partner_id partner, store_id store,
                      struct payment_store_row *ret)
{
    digest name = name_of(t, partner, store);
    struct place found;
    pthread_mutex_lock(lock_of(c, &name));
    const struct place *kept = place_of(c, &name);
    if (kept)
        found = *kept;
    pthread_mutex_unlock(lock_of(c, &name));
    if (!kept || !instant_before(t->now, found.until))
        return false;
    *ret = (struct payment_store_row){
        .user_id = { arena_str(t->arena, (str){ found.user, found.user_n }) },
        .currency = arena_str(t->arena, (str){ found.currency, sizeof found.currency }),
        .platform_bp = found.platform_bp,
        .partner_bp = found.partner_bp,
        .settlement_terms = found.settlement_terms,
        .split_profile_id = found.profile_n ? arena_str(t->arena, (str){ found.profile, found.profile_n }) : STR_NONE,
        .rules = found.rules_n ? arena_str(t->arena, (str){ found.rules, found.rules_n }) : STR_NONE,
        .methods = methods_of(t, &found),
        .accounts_open = true,
        .status = store_status_name(STORE_ACTIVE),
        .domains_required = found.domains_required,
        .domains = found.domains_n ? arena_str(t->arena, (str){ found.domains, found.domains_n }) : STR_NONE,
    };
    return true;
}

/* Not beyond the moment at which another tariff begins. */
static instant until(const struct task *t, const struct payment_store_row *row)
{
    instant end = instant_add(t->now, LIFE);
    return row->next_tariff_at_given && instant_before(row->next_tariff_at, end) ? row->next_tariff_at : end;
}

void store_cache_keep(struct task *t, struct store_cache *c, partner_id partner, store_id store,
                      const struct payment_store_row *row)
{
    struct place made = { .name = name_of(t, partner, store),
                          .until = until(t, row),
                          .user_n = row->user_id.v.n,
                          .platform_bp = row->platform_bp,
                          .partner_bp = row->partner_bp,
                          .settlement_terms = row->settlement_terms,
                          .profile_n = row->split_profile_id.n,
                          .rules_n = row->rules.n,
                          .domains_required = row->domains_required,
                          .domains_n = row->domains.n };
    if (!row->accounts_open || made.user_n > USER_MAX || row->currency.n != sizeof made.currency ||
        made.profile_n > USER_MAX || made.rules_n > RULES_MAX || !methods_keep(&made, row->methods) ||
        made.domains_n > DOMAINS_MAX || !str_eq(row->status, store_status_name(STORE_ACTIVE)))
        return;
    memcpy(made.user, row->user_id.v.p, made.user_n);
    memcpy(made.currency, row->currency.p, sizeof made.currency);
    if (made.profile_n)
        memcpy(made.profile, row->split_profile_id.p, made.profile_n);
    if (made.rules_n)
        memcpy(made.rules, row->rules.p, made.rules_n);
    if (made.domains_n)
        memcpy(made.domains, row->domains.p, made.domains_n);
    pthread_mutex_lock(lock_of(c, &made.name));
    *place_for(c, &made.name) = made;
    pthread_mutex_unlock(lock_of(c, &made.name));
}

void store_cache_forget(struct task *t, struct store_cache *c, partner_id partner, store_id store)
{
    digest name = name_of(t, partner, store);
    if (!c)
        return;
    pthread_mutex_lock(lock_of(c, &name));
    struct place *kept = place_of(c, &name);
    if (kept)
        kept->until = (instant){ 0 };
    pthread_mutex_unlock(lock_of(c, &name));
}
