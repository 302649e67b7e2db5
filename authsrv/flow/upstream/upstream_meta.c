/*
 * The cache of partners' metadata: a few entries behind one lock, which is never held while
 * something is fetched. Entries are replaced whole.
 */
#include "authsrv/flow/upstream/upstream_meta.h"

#include <pthread.h>

#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/upstream/upstream.h"
#include "authsrv/flow/upstream/upstream_health.h"
#include "authsrv/store/partner.sql.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/text/url.h"

#define ENTRIES_MAX 64
#define META_STALE_US ((int64_t)86400 * 1000000)
#define DOCUMENT_MAX_BYTES 65536
#define PAGE_MAX_BYTES 2000 /* of an address that gets parameters */

struct entry {
    struct arena *arena; /* NULL: unused */
    str issuer;
    struct upstream_meta meta;
    int64_t meta_us; /* monotonic, 0: never */
};

struct upstream_box {
    pthread_mutex_t lock;
    struct entry entries[ENTRIES_MAX];
    size_t next; /* the one that gives way */
};

struct upstream_box *upstream_box_create(struct arena *process)
{
    struct upstream_box *box = arena_new(process, struct upstream_box);
    pthread_mutex_init(&box->lock, NULL);
    return box;
}

static void entry_clear(struct entry *e)
{
    if (e->arena)
        arena_destroy(e->arena);
    *e = (struct entry){ 0 };
}

void upstream_box_close(struct upstream_box *box)
{
    for (size_t i = 0; i < ENTRIES_MAX; i++)
        entry_clear(&box->entries[i]);
    pthread_mutex_destroy(&box->lock);
}

/* Under the lock. */
static struct entry *entry_find(struct upstream_box *box, str issuer)
{
    for (size_t i = 0; i < ENTRIES_MAX; i++)
        if (box->entries[i].arena && str_eq(box->entries[i].issuer, issuer))
            return &box->entries[i];
    return NULL;
}

static struct entry *entry_make(struct upstream_box *box, str issuer)
{
    struct entry *e = &box->entries[box->next++ % ENTRIES_MAX];
    entry_clear(e);
    e->arena = arena_create(4096, (size_t)1 << 20);
    e->issuer = arena_str(e->arena, issuer);
    return e;
}

static void meta_copy(struct arena *a, const struct upstream_meta *from, struct upstream_meta *to)
{
    *to = *from;
    to->authorization_endpoint = arena_str(a, from->authorization_endpoint);
    to->token_endpoint = arena_str(a, from->token_endpoint);
    to->userinfo_endpoint = arena_str(a, from->userinfo_endpoint);
    to->jwks_uri = arena_str(a, from->jwks_uri);
    to->end_session_endpoint = arena_str(a, from->end_session_endpoint);
}

static bool document_fetch(struct task *t, str url, struct fetch_answer *ret)
{
    const struct fetch_request rq = { .method = "GET",
                                      .url = url,
                                      .max_bytes = DOCUMENT_MAX_BYTES,
                                      .limit = app_of(t)->config.partner_timeout,
                                      .is_ours = true };
    fetch(t, &rq, ret);
    if (ret->outcome == FETCH_ANSWERED && ret->status == 200)
        return true;
    log_warn(t, "upstream.fetch_failed", L_STR("url", url), L_STR("why", ret->why), L_I64("status", ret->status));
    return false;
}

/* https, or the scheme of an issuer that the operator configured as http on a loopback address. */
static bool endpoint_good(str endpoint, str issuer)
{
    struct url e, i;
    if (!url_parse(endpoint, &e) || !url_parse(issuer, &i) || e.has_userinfo)
        return false;
    return str_eq(e.scheme, STR("https")) || str_eq(e.scheme, i.scheme);
}

static bool list_has(const struct json_value *list, str word)
{
    str item;
    for (size_t i = 0; i < json_size(list); i++)
        if (json_is_str(json_item(list, i), &item) && str_eq(item, word))
            return true;
    return false;
}

static enum upstream_auth auth_read(const struct json_value *doc)
{
    const struct json_value *methods = json_get(doc, "token_endpoint_auth_methods_supported");
    if (!methods || list_has(methods, STR("client_secret_basic")))
        return UPSTREAM_AUTH_BASIC;
    return list_has(methods, STR("client_secret_post")) || !list_has(methods, STR("private_key_jwt"))
               ? UPSTREAM_AUTH_POST
               : UPSTREAM_AUTH_PRIVATE_KEY;
}

static enum jose_alg assertion_alg_read(const struct json_value *doc)
{
    static const enum jose_alg ours[] = { ALG_ES256, ALG_RS256, ALG_PS256, ALG_EDDSA };
    const struct json_value *algs = json_get(doc, "token_endpoint_auth_signing_alg_values_supported");
    for (size_t i = 0; algs && i < sizeof ours / sizeof ours[0]; i++)
        if (list_has(algs, jose_alg_name(ours[i])))
            return ours[i];
    return ALG_RS256;
}

static bool meta_read(const struct json_value *doc, str issuer, struct upstream_meta *ret)
{
    str named;
    if (!json_get_str(doc, "issuer", &named) || !str_eq(named, issuer))
        return false;
    if (!json_get_str(doc, "authorization_endpoint", &ret->authorization_endpoint) ||
        !json_get_str(doc, "token_endpoint", &ret->token_endpoint) || !json_get_str(doc, "jwks_uri", &ret->jwks_uri))
        return false;
    if (!json_get_str(doc, "userinfo_endpoint", &ret->userinfo_endpoint))
        ret->userinfo_endpoint = STR_NONE;
    if (!json_get_str(doc, "end_session_endpoint", &ret->end_session_endpoint) ||
        ret->end_session_endpoint.n > PAGE_MAX_BYTES || !endpoint_good(ret->end_session_endpoint, issuer))
        ret->end_session_endpoint = STR_NONE;
    ret->auth = auth_read(doc);
    ret->assertion_alg = assertion_alg_read(doc);
    if (!json_get_bool(doc, "authorization_response_iss_parameter_supported", &ret->sends_iss))
        ret->sends_iss = false;
    return endpoint_good(ret->authorization_endpoint, issuer) && endpoint_good(ret->token_endpoint, issuer) &&
           endpoint_good(ret->jwks_uri, issuer) &&
           (!str_given(ret->userinfo_endpoint) || endpoint_good(ret->userinfo_endpoint, issuer));
}

enum meta_verdict { META_GOOD = 1, META_NONE, META_REFUSED };

/* META_NONE: its service is in trouble. META_REFUSED: a document that speaks of something else than it should. */
static enum meta_verdict meta_fetch(struct task *t, str issuer, struct upstream_meta *ret)
{
    struct fetch_answer answer;
    const struct json_value *doc;
    str url = arena_printf(t->arena, "%.*s/.well-known/openid-configuration", STR_ARG(issuer));
    *ret = (struct upstream_meta){ 0 };
    if (!document_fetch(t, url, &answer) || !json_parse(t->arena, answer.body, &doc) || json_kind(doc) != JSON_OBJECT)
        return META_NONE;
    return meta_read(doc, issuer, ret) ? META_GOOD : META_REFUSED;
}

/* A document that sends codes and secrets to another place than before is refused until an operator has said that it
 * may (SECURITY A 24), in every process and after every restart. */
static err pin_check(struct task *t, const struct upstream *up, const struct upstream_meta *fresh,
                     enum meta_verdict *verdict)
{
    const struct partner_pin_row *row;
    struct url token;
    if (!url_parse(fresh->token_endpoint, &token))
        return OK;
    str origin = url_origin(t->arena, &token);
    TRY(partner_pin(t, up->row->slug, up->row->issuer, origin, &row));
    if (str_given(row->token_origin) && !str_eq(row->token_origin, origin))
        *verdict = META_REFUSED;
    return OK;
}

static void meta_keep(struct upstream_box *box, str issuer, const struct upstream_meta *fresh)
{
    pthread_mutex_lock(&box->lock);
    struct entry *e = entry_find(box, issuer);
    if (!e)
        e = entry_make(box, issuer);
    struct arena *a = arena_create(4096, (size_t)1 << 20);
    struct entry next = { .arena = a, .issuer = arena_str(a, issuer), .meta_us = monotonic_us() };
    meta_copy(a, fresh, &next.meta);
    arena_destroy(e->arena);
    *e = next;
    pthread_mutex_unlock(&box->lock);
}

/* Age of what is cached in microseconds, -1: nothing. */
static int64_t meta_cached(struct task *t, struct upstream_box *box, str issuer, struct upstream_meta *ret)
{
    int64_t age = -1;
    pthread_mutex_lock(&box->lock);
    const struct entry *e = entry_find(box, issuer);
    if (e && e->meta_us) {
        meta_copy(t->arena, &e->meta, ret);
        age = monotonic_us() - e->meta_us;
    }
    pthread_mutex_unlock(&box->lock);
    return age;
}

static void meta_of_settings(const struct upstream_settings *set, struct upstream_meta *ret)
{
    *ret = (struct upstream_meta){ .authorization_endpoint = set->authorization_endpoint,
                                   .token_endpoint = set->token_endpoint,
                                   .userinfo_endpoint = set->userinfo_endpoint,
                                   .auth = UPSTREAM_AUTH_BASIC,
                                   .assertion_alg = ALG_RS256 };
}

/* The document of before is kept for the day when the right one is back, and nobody is sent anywhere meanwhile. */
static err moved(struct task *t, const struct upstream *up)
{
    count_upstream(t, UPSTREAM_MOVED);
    log_error(t, "upstream.metadata_moved", L_STR("partner", up->row->slug), L_STR("issuer", up->row->issuer));
    return upstream_trouble(t, up, STR("its metadata name another issuer or token endpoint than they did"));
}

err upstream_meta_get(struct task *t, const struct upstream *up, struct upstream_meta *ret)
{
    struct upstream_box *box = app_of(t)->upstreams;
    struct upstream_meta fresh;
    if (up->set.kind == UPSTREAM_OAUTH) {
        meta_of_settings(&up->set, ret);
        return OK;
    }
    int64_t age = meta_cached(t, box, up->row->issuer, ret);
    if (age >= 0 && age < app_of(t)->config.partner_metadata_ttl.us)
        return OK;
    enum meta_verdict v = meta_fetch(t, up->row->issuer, &fresh);
    if (v == META_GOOD)
        TRY(pin_check(t, up, &fresh, &v));
    switch (v) {
    case META_GOOD:
        meta_keep(box, up->row->issuer, &fresh);
        *ret = fresh;
        return OK;
    case META_REFUSED:
        return moved(t, up);
    case META_NONE:
        break;
    }
    if (age >= 0 && age < META_STALE_US)
        return OK;
    return upstream_trouble(t, up, STR("its metadata cannot be had"));
}

bool upstream_is_own(struct task *t, const struct upstream *up, str url)
{
    struct url there, issuer;
    if (up->set.kind == UPSTREAM_OAUTH)
        return true;
    return url_parse(url, &there) && url_parse(up->row->issuer, &issuer) &&
           str_eq(url_origin(t->arena, &there), url_origin(t->arena, &issuer));
}
