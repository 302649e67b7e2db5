/* Keys in the database are sealed PKCS#8; in memory they are parsed once. */
#include "authsrv/flow/keys.h"

#include "authsrv/app.h"
#include "authsrv/domain/key_schedule.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/store/key.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"

#define KEY_CONTEXT STR("sign_key")

static const enum jose_alg algorithms[] = { ALG_ES256, ALG_RS256, ALG_PS256, ALG_EDDSA };
#define N_ALGORITHMS (sizeof algorithms / sizeof algorithms[0])

static struct jose_key *key_unsealed(struct task *t, const struct key_list_row *row)
{
    enum jose_alg alg;
    bytes pem;
    if (!jose_alg_parse(row->alg, &alg) ||
        !unseal(t->arena, &app_of(t)->sealing_key, row->pem_sealed, KEY_CONTEXT, &pem))
        return NULL;
    return jose_key_of_pem((str){ (const char *)pem.p, pem.n }, alg);
}

static void jwks_write(struct arena *a, struct key_ring *ring)
{
    struct buf out;
    buf_init(&out, a, 65536);
    struct json j;
    json_begin(&j, &out);
    json_array(&j, "keys");
    for (size_t i = 0; i < ring->n; i++)
        jose_key_write_jwk(&j, NULL, ring->keys[i]);
    json_close(&j);
    json_end(&j);
    ring->jwks = buf_str(&out);
}

static void ring_take(struct key_ring *ring, const struct key_list_row *row, struct jose_key *key,
                      const struct jose_key **verifiers, size_t *n_verifiers)
{
    ring->keys[ring->n++] = key;
    if (str_eq(row->state, STR("next")))
        return;
    verifiers[(*n_verifiers)++] = key;
    if (str_eq(row->state, STR("active")))
        ring->signers[jose_key_alg(key)] = key;
}

err key_ring_read(struct task *t, struct arena *a, struct key_ring *ret)
{
    const struct key_list_row *rows;
    size_t n;
    TRY(key_list(t, &rows, &n));
    const struct jose_key *verifiers[KEY_RING_MAX];
    size_t n_verifiers = 0;
    for (size_t i = 0; i < n && ret->n < KEY_RING_MAX; i++) {
        struct jose_key *key = key_unsealed(t, &rows[i]);
        if (!key)
            return FAIL(t, INTERNAL,
                        "signing key %.*s cannot be unsealed: is sealing_key_file the one it was made with?",
                        STR_ARG(rows[i].kid));
        ring_take(ret, &rows[i], key, verifiers, &n_verifiers);
    }
    for (size_t i = 0; i < N_ALGORITHMS; i++)
        if (!ret->signers[algorithms[i]])
            return FAIL(t, UNAVAILABLE, "there are no signing keys yet: run authsrv migrate");
    ret->verifiers = jose_set_of(verifiers, n_verifiers);
    jwks_write(a, ret);
    return OK;
}

void key_ring_free(struct key_ring *ring)
{
    if (ring->verifiers)
        jose_set_free(ring->verifiers);
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

static void new_key_make(struct task *t, enum jose_alg alg, struct new_key *ret)
{
    struct jose_key *key = jose_key_generate(alg);
    str pem = jose_key_pem(t->arena, key);
    ret->kid = arena_str(t->arena, jose_key_kid(key));
    ret->alg = jose_alg_name(alg);
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

static err rotate_one(struct task *t, str actor, enum jose_alg alg, bool emergency, struct rotation *r)
{
    *r = (struct rotation){ .actor = actor, .alg = jose_alg_name(alg), .emergency = emergency };
    new_key_make(t, alg, &r->successor);
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
    for (size_t i = 0; i < N_ALGORITHMS; i++) {
        struct rotation r;
        if (str_given(alg) && !str_eq(alg, jose_alg_name(algorithms[i])))
            continue;
        known = true;
        TRY(rotate_one(t, actor, algorithms[i], emergency, &r));
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
    enum jose_alg alg;
    TRY(key_find(t, kid, &row));
    if (!row || !jose_alg_parse(row->alg, &alg))
        return FAIL(t, NOT_FOUND, "key %.*s", STR_ARG(kid));
    r.alg = jose_alg_name(alg);
    for (size_t i = 0; i < 2; i++)
        new_key_make(t, alg, &r.fresh[i]);
    TRY(db_tx(t, revoke_in_tx, &r));
    return r.done ? OK : FAIL(t, NOT_FOUND, "key %.*s ended before", STR_ARG(kid));
}

static err housekeep_one(struct task *t, enum jose_alg alg)
{
    const struct key_list_row *rows;
    size_t n;
    TRY(key_list(t, &rows, &n));
    struct key_facts facts;
    facts_of(rows, n, jose_alg_name(alg), &facts);
    const struct key_lives lives = lives_of(t);
    struct new_key fresh;
    struct rotation r;
    switch (key_housekeeping(&facts, &lives, t->now)) {
    case KEY_KEEP:
        return OK;
    case KEY_CREATE:
        new_key_make(t, alg, &fresh);
        TRY(key_add(t, &fresh));
        if (facts.has_active)
            return OK;
        new_key_make(t, alg, &fresh);
        return key_add(t, &fresh);
    case KEY_ROTATE:
        return rotate_one(t, STR("authsrv"), alg, false, &r);
    }
    return OK;
}

err keys_housekeep(struct task *t)
{
    for (size_t i = 0; i < N_ALGORITHMS; i++)
        TRY(housekeep_one(t, algorithms[i]));
    int64_t removed;
    duration kept = app_of(t)->config.key_retiring_life;
    TRY(key_forget_retired(t, (instant){ t->now.us - kept.us }, &removed));
    if (removed > 0)
        log_info(t, "key.removed", L_I64("n", removed));
    return OK;
}
