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

static str_array keys_of(struct task *t, void *const *items, size_t n)
{
    str *keys = arena_array(t->arena, str, n);
    for (size_t i = 0; i < n; i++)
        keys[i] = ((const struct asked *)items[i])->key;
    return (str_array){ keys, n };
}

err tokens_run(struct task *t, void *const *items, size_t n)
{
    const struct tokens_find_row *rows;
    size_t n_rows;
    TRY(tokens_find(t, keys_of(t, items, n), &rows, &n_rows));
    db_batch_deal(&tokens_find_statement, rows, n_rows, items, n);
    return OK;
}

err client_tokens_run(struct task *t, void *const *items, size_t n)
{
    const struct client_tokens_find_row *rows;
    size_t n_rows;
    str *clients = arena_array(t->arena, str, n);
    for (size_t i = 0; i < n; i++)
        clients[i] = ((const struct asked *)items[i])->client;
    TRY(client_tokens_find(t, keys_of(t, items, n), (str_array){ clients, n }, &rows, &n_rows));
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
    grant_id grant; /* empty: the token names none */
};

err refreshes_run(struct task *t, void *const *items, size_t n)
{
    const struct refresh_find_row *rows;
    size_t n_rows;
    digest *hashes = arena_array(t->arena, digest, n);
    str *grants = arena_array(t->arena, str, n);
    for (size_t i = 0; i < n; i++) {
        const struct refresh_asked *q = items[i];
        hashes[i] = q->token_hash;
        grants[i] = q->grant.v;
    }
    TRY(refresh_find(t, (digest_array){ hashes, n }, (str_array){ grants, n }, &rows, &n_rows));
    db_batch_deal(&refresh_find_statement, rows, n_rows, items, n);
    return OK;
}

err refresh_load(struct task *t, str token, const struct refresh_find_row **ret)
{
    struct refresh_asked q = { .answer = { .arena = t->arena }, .token_hash = refresh_token_digest(token) };
    if (!refresh_token_names(t, token, &q.grant))
        q.grant = (grant_id){ STR("") };
    TRY(db_batch_read(t, app_of(t)->batches.refreshes, refreshes_run, &q, sizeof q));
    *ret = q.answer.row;
    return OK;
}

struct rotation_asked {
    struct db_batch_item answer;
    const struct rotation *rotation;
};

err rotations_run(struct task *t, void *const *items, size_t n)
{
    str *grants = arena_array(t->arena, str, n);
    digest *hashes = arena_array(t->arena, digest, n), *successor_hashes = arena_array(t->arena, digest, n);
    str *sealed = arena_array(t->arena, str, n), *jtis = arena_array(t->arena, str, n);
    str *scopes = arena_array(t->arena, str, n), *keys = arena_array(t->arena, str, n);
    int64_t *expires_us = arena_array(t->arena, int64_t, n);
    const struct refresh_rotate_row *rows;
    size_t n_rows;
    for (size_t i = 0; i < n; i++) {
        const struct rotation *r = ((const struct rotation_asked *)items[i])->rotation;
        grants[i] = r->grant.v;
        hashes[i] = r->token_hash;
        sealed[i] = hex_encode(t->arena, r->successor_sealed);
        successor_hashes[i] = r->successor_hash;
        jtis[i] = r->jti;
        scopes[i] = r->scope;
        keys[i] = str_given(r->bound_key) ? r->bound_key : STR("");
        expires_us[i] = r->access_expires_at.us;
    }
    TRY(refresh_rotate(t,
                       &(struct refresh_rotate_args){ .grants = { grants, n },
                                                      .token_hashes = { hashes, n },
                                                      .successors = { sealed, n },
                                                      .successor_hashes = { successor_hashes, n },
                                                      .jtis = { jtis, n },
                                                      .scopes = { scopes, n },
                                                      .bound_keys = { keys, n },
                                                      .expires_us = { expires_us, n } },
                       &rows, &n_rows));
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
