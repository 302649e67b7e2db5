/*
 * Fetching client metadata documents. Nobody makes us fetch one URL more than once a minute, and all together make us
 * look for no more than some new ones: each that is good is a client.
 */
#include "authsrv/flow/client/client_document.h"

#include <pthread.h>

#include "authsrv/app.h"
#include "authsrv/domain/client/client_document.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/client/client_store.h"
#include "authsrv/flow/limit.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/store/client.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"

#define FRESH MINUTES(10)
#define STALE DAYS(1)
#define AGAIN_US ((int64_t)60 * 1000000)
#define NEW_PER_MINUTE 30
#define NEW_BURST 100
#define TRIES 1024 /* one more URL makes room by forgetting the oldest: it may then be fetched again early */

struct client_documents {
    pthread_mutex_t lock;
    struct {
        digest url;
        int64_t at_us; /* monotonic, 0: unused */
    } tries[TRIES];
    size_t next;
};

struct client_documents *client_documents_create(struct arena *process)
{
    struct client_documents *d = arena_new(process, struct client_documents);
    pthread_mutex_init(&d->lock, NULL);
    return d;
}

void client_documents_close(struct client_documents *documents)
{
    pthread_mutex_destroy(&documents->lock);
}

bool client_document_wanted(const struct task *t, str id)
{
    return app_of(t)->config.client_documents && client_document_url(id);
}

/* True for one caller a minute. */
static bool try_take(struct client_documents *d, str url)
{
    digest hash = sha256_str(url);
    int64_t now = monotonic_us();
    bool mine = true;
    pthread_mutex_lock(&d->lock);
    size_t place = TRIES;
    for (size_t i = 0; i < TRIES && place == TRIES; i++)
        if (d->tries[i].at_us && equal_digest(&d->tries[i].url, &hash))
            place = i;
    if (place < TRIES)
        mine = now - d->tries[place].at_us > AGAIN_US;
    else
        place = d->next++ % TRIES;
    if (mine) {
        d->tries[place].url = hash;
        d->tries[place].at_us = now;
    }
    pthread_mutex_unlock(&d->lock);
    return mine;
}

static bool document_fetch(struct task *t, str url, struct client_metadata *ret)
{
    const struct fetch_request rq = { .method = "GET", .url = url, .max_bytes = CLIENT_DOCUMENT_MAX_BYTES };
    struct fetch_answer answer;
    struct metadata_problem p = { STR("body"), STR("must be one JSON object") };
    const struct json_value *document;
    fetch(t, &rq, &answer);
    if (answer.outcome != FETCH_ANSWERED || answer.status != 200) {
        log_warn(t, "client_document.fetch_failed", L_STR("url", url), L_STR("why", answer.why),
                 L_I64("status", answer.status));
        return false;
    }
    if (json_parse(t->arena, answer.body, &document) && client_document_read(t->arena, url, document, ret, &p))
        return true;
    log_warn(t, "client_document.refused", L_STR("url", url), L_STR("member", p.member), L_STR("why", p.explain));
    return false;
}

static err document_keep(struct task *t, client_id id, struct client_metadata *m)
{
    const struct client_document_put_row *row;
    TRY(client_scope_granted(t, &m->scope));
    TRY(client_document_put(t, id, client_metadata_document(t->arena, m), &row));
    if (row && row->changed)
        TRY(audit_write(t, STR("client_document"), STR("client.fetched"), id.v, m->client_name));
    return snapshot_refresh(t);
}

err client_document_refresh(struct task *t, client_id id, const struct client **known)
{
    struct client_metadata m;
    const struct client *old = *known;
    if (old && instant_before(t->now, instant_add(old->document_at, FRESH)))
        return OK;
    if (!t->db)
        return FAIL(t, NEED_WORKER, "a client's document may have to be fetched");
    bool is_due = try_take(app_of(t)->documents, id.v);
    if (is_due && !old)
        TRY(limit_take(t, STR("client_document"), NEW_PER_MINUTE, NEW_BURST, "documents of clients that are new"));
    if (is_due && document_fetch(t, id.v, &m)) {
        TRY(document_keep(t, id, &m));
        return client_find_stored(t, id, known);
    }
    if (old && !instant_before(t->now, instant_add(old->document_at, STALE)))
        *known = NULL;
    return OK;
}
