/* See token_batch.h. */
#include "authsrv/flow/token_batch.h"

#include "authsrv/app.h"
#include "authsrv/store/batch_token.sql.h"
#include "authsrv/store/statements.h"

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

err persons_run(struct task *t, void *const *items, size_t n)
{
    const struct persons_find_row *rows;
    size_t n_rows;
    TRY(persons_find(t, keys_of(t, items, n), &rows, &n_rows));
    db_batch_deal(&persons_find_statement, rows, n_rows, items, n);
    return OK;
}

err token_load(struct task *t, str jti, const struct tokens_find_row **ret)
{
    struct asked q = { .answer = { .arena = t->arena }, .key = jti };
    TRY(db_batch_join(t, app_of(t)->batches.tokens, tokens_run, &q));
    *ret = q.answer.row;
    return OK;
}

err client_token_good(struct task *t, str jti, client_id client, bool *ret)
{
    struct asked q = { .answer = { .arena = t->arena }, .key = jti, .client = client.v };
    TRY(db_batch_join(t, app_of(t)->batches.client_tokens, client_tokens_run, &q));
    *ret = q.answer.row != NULL;
    return OK;
}

err person_find(struct task *t, user_id user, const struct persons_find_row **ret)
{
    struct asked q = { .answer = { .arena = t->arena }, .key = user.v };
    TRY(db_batch_join(t, app_of(t)->batches.persons, persons_run, &q));
    *ret = q.answer.row;
    return OK;
}
