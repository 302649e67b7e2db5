/* Keys in the database are sealed PKCS#8; in memory they are parsed once. */
#include "authsrv/flow/token/keys.h"

#include "authsrv/app.h"
#include "authsrv/domain/token/key_schedule.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/key.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/jose/jwe.h"
#include "shared/ops/log.h"

#define KEY_CONTEXT STR("sign_key")

/* A key signs, or others encrypt to it; one for encryption is for every algorithm of its kind (shared/jose/jwe.h). */
struct key_use {
    enum jose_alg signs;
    enum jwe_alg decrypts; /* where signs is ALG_ANY */
};

static const struct key_use uses[] = {
    { ALG_ES256, 0 }, { ALG_RS256, 0 },          { ALG_PS256, 0 },
    { ALG_EDDSA, 0 }, { ALG_ANY, JWE_RSA_OAEP }, { ALG_ANY, JWE_ECDH_ES },
};
#define N_USES (sizeof uses / sizeof uses[0])

static str use_name(const struct key_use *u)
{
    return u->signs ? jose_alg_name(u->signs) : jwe_alg_name(u->decrypts);
}

static const struct key_use *use_find(str alg)
{
    for (size_t i = 0; i < N_USES; i++)
        if (str_eq(alg, use_name(&uses[i])))
            return &uses[i];
    return NULL;
}

static struct jose_key *key_unsealed(struct task *t, const struct key_list_row *row)
{
    const struct key_use *use = use_find(row->alg);
    bytes sealed;
    if (!use || !unseal(t->arena, &app_of(t)->sealing_key, row->pem_sealed, KEY_CONTEXT, &sealed))
        return NULL;
    str pem = { (const char *)sealed.p, sealed.n };
    return use->signs ? jose_key_of_pem(pem, use->signs) : jwe_key_of_pem(pem, use->decrypts);
}

/* Nobody shall encrypt to a key that is about to go; what was signed by one still has to be verified. */
static bool is_published(const struct key_list_row *row, const struct jose_key *key)
{
    return jose_key_alg(key) != ALG_ANY || !str_eq(row->state, STR("retiring"));
}

static void jwks_write(struct arena *a, const struct key_list_row *rows, struct key_ring *ring)
{
    struct buf out;
    buf_init(&out, a, 65536);
    struct json j;
    json_begin(&j, &out);
    json_array(&j, "keys");
    for (size_t i = 0; i < ring->n; i++)
        if (is_published(&rows[i], ring->keys[i]))
            jose_key_write_jwk(&j, NULL, ring->keys[i]);
    json_close(&j);
    json_end(&j);
    ring->jwks = buf_str(&out);
}

struct ring_sets {
    const struct jose_key *verifiers[KEY_RING_MAX], *decrypters[KEY_RING_MAX];
    size_t n_verifiers, n_decrypters;
};

/* A key that decrypts does so from the day that it is published: whoever reads the key set may take it. */
static void ring_take(struct key_ring *ring, const struct key_list_row *row, struct jose_key *key,
                      struct ring_sets *sets)
{
    ring->keys[ring->n++] = key;
    if (jose_key_alg(key) == ALG_ANY)
        sets->decrypters[sets->n_decrypters++] = key;
    else if (!str_eq(row->state, STR("next")))
        sets->verifiers[sets->n_verifiers++] = key;
    if (str_eq(row->state, STR("active")))
        ring->signers[jose_key_alg(key)] = key;
}

/* Its kid is a digest of the key itself. */
static struct jose_key *key_known(const struct key_ring *before, str kid)
{
    for (size_t i = 0; before && i < before->n; i++)
        if (str_eq(jose_key_kid(before->keys[i]), kid))
            return jose_key_share(before->keys[i]);
    return NULL;
}

err key_ring_read(struct task *t, struct arena *a, const struct key_ring *before, struct key_ring *ret)
{
    const struct key_list_row *rows;
    size_t n;
    TRY(key_list(t, &rows, &n));
    struct ring_sets sets = { 0 };
    for (size_t i = 0; i < n && ret->n < KEY_RING_MAX; i++) {
        struct jose_key *key = key_known(before, rows[i].kid);
        if (!key)
            key = key_unsealed(t, &rows[i]);
        if (!key)
            return FAIL(t, INTERNAL, "key %.*s cannot be unsealed: is sealing_key_file the one it was made with?",
                        STR_ARG(rows[i].kid));
        ring_take(ret, &rows[i], key, &sets);
    }
    for (size_t i = 0; i < N_USES; i++)
        if (uses[i].signs && !ret->signers[uses[i].signs])
            return FAIL(t, UNAVAILABLE, "there are no signing keys yet: run authsrv migrate");
    ret->verifiers = jose_set_of(sets.verifiers, sets.n_verifiers);
    ret->decrypters = jose_set_of(sets.decrypters, sets.n_decrypters);
    jwks_write(a, rows, ret);
    return OK;
}

void key_ring_free(struct key_ring *ring)
{
    if (ring->verifiers)
        jose_set_free(ring->verifiers);
    if (ring->decrypters)
        jose_set_free(ring->decrypters);
    for (size_t i = 0; i < ring->n; i++)
        jose_key_free(ring->keys[i]);
}

static void facts_of(const struct key_list_row *rows, size_t n, str alg, struct key_facts *ret)
{
    *ret = (struct key_facts){ 0 };
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(rows[i].alg, alg))
            continue;
        if (str_eq(rows[i].state, STR("active"))) {
            ret->has_active = true;
            ret->active_since = rows[i].activated_at;
        } else if (str_eq(rows[i].state, STR("next"))) {
            ret->has_next = true;
            ret->next_published = rows[i].published_at;
        }
    }
}

/* A fresh key, made before the transaction begins; the store makes it active when it is the first, else next. */
struct new_key {
    str kid, alg;
    bytes pem_sealed;
};

static void new_key_make(struct task *t, const struct key_use *use, struct new_key *ret)
{
    struct jose_key *key = use->signs ? jose_key_generate(use->signs) : jwe_key_generate(use->decrypts);
    str pem = jose_key_pem(t->arena, key);
    ret->kid = arena_str(t->arena, jose_key_kid(key));
    ret->alg = use_name(use);
    ret->pem_sealed = seal(t->arena, &app_of(t)->sealing_key, bytes_of(pem), KEY_CONTEXT);
    jose_key_free(key);
}

static err key_add(struct task *t, const struct new_key *k)
{
    int64_t n;
    TRY(key_create(t, k->kid, k->alg, k->pem_sealed, &n));
    return n > 0 ? audit_write(t, STR("authsrv"), STR("key.published"), k->kid, k->alg) : OK;
}

static struct key_lives lives_of(const struct task *t)
{
    const struct config *c = &app_of(t)->config;
    return (struct key_lives){ c->key_publish_lead, c->key_active_life, c->key_retiring_life };
}

struct rotation {
    str actor, alg;
    bool emergency;
    enum rotate_verdict verdict;
    struct new_key successor;
};

static err rotate_in_tx(struct task *t, void *context)
{
    struct rotation *r = context;
    const struct key_list_row *rows;
    size_t n;
    TRY(key_list(t, &rows, &n));
    struct key_facts facts;
    facts_of(rows, n, r->alg, &facts);
    const struct key_lives lives = lives_of(t);
    r->verdict = key_rotate_judge(&facts, &lives, r->emergency, t->now);
    if (r->verdict != ROTATE_GOOD)
        return OK;
    int64_t affected;
    TRY(key_retire_active(t, r->alg, &affected));
    TRY(key_activate_next(t, r->emergency ? STR("emergency") : STR("rotation"), r->alg, &affected));
    TRY(key_add(t, &r->successor));
    return audit_write(t, r->actor, r->emergency ? STR("key.rotated_at_once") : STR("key.rotated"), r->alg, STR(""));
}

static err rotate_one(struct task *t, str actor, const struct key_use *use, bool emergency, struct rotation *r)
{
    *r = (struct rotation){ .actor = actor, .alg = use_name(use), .emergency = emergency };
    new_key_make(t, use, &r->successor);
    return db_tx(t, rotate_in_tx, r);
}

static err rotate_refused(struct task *t, const struct rotation *r)
{
    switch (r->verdict) {
    case ROTATE_GOOD:
        return OK;
    case ROTATE_NO_NEXT:
        return FAIL_PARAM(t, CONFLICT, r->alg, STR("there is no next key yet; the server publishes one"));
    case ROTATE_TOO_EARLY:
        return FAIL_PARAM(t, CONFLICT, r->alg,
                          STR("the next key was published too recently, caches may not have it yet; an emergency "
                              "rotation does not wait"));
    }
    return OK;
}

err keys_rotate(struct task *t, str actor, str alg, bool emergency)
{
    bool known = false;
    for (size_t i = 0; i < N_USES; i++) {
        struct rotation r;
        if (str_given(alg) && !str_eq(alg, use_name(&uses[i])))
            continue;
        known = true;
        TRY(rotate_one(t, actor, &uses[i], emergency, &r));
        TRY(rotate_refused(t, &r));
    }
    return known ? OK : FAIL_PARAM(t, INVALID_REQUEST, STR("alg"), STR("has no keys here"));
}

struct revocation {
    str actor, kid, alg;
    bool done;
    struct new_key fresh[2]; /* of which one may become active at once */
};

static err revoke_in_tx(struct task *t, void *context)
{
    struct revocation *r = context;
    const struct key_find_row *row;
    int64_t n;
    TRY(key_find(t, r->kid, &row));
    TRY(key_revoke(t, r->kid, &n));
    r->done = n > 0;
    if (!r->done)
        return OK;
    TRY(audit_write(t, r->actor, STR("key.revoked"), r->kid, row->state));
    if (str_eq(row->state, STR("active")))
        TRY(key_activate_next(t, STR("emergency"), r->alg, &n));
    TRY(key_add(t, &r->fresh[0]));
    return key_add(t, &r->fresh[1]);
}

err keys_revoke(struct task *t, str actor, str kid)
{
    const struct key_find_row *row;
    struct revocation r = { .actor = actor, .kid = kid };
    TRY(key_find(t, kid, &row));
    const struct key_use *use = row ? use_find(row->alg) : NULL;
    if (!use)
        return FAIL(t, NOT_FOUND, "key %.*s", STR_ARG(kid));
    r.alg = use_name(use);
    for (size_t i = 0; i < 2; i++)
        new_key_make(t, use, &r.fresh[i]);
    TRY(db_tx(t, revoke_in_tx, &r));
    return r.done ? OK : FAIL(t, NOT_FOUND, "key %.*s ended before", STR_ARG(kid));
}

static err housekeep_one(struct task *t, const struct key_use *use)
{
    const struct key_list_row *rows;
    size_t n;
    TRY(key_list(t, &rows, &n));
    struct key_facts facts;
    facts_of(rows, n, use_name(use), &facts);
    const struct key_lives lives = lives_of(t);
    struct new_key fresh;
    struct rotation r;
    switch (key_housekeeping(&facts, &lives, t->now)) {
    case KEY_KEEP:
        return OK;
    case KEY_CREATE:
        new_key_make(t, use, &fresh);
        TRY(key_add(t, &fresh));
        if (facts.has_active)
            return OK;
        new_key_make(t, use, &fresh);
        return key_add(t, &fresh);
    case KEY_ROTATE:
        return rotate_one(t, STR("authsrv"), use, false, &r);
    }
    return OK;
}

err keys_housekeep(struct task *t)
{
    for (size_t i = 0; i < N_USES; i++)
        TRY(housekeep_one(t, &uses[i]));
    int64_t removed;
    duration kept = app_of(t)->config.key_retiring_life;
    TRY(key_forget_retired(t, (instant){ t->now.us - kept.us }, &removed));
    if (removed > 0)
        log_info(t, "key.removed", L_I64("n", removed));
    return OK;
}
