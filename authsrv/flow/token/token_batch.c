/* See token_batch.h. */
#include "authsrv/flow/token/token_batch.h"

#include "authsrv/app.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/store/batch_token.sql.h"
#include "authsrv/store/statements.h"
#include "shared/text/encode.h"

struct asked {
    struct db_batch_item answer;
    str key, client;
};

err tokens_run(struct task *t, void *const *items, size_t n)
{
    const struct tokens_find_row *rows;
    size_t n_rows;
    struct tokens_find_item *asked = arena_array(t->arena, struct tokens_find_item, n);
    for (size_t i = 0; i < n; i++)
        asked[i].jti = ((const struct asked *)items[i])->key;
    TRY(tokens_find(t, asked, n, &rows, &n_rows));
    db_batch_deal(&tokens_find_statement, rows, n_rows, items, n);
    return OK;
}

err client_tokens_run(struct task *t, void *const *items, size_t n)
{
    const struct client_tokens_find_row *rows;
    size_t n_rows;
    struct client_tokens_find_item *asked = arena_array(t->arena, struct client_tokens_find_item, n);
    for (size_t i = 0; i < n; i++) {
        const struct asked *q = items[i];
        asked[i] = (struct client_tokens_find_item){ .jti = q->key, .client = q->client };
    }
    TRY(client_tokens_find(t, asked, n, &rows, &n_rows));
    db_batch_deal(&client_tokens_find_statement, rows, n_rows, items, n);
    return OK;
}

err token_load(struct task *t, str jti, const struct tokens_find_row **ret)
{
    struct asked q = { .answer = { .arena = t->arena }, .key = jti };
    TRY(db_batch_read(t, app_of(t)->batches.tokens, tokens_run, &q, sizeof q));
    *ret = q.answer.row;
    return OK;
}

err client_token_good(struct task *t, str jti, client_id client, bool *ret)
{
    struct asked q = { .answer = { .arena = t->arena }, .key = jti, .client = client.v };
    TRY(db_batch_read(t, app_of(t)->batches.client_tokens, client_tokens_run, &q, sizeof q));
    *ret = q.answer.row != NULL;
    return OK;
}

/* ---- refresh tokens ---- */

struct refresh_asked {
    struct db_batch_item answer;
    digest token_hash;
    grant_id grant; /* absent: the token names none */
};

err refreshes_run(struct task *t, void *const *items, size_t n)
{
    const struct refresh_find_row *rows;
    size_t n_rows;
    struct refresh_find_item *asked = arena_array(t->arena, struct refresh_find_item, n);
    for (size_t i = 0; i < n; i++) {
        const struct refresh_asked *q = items[i];
        asked[i] = (struct refresh_find_item){ .token_hash = q->token_hash, .grant_id = q->grant.v };
    }
    TRY(refresh_find(t, asked, n, &rows, &n_rows));
    db_batch_deal(&refresh_find_statement, rows, n_rows, items, n);
    return OK;
}

err refresh_load(struct task *t, str token, const struct refresh_find_row **ret)
{
    struct refresh_asked q = { .answer = { .arena = t->arena }, .token_hash = refresh_token_digest(token) };
    if (!refresh_token_names(t, token, &q.grant))
        q.grant = (grant_id){ STR_NONE };
    TRY(db_batch_read(t, app_of(t)->batches.refreshes, refreshes_run, &q, sizeof q));
    *ret = q.answer.row;
    return OK;
}

struct rotation_asked {
    struct db_batch_item answer;
    const struct rotation *rotation;
};

static struct refresh_rotate_item rotation_item(struct task *t, const struct rotation *r)
{
    return (struct refresh_rotate_item){ .grant_id = r->grant.v,
                                         .token_hash = r->token_hash,
                                         .successor = hex_encode(t->arena, r->successor_sealed),
                                         .successor_hash = r->successor_hash,
                                         .jti = r->jti,
                                         .scope = r->scope,
                                         .bound_key = r->bound_key,
                                         .expires_us = r->access_expires_at.us };
}

err rotations_run(struct task *t, void *const *items, size_t n)
{
    const struct refresh_rotate_row *rows;
    size_t n_rows;
    struct refresh_rotate_item *asked = arena_array(t->arena, struct refresh_rotate_item, n);
    for (size_t i = 0; i < n; i++)
        asked[i] = rotation_item(t, ((const struct rotation_asked *)items[i])->rotation);
    TRY(refresh_rotate(t, asked, n, &rows, &n_rows));
    db_batch_deal(&refresh_rotate_statement, rows, n_rows, items, n);
    return OK;
}

err refresh_replace(struct task *t, const struct rotation *r, bool *done)
{
    struct rotation_asked q = { .answer = { .arena = t->arena }, .rotation = r };
    TRY(db_batch_join(t, app_of(t)->batches.rotations, rotations_run, &q));
    *done = q.answer.row != NULL;
    return OK;
}
