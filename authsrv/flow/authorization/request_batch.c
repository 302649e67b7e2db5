/* See request_batch.h. */
#include "authsrv/flow/authorization/request_batch.h"

#include "authsrv/app.h"
#include "authsrv/store/batch_request.sql.h"
#include "authsrv/store/statements.h"

err pushes_run(struct task *t, void *const *items, size_t n)
{
    digest *hashes = arena_array(t->arena, digest, n);
    str *clients = arena_array(t->arena, str, n), *parameters = arena_array(t->arena, str, n);
    int64_t *are_signed = arena_array(t->arena, int64_t, n), written;
    for (size_t i = 0; i < n; i++) {
        const struct pushed *p = items[i];
        hashes[i] = p->uri_hash;
        clients[i] = p->client.v;
        parameters[i] = p->parameters;
        are_signed[i] = p->was_signed ? 1 : 0;
    }
    return pushed_request_create(t, instant_add(t->now, PUSHED_LIFE), (digest_array){ hashes, n },
                                 (str_array){ clients, n }, (str_array){ parameters, n }, (i64_array){ are_signed, n },
                                 &written);
}

err pushed_keep(struct task *t, const struct pushed *p)
{
    struct pushed item = *p;
    return db_batch_join(t, app_of(t)->batches.pushes, pushes_run, &item);
}

struct jti_asked {
    struct db_batch_item answer;
    digest hash;
    instant expires_at;
};

err jtis_run(struct task *t, void *const *items, size_t n)
{
    digest *hashes = arena_array(t->arena, digest, n);
    int64_t *expires_us = arena_array(t->arena, int64_t, n);
    const struct jti_use_row *rows;
    size_t n_rows;
    for (size_t i = 0; i < n; i++) {
        const struct jti_asked *q = items[i];
        hashes[i] = q->hash;
        expires_us[i] = q->expires_at.us;
    }
    TRY(jti_use(t, (digest_array){ hashes, n }, (i64_array){ expires_us, n }, &rows, &n_rows));
    db_batch_deal(&jti_use_statement, rows, n_rows, items, n);
    return OK;
}

err jti_spend(struct task *t, digest jti_hash, instant expires_at, int64_t *n)
{
    struct jti_asked q = { .answer = { .arena = t->arena }, .hash = jti_hash, .expires_at = expires_at };
    TRY(db_batch_join(t, app_of(t)->batches.jtis, jtis_run, &q));
    *n = q.answer.row ? 1 : 0;
    return OK;
}
