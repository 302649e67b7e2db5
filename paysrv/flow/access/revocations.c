/* See revocations.h; the entries are domain/access/revoked.h. */
#include "paysrv/flow/access/revocations.h"

#include <pthread.h>

#include "paysrv/app.h"
#include "paysrv/domain/access/revoked.h"
#include "paysrv/flow/access/consent.h"
#include "paysrv/flow/access/issuer.h"
#include "paysrv/flow/access/keys.h"
#include "paysrv/flow/access/revocation_metrics.h"
#include "paysrv/store/consent.sql.h"
#include "paysrv/store/operator.sql.h"
#include "shared/base/buf.h"
#include "shared/crypto/crypto.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"

#define SLOTS 65536
#define SLOTS_MAX ((size_t)1 << 20)
#define PAGES 50 /* of one round */
#define URL_BYTES 512
#define CURSOR_BYTES 64

struct revocations {
    pthread_rwlock_t lock;
    struct revoked *entries; /* of operators and clients until a moment, of tokens and keys whenever */
    bool names_keys;         /* hardly ever: no request asks for its key before */
    /* of the job alone */
    char endpoint[URL_BYTES], cursor[CURSOR_BYTES];
    int64_t kept_us;     /* monotonic: when the cursor was written down */
    int64_t answered_us; /* monotonic: the last good answer, or the start */
};

struct revocations *revocations_create(struct arena *process)
{
    struct revocations *r = arena_new(process, struct revocations);
    r->entries = revoked_create(process, SLOTS, SLOTS_MAX);
    r->answered_us = monotonic_us();
    pthread_rwlock_init(&r->lock, NULL);
    return r;
}

bool revocations_hit(struct task *t, struct revocations *r, const struct caller *caller)
{
    int64_t now_s = instant_seconds(t->now), issued_us = caller->issued.us;
    pthread_rwlock_rdlock(&r->lock);
    bool hit = revoked_has(r->entries, typed_digest("jti", caller->jti), issued_us, now_s) ||
               revoked_has(r->entries, typed_digest("client", caller->client_id), issued_us, now_s) ||
               (r->names_keys && str_given(caller->kid) &&
                revoked_has(r->entries, typed_digest("kid", caller->kid), issued_us, now_s)) ||
               revoked_doubts(r->entries, issued_us, now_s);
    pthread_rwlock_unlock(&r->lock);
    return hit;
}

bool revocations_hit_person(struct task *t, struct revocations *r, str subject, instant since)
{
    int64_t now_s = instant_seconds(task_wall(t));
    pthread_rwlock_rdlock(&r->lock);
    bool hit = revoked_has(r->entries, typed_digest("person", subject), since.us, now_s) ||
               revoked_doubts(r->entries, since.us, now_s);
    pthread_rwlock_unlock(&r->lock);
    return hit;
}

/* Whoever has that key can sign any token: what it signed is refused here, and its successor is fetched at once. */
static bool key_take(struct task *t, struct revocations *r, str kid, int64_t expires_s)
{
    digest key = typed_digest("kid", kid);
    int64_t now_s = instant_seconds(t->now);
    if (!revoked_has(r->entries, key, t->now.us, now_s))
        keys_expire(((const struct app *)t->app)->keys, kid);
    r->names_keys = true;
    return revoked_put(r->entries, key, INT64_MAX, expires_s, now_s);
}

static bool item_take(struct task *t, struct revocations *r, const struct json_value *item)
{
    str id;
    int64_t expires_s, before = INT64_MAX, now_s = instant_seconds(t->now);
    if (!json_get_i64(item, "exp", &expires_s))
        return false;
    if (json_get_str(item, "withdrawal", &id))
        return true;
    if (json_get_str(item, "person", &id))
        return json_get_i64(item, "before_us", &before) &&
               revoked_put(r->entries, typed_digest("person", id), before, expires_s, now_s);
    if (json_get_str(item, "jti", &id))
        return revoked_put(r->entries, typed_digest("jti", id), before, expires_s, now_s);
    if (json_get_str(item, "kid", &id))
        return key_take(t, r, id, expires_s);
    return json_get_str(item, "client_id", &id) && json_get_i64(item, "before", &before) &&
           revoked_put(r->entries, typed_digest("client", id), instant_of_seconds(before).us, expires_s, now_s);
}

static void text_keep(char *place, size_t size, str text)
{
    if (text.n >= size)
        return;
    memcpy(place, text.p, text.n);
    place[text.n] = '\0';
}

/* Those are rows, and what comes of them waits for nobody here. */
static err withdrawals_note(struct task *t, const struct json_value *items)
{
    str id;
    for (size_t i = 0; i < json_size(items); i++)
        if (json_get_str(json_item(items, i), "withdrawal", &id))
            TRY(consent_withdrawal_note(t, json_item(items, i)));
    return OK;
}

/* Operators who were disabled, changed their role or credentials, or signed out: their sessions here live longer than
 * any token. */
static err sessions_end(struct task *t, const struct json_value *items)
{
    str person;
    int64_t before_us, n;
    for (size_t i = 0; i < json_size(items); i++)
        if (json_get_str(json_item(items, i), "person", &person) &&
            json_get_i64(json_item(items, i), "before_us", &before_us))
            TRY(operator_sessions_end(t, person, (instant){ before_us }, &n));
    return OK;
}

/* *more: there is a further page. The cursor stays where what is in the database could not be changed. */
static err answer_take(struct task *t, struct revocations *r, const struct json_value *answer, bool *good, bool *more)
{
    const struct json_value *items = json_get(answer, "revoked");
    str cursor;
    size_t lost = 0;
    if (!json_get_str(answer, "cursor", &cursor) || !json_get_bool(answer, "more", more) ||
        json_kind(items) != JSON_ARRAY)
        return OK;
    pthread_rwlock_wrlock(&r->lock);
    for (size_t i = 0; i < json_size(items); i++)
        lost += item_take(t, r, json_item(items, i)) ? 0 : 1;
    pthread_rwlock_unlock(&r->lock);
    if (lost > 0) {
        log_error(t, "revocations.lost", L_I64("n", (int64_t)lost));
        revocation_metrics_lost(t, (int64_t)lost);
    }
    TRY(withdrawals_note(t, items));
    TRY(sessions_end(t, items));
    text_keep(r->cursor, sizeof r->cursor, cursor);
    *good = true;
    return OK;
}

static err endpoint_find(struct task *t, struct revocations *r)
{
    const struct json_value *metadata;
    str endpoint;
    if (r->endpoint[0])
        return OK;
    TRY(issuer_metadata(t, &metadata));
    TRY(issuer_endpoint(t, metadata, "stoa_revocation_feed_endpoint", &endpoint));
    text_keep(r->endpoint, sizeof r->endpoint, endpoint);
    return OK;
}

/* Where this process begins: a day back, for the tokens, or where withdrawals were read to if that is longer ago. */
static err cursor_find(struct task *t, struct revocations *r)
{
    const struct feed_cursor_row *row;
    if (r->cursor[0])
        return OK;
    TRY(feed_cursor(t, &row));
    if (row && instant_before(row->kept_at, (instant){ t->now.us - DAYS(1).us }))
        text_keep(r->cursor, sizeof r->cursor, row->cursor);
    return OK;
}

static err cursor_keep(struct task *t, struct revocations *r)
{
    int64_t n;
    str cursor = str_of(r->cursor), at = cursor, place = cursor;
    if (r->kept_us && monotonic_us() - r->kept_us < MINUTES(1).us)
        return OK;
    if (!str_cut(&place, '-', &at)) /* of a page within one moment the moment is kept */
        at = cursor;
    TRY(feed_cursor_keep(t, at, &n));
    r->kept_us = monotonic_us();
    return OK;
}

static err page_get(struct task *t, struct revocations *r, bool *good, bool *more)
{
    const struct fetch_header headers[] = {
        { "content-type", STR("application/x-www-form-urlencoded") },
        { "authorization", issuer_basic(t) },
    };
    struct fetch_answer answer = { 0 };
    const struct json_value *document;
    fetch(t,
          &(struct fetch_request){ .method = "POST",
                                   .url = str_of(r->endpoint),
                                   .headers = headers,
                                   .n_headers = 2,
                                   .body = arena_printf(t->arena, "cursor=%s", r->cursor),
                                   .max_bytes = JSON_MAX_BYTES,
                                   .limit = SECONDS(3),
                                   .is_ours = true },
          &answer);
    *good = false;
    if (answer.outcome == FETCH_ANSWERED && answer.status == 200 && json_parse(t->arena, answer.body, &document))
        TRY(answer_take(t, r, document, good, more));
    if (!*good)
        log_warn(t, "revocations.unanswered", L_STR("why", answer.why), L_I64("status", answer.status));
    return OK;
}

err revocations_poll(struct task *t)
{
    const struct app *app = t->app;
    struct revocations *r = app->revocations;
    bool more = true, good = true;
    if (app->config.operator_client_id.n == 0)
        return OK;
    err e = endpoint_find(t, r);
    if (!e)
        e = cursor_find(t, r);
    for (int i = 0; !e && i < PAGES && more && good && !app->service.is_stopping; i++)
        e = page_get(t, r, &good, &more);
    if (!e && good)
        r->answered_us = monotonic_us();
    revocation_metrics_age((monotonic_us() - r->answered_us) / 1000000);
    if (!e && good)
        e = cursor_keep(t, r);
    err applied = consent_withdrawals_apply(t);
    if (e && applied)
        log_failure(t, applied);
    return e ? e : applied;
}
