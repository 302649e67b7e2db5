/*
 * Sets of public keys (RFC 7517 section 5). A set comes from a stranger: it is taken whole or refused whole, and
 * only what is plainly meant for something else is passed over.
 */
#include <openssl/err.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/jose/key.h"

#define SET_ARENA_BYTES ((size_t)8 << 20)
#define KEY_BYTES ((size_t)4096) /* what one takes, with what OpenSSL makes for it */

struct jose_set {
    size_t n;
    const struct jose_key *keys[JOSE_SET_MAX_KEYS];
    struct jose_key *owned[JOSE_SET_MAX_KEYS]; /* the same keys where the set frees them, else NULL */
};

static bool kids_differ(const struct json_value *keys)
{
    for (size_t i = 0; i < json_size(keys); i++) {
        str left, right;
        if (!json_get_str(json_item(keys, i), "kid", &left))
            continue;
        for (size_t k = 0; k < i; k++) {
            if (json_get_str(json_item(keys, k), "kid", &right) && str_eq(left, right))
                return false;
        }
    }
    return true;
}

static bool set_fill(struct arena *a, str document, struct jose_set *set)
{
    const struct json_value *top;
    if (!json_parse(a, document, &top))
        return false;
    const struct json_value *keys = json_get(top, "keys");
    size_t n = json_size(keys);
    if (!keys || json_kind(keys) != JSON_ARRAY || n > JOSE_SET_MAX_KEYS || !kids_differ(keys))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct jose_key *key;
        enum jwk_verdict v = jwk_read(a, json_item(keys, i), &key);
        if (v == JWK_REFUSED)
            return false;
        if (v == JWK_TAKEN) {
            set->owned[set->n] = key;
            set->keys[set->n++] = key;
        }
    }
    return true;
}

static struct jose_set *set_new(void)
{
    struct jose_set *set = calloc(1, sizeof *set);
    if (!set)
        panic("out of memory");
    return set;
}

struct jose_set *jose_set_parse(str document, size_t max_bytes)
{
    if (document.n > max_bytes)
        return NULL;
    struct jose_set *set = set_new();
    struct arena *a = arena_create(4096, SET_ARENA_BYTES);
    bool is_good = set_fill(a, document, set);
    arena_destroy(a);
    if (is_good)
        return set;
    ERR_clear_error();
    jose_set_free(set);
    return NULL;
}

void jose_set_free(struct jose_set *set)
{
    for (size_t i = 0; set && i < set->n; i++)
        jose_key_free(set->owned[i]);
    free(set);
}

size_t jose_set_bytes(const struct jose_set *set)
{
    return sizeof *set + set->n * KEY_BYTES;
}

size_t jose_set_size(const struct jose_set *set)
{
    size_t n = 0;
    for (size_t i = 0; i < set->n; i++)
        n += set->keys[i]->role.algs != 0;
    return n;
}

const struct jose_key *jose_set_find(const struct jose_set *set, str kid)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct jose_key *key = set->keys[i];
        if (key->role.algs && str_given(key->kid) && str_eq(key->kid, kid))
            return key;
    }
    return NULL;
}

const struct jose_key *jose_set_find_public(const struct jose_set *set, bytes spki)
{
    EVP_PKEY *wanted = key_of_spki(spki);
    const struct jose_key *found = NULL;
    for (size_t i = 0; wanted && !found && i < set->n; i++) {
        if (EVP_PKEY_eq(set->keys[i]->pkey, wanted) == 1)
            found = set->keys[i];
    }
    ERR_clear_error();
    EVP_PKEY_free(wanted);
    return found;
}

/* How well the owner said that the key is for alg: by its name, for encryption, not at all. */
static int label_rank(const struct jose_key *key, enum jwe_alg alg)
{
    if (!jwe_key_takes(key, alg))
        return 0;
    if (key->role.enc_algs == JWE_BIT(alg))
        return 3;
    return key->role.is_labelled ? 2 : 1;
}

const struct jose_key *jose_set_find_enc(const struct jose_set *set, enum jwe_alg alg)
{
    const struct jose_key *best = NULL;
    int best_rank = 0;
    for (size_t i = 0; i < set->n; i++) {
        int rank = label_rank(set->keys[i], alg);
        if (rank > best_rank) {
            best = set->keys[i];
            best_rank = rank;
        }
    }
    return best;
}

size_t set_count(const struct jose_set *set)
{
    return set->n;
}

const struct jose_key *set_key(const struct jose_set *set, size_t i)
{
    return set->keys[i];
}

struct jose_set *jose_set_of(const struct jose_key *const *keys, size_t n)
{
    if (n > JOSE_SET_MAX_KEYS)
        panic("too many keys");
    struct jose_set *set = set_new();
    for (size_t i = 0; i < n; i++)
        set->keys[i] = keys[i];
    set->n = n;
    return set;
}
