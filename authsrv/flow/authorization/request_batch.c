/* See request_batch.h. */
#include "authsrv/flow/authorization/request_batch.h"

#include "authsrv/app.h"
#include "authsrv/store/batch_request.sql.h"
#include "authsrv/store/statements.h"

err pushes_run(struct task *t, void *const *items, size_t n)
{
    struct pushed_request_create_item *made = arena_array(t->arena, struct pushed_request_create_item, n);
    int64_t written;
    for (size_t i = 0; i < n; i++) {
        const struct pushed *p = items[i];
        made[i] = (struct pushed_request_create_item){
            .uri_hash = p->uri_hash, .client_id = p->client.v, .parameters = p->parameters, .was_signed = p->was_signed
        };
    }
    return pushed_request_create(t, made, n, instant_add(t->now, PUSHED_LIFE), &written);
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
    struct jti_use_item *asked = arena_array(t->arena, struct jti_use_item, n);
    const struct jti_use_row *rows;
    size_t n_rows;
    for (size_t i = 0; i < n; i++) {
        const struct jti_asked *q = items[i];
        asked[i] = (struct jti_use_item){ .jti_hash = q->hash, .expires_us = q->expires_at.us };
    }
    TRY(jti_use(t, asked, n, &rows, &n_rows));
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
