/*
 * The snapshot: read on workers and by a job, used everywhere. It is counted, so that a request which still reads an
 * old one keeps it alive; taking and giving back is two short critical sections.
 */
#include "authsrv/flow/snapshot.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/token/keys.h"
#include "authsrv/store/client.sql.h"
#include "authsrv/store/detail_type.sql.h"
#include "authsrv/store/exchange.sql.h"
#include "authsrv/store/partner.sql.h"
#include "authsrv/store/resource.sql.h"
#include "shared/ops/gate.h"
#include "shared/ops/log.h"
#include "shared/text/url.h"

#define FRESH_US 2000000
#define SNAPSHOT_FIRST_BYTES 65536
#define SNAPSHOT_MAX_BYTES ((size_t)256 << 20)

/*
 * Anybody may make clients, so what one takes here is bounded, and what all of them take: all that strangers make is
 * less than the whole, and none of it is read that is larger than clients are. A client that is not here is read when
 * it is asked for. A few are fetched at a time, since rows of the largest documents are more than a request's memory.
 */
#define CLIENTS_MAX 10000
#define STRANGERS_MAX 2000 /* both are whole pages of CLIENTS_AT_ONCE */
#define CLIENTS_MAX_BYTES ((size_t)192 << 20)
#define CLIENT_MAX_BYTES ((size_t)64 << 10)
#define STRANGER_MAX_BYTES ((size_t)12 << 10)
#define BYTES_OF_TEXT 3 /* a client takes more than its document does: with lists of short texts, and with keys */
#define CLIENTS_AT_ONCE 100
#define PAGE_MAX_BYTES ((size_t)96 << 20) /* of rows as large as any may be */
#define OWN_FIRST_BYTES ((size_t)2048)
#define OWN_MAX_BYTES ((size_t)8 << 20)

struct origin {
    str client, origin;
};

struct actor {
    str source, client;
};

struct snapshot {
    struct arena *arena;
    int64_t version;
    atomic_llong checked_us;       /* monotonic */
    int64_t users;                 /* under the box's lock */
    const struct client **clients; /* sorted by id, as the database sorted them: see client_order */
    size_t n_clients, client_bytes;
    struct scope_owner *owners;
    size_t n_owners;
    struct origin *origins;
    size_t n_origins;
    struct actor *actors;
    size_t n_actors;
    struct site *sites;
    size_t n_sites;
    struct detail_type *details;
    size_t n_details;
    struct key_ring keys;
};

struct snapshot_box {
    pthread_mutex_t lock;
    struct gate reading; /* one reads the database for all */
    struct snapshot *now;
};

struct snapshot_box *snapshot_box_create(struct arena *process)
{
    struct snapshot_box *box = arena_new(process, struct snapshot_box);
    pthread_mutex_init(&box->lock, NULL);
    gate_init(&box->reading);
    return box;
}

static void snapshot_free(struct snapshot *s)
{
    key_ring_free(&s->keys);
    arena_destroy(s->arena);
}

static void snapshot_drop(struct snapshot_box *box, struct snapshot *s)
{
    pthread_mutex_lock(&box->lock);
    bool last = --s->users == 0;
    pthread_mutex_unlock(&box->lock);
    if (last)
        snapshot_free(s);
}

struct hold {
    struct snapshot_box *box;
    struct snapshot *s;
};

static void hold_release(void *object)
{
    struct hold *h = object;
    snapshot_drop(h->box, h->s);
}

static struct snapshot *snapshot_hold(struct task *t)
{
    struct snapshot_box *box = app_of(t)->snapshots;
    pthread_mutex_lock(&box->lock);
    struct snapshot *s = box->now;
    if (s)
        s->users++;
    pthread_mutex_unlock(&box->lock);
    if (!s)
        return NULL;
    struct hold *h = arena_new(t->arena, struct hold);
    *h = (struct hold){ box, s };
    arena_defer(t->arena, hold_release, h);
    return s;
}

static void snapshot_publish(struct snapshot_box *box, struct snapshot *s)
{
    pthread_mutex_lock(&box->lock);
    struct snapshot *old = box->now;
    box->now = s;
    pthread_mutex_unlock(&box->lock);
    if (old)
        snapshot_drop(box, old);
}

void snapshot_box_close(struct snapshot_box *box)
{
    snapshot_publish(box, NULL);
    pthread_mutex_destroy(&box->lock);
    gate_destroy(&box->reading);
}

static bool is_fresh(const struct snapshot *s)
{
    return s && monotonic_us() - atomic_load(&s->checked_us) <= FRESH_US;
}

/* Byte order, so that a lookup can halve; the database may sort by another collation. */
static int client_order(const void *a, const void *b)
{
    str x = (*(const struct client *const *)a)->id.v, y = (*(const struct client *const *)b)->id.v;
    int c = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);
    return c != 0 ? c : (x.n > y.n) - (x.n < y.n);
}

static void own_release(void *arena)
{
    arena_destroy(arena);
}

static size_t client_bytes(const struct arena *own, const struct client *c)
{
    return arena_used(own) + (c->keys ? jose_set_bytes(c->keys) : 0);
}

/* Has memory of its own until it is known how much that is. */
static void client_take(struct task *t, struct snapshot *s, const struct client_find_row *row)
{
    const bool is_of_stranger = row->document_at_given || client_is_open(&(struct client){ .id = row->id });
    const size_t most = is_of_stranger ? STRANGER_MAX_BYTES : CLIENT_MAX_BYTES;
    if (row->metadata.n > most / BYTES_OF_TEXT)
        return;
    struct arena *own = arena_create(OWN_FIRST_BYTES, OWN_MAX_BYTES);
    struct client *c = arena_new(own, struct client);
    bool is_good = client_of_row(own, row, c);
    size_t taken = client_bytes(own, c);
    if (!is_good)
        log_error(t, "client.unreadable", L_STR("client", row->id.v));
    if (!is_good || taken > most || taken > CLIENTS_MAX_BYTES - s->client_bytes) {
        arena_destroy(own);
        return;
    }
    arena_defer(s->arena, own_release, own);
    s->client_bytes += taken;
    s->clients[s->n_clients++] = c;
}

struct clients_page {
    struct snapshot *s;
    bool strangers;
    str after;
    size_t n, seen;
};

static err clients_page(struct task *t, void *context)
{
    struct clients_page *page = context;
    struct snapshot *s = page->s;
    const struct client_find_row *rows;
    TRY(client_snapshot(t, page->after, page->strangers, CLIENTS_AT_ONCE, &rows, &page->n));
    for (size_t i = 0; i < page->n; i++)
        client_take(t, s, &rows[i]);
    page->seen += page->n;
    if (page->n > 0)
        page->after = arena_str(s->arena, rows[page->n - 1].id.v);
    return OK;
}

static err clients_some(struct task *t, struct snapshot *s, bool strangers, size_t most)
{
    struct clients_page page = { .s = s, .strangers = strangers, .after = STR("") };
    do
        TRY(task_aside(t, PAGE_MAX_BYTES, clients_page, &page));
    while (page.n == CLIENTS_AT_ONCE && page.seen < most);
    return OK;
}

/* Those of strangers, who make as many as they like, take no place of others. */
static err clients_read(struct task *t, struct snapshot *s)
{
    s->clients = arena_array(s->arena, const struct client *, CLIENTS_MAX + STRANGERS_MAX);
    TRY(clients_some(t, s, false, CLIENTS_MAX));
    TRY(clients_some(t, s, true, STRANGERS_MAX));
    qsort(s->clients, s->n_clients, sizeof *s->clients, client_order);
    return OK;
}

static err owners_read(struct task *t, struct snapshot *s)
{
    const struct resource_scopes_row *rows;
    size_t n;
    TRY(resource_scopes(t, &rows, &n));
    s->owners = arena_array(s->arena, struct scope_owner, n + 1);
    for (size_t i = 0; i < n; i++)
        s->owners[i] = (struct scope_owner){ arena_str(s->arena, rows[i].scope), arena_str(s->arena, rows[i].audience),
                                             rows[i].is_open };
    s->n_owners = n;
    return OK;
}

static err actors_read(struct task *t, struct snapshot *s)
{
    const struct exchange_rule_sole_row *rows;
    TRY(exchange_rule_sole(t, &rows, &s->n_actors));
    s->actors = arena_array(s->arena, struct actor, s->n_actors + 1);
    for (size_t i = 0; i < s->n_actors; i++)
        s->actors[i] =
            (struct actor){ arena_str(s->arena, rows[i].source_client_id.v), arena_str(s->arena, rows[i].client_id.v) };
    return OK;
}

static err sites_read(struct task *t, struct snapshot *s)
{
    const struct partner_hosts_row *rows;
    TRY(partner_hosts(t, &rows, &s->n_sites));
    s->sites = arena_array(s->arena, struct site, s->n_sites + 1);
    for (size_t i = 0; i < s->n_sites; i++)
        s->sites[i] = site_make(s->arena, app_of(t)->origin, rows[i].host, rows[i].slug);
    return OK;
}

/* The origins of browser clients, which may read our answers (CORS). */
static void origins_fill(struct snapshot *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_clients; i++)
        n += s->clients[i]->meta.redirect_uris.n;
    s->origins = arena_array(s->arena, struct origin, n + 1);
    for (size_t i = 0; i < s->n_clients; i++) {
        const struct client *c = s->clients[i];
        struct url u;
        for (size_t k = 0; c->auth_method == AUTH_NONE && k < c->meta.redirect_uris.n; k++)
            if (str_starts(c->meta.redirect_uris.items[k], STR("http")) &&
                url_parse(c->meta.redirect_uris.items[k], &u))
                s->origins[s->n_origins++] = (struct origin){ c->id.v, url_origin(s->arena, &u) };
    }
}

static err details_fill(struct task *t, struct snapshot *s)
{
    const struct detail_types_row *rows;
    size_t n;
    TRY(detail_types(t, &rows, &n));
    s->details = arena_array(s->arena, struct detail_type, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct detail_type *d = &s->details[s->n_details];
        *d = (struct detail_type){ arena_str(s->arena, rows[i].name), arena_str(s->arena, rows[i].audience),
                                   arena_str(s->arena, rows[i].sentence), NULL };
        if (json_parse(s->arena, rows[i].rules, &d->rules))
            s->n_details++;
        else
            log_error(t, "detail_type.unreadable", L_STR("type", rows[i].name));
    }
    return OK;
}

static err snapshot_fill(struct task *t, const struct snapshot *before, struct snapshot *s)
{
    TRY(clients_read(t, s));
    TRY(owners_read(t, s));
    TRY(actors_read(t, s));
    TRY(sites_read(t, s));
    TRY(details_fill(t, s));
    origins_fill(s);
    return key_ring_read(t, s->arena, before ? &before->keys : NULL, &s->keys);
}

static err snapshot_read(struct task *t, struct snapshot_box *box, const struct snapshot *before, int64_t version,
                         int64_t started_us)
{
    struct arena *a = arena_create(SNAPSHOT_FIRST_BYTES, SNAPSHOT_MAX_BYTES);
    struct snapshot *s = arena_new(a, struct snapshot);
    s->arena = a;
    s->version = version;
    s->users = 1;
    atomic_store(&s->checked_us, started_us);
    err e = snapshot_fill(t, before, s);
    if (e) {
        snapshot_free(s);
        return e;
    }
    snapshot_publish(box, s);
    return OK;
}

static err refresh_locked(struct task *t, struct snapshot_box *box)
{
    struct snapshot *s = snapshot_hold(t);
    int64_t started_us = monotonic_us();
    const struct cache_version_read_row *row;
    TRY(cache_version_read(t, &row));
    if (s && s->version == row->version) {
        atomic_store(&s->checked_us, started_us);
        return OK;
    }
    TRY(snapshot_read(t, box, s, row->version, started_us));
    gauge_snapshot(row->version);
    return OK;
}

err snapshot_refresh(struct task *t)
{
    struct snapshot_box *box = app_of(t)->snapshots;
    gate_enter(&box->reading);
    err e = refresh_locked(t, box);
    gate_leave(&box->reading);
    return e;
}

err snapshot_of(struct task *t, const struct snapshot **ret)
{
    const struct snapshot *s = snapshot_hold(t);
    if (!is_fresh(s)) {
        if (!t->db)
            return FAIL(t, NEED_WORKER, "the snapshot is stale");
        TRY(snapshot_refresh(t));
        s = snapshot_hold(t);
    }
    *ret = s;
    return OK;
}

err snapshot_any(struct task *t, const struct snapshot **ret)
{
    *ret = snapshot_hold(t);
    return *ret ? OK : snapshot_of(t, ret);
}

const struct client *snapshot_client(const struct snapshot *s, client_id id)
{
    if (s->n_clients == 0)
        return NULL;
    const struct client wanted = { .id = id }, *key = &wanted;
    const struct client *const *found = bsearch(&key, s->clients, s->n_clients, sizeof *s->clients, client_order);
    return found ? *found : NULL;
}

const struct site *snapshot_site_at(const struct snapshot *s, str host)
{
    for (size_t i = 0; i < s->n_sites; i++)
        if (site_is_at(&s->sites[i], host))
            return &s->sites[i];
    return NULL;
}

const struct site *snapshot_site_of(const struct snapshot *s, str partner)
{
    for (size_t i = 0; i < s->n_sites; i++)
        if (str_eq(s->sites[i].partner, partner))
            return &s->sites[i];
    return NULL;
}

str snapshot_may_act(const struct snapshot *s, client_id client)
{
    for (size_t i = 0; i < s->n_actors; i++)
        if (str_eq(s->actors[i].source, client.v))
            return s->actors[i].client;
    return STR_NONE;
}

const struct scope_owner *snapshot_owners(const struct snapshot *s, size_t *n)
{
    *n = s->n_owners;
    return s->owners;
}

const struct detail_type *snapshot_details(const struct snapshot *s, size_t *n)
{
    *n = s->n_details;
    return s->details;
}

const struct jose_key *snapshot_signer(const struct snapshot *s, enum jose_alg alg)
{
    return s->keys.signers[alg];
}

const struct jose_set *snapshot_verifiers(const struct snapshot *s)
{
    return s->keys.verifiers;
}

const struct jose_set *snapshot_decrypters(const struct snapshot *s)
{
    return s->keys.decrypters;
}

str snapshot_jwks(const struct snapshot *s)
{
    return s->keys.jwks;
}

bool snapshot_origin_allowed(const struct snapshot *s, str client, str origin)
{
    for (size_t i = 0; i < s->n_origins; i++)
        if (str_eq(s->origins[i].origin, origin) && (!str_given(client) || str_eq(s->origins[i].client, client)))
            return true;
    return false;
}
