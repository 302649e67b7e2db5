/* Turning rows into clients. */
#include "authsrv/flow/client_load.h"

#include "authsrv/domain/redirect.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/store/client.sql.h"

/* The two statements name the same columns; C knows them as two types. */
#define CLIENT_FROM(a, row, ret)                                                                                       \
    do {                                                                                                               \
        *(ret) = (struct client){                                                                                      \
            .id = { arena_str((a), (row)->id.v) },                                                                     \
            .name = arena_str((a), (row)->name),                                                                       \
            .partner = arena_str((a), (row)->partner),                                                                 \
            .partner_name = arena_str((a), (row)->partner_name),                                                       \
            .grants = arena_str((a), (row)->grants),                                                                   \
            .scope = arena_str((a), (row)->scope),                                                                     \
            .first_party = (row)->first_party,                                                                         \
            .verified = (row)->verified,                                                                               \
            .require_pkce = (row)->require_pkce,                                                                       \
            .resource_server = arena_str((a), (row)->resource_server),                                                 \
            .default_max_age = (row)->default_max_age_given ? (row)->default_max_age : -1,                             \
            .client_uri = arena_str((a), (row)->client_uri),                                                           \
            .policy_uri = arena_str((a), (row)->policy_uri),                                                           \
            .tos_uri = arena_str((a), (row)->tos_uri),                                                                 \
            .version = (row)->version,                                                                                 \
        };                                                                                                             \
        client_complete((ret), (row)->auth_method, (row)->secret_hash, (row)->id_token_alg);                           \
    } while (0)

/* The checks of the table admit only these values. */
static void client_complete(struct client *c, str auth_method, bytes secret_hash, str id_token_alg)
{
    if (!auth_method_parse(auth_method, &c->auth_method))
        c->auth_method = AUTH_NONE;
    if (!jose_alg_parse(id_token_alg, &c->id_token_alg))
        c->id_token_alg = ALG_RS256;
    if (secret_hash.p && secret_hash.n == sizeof c->secret_hash.b)
        memcpy(c->secret_hash.b, secret_hash.p, secret_hash.n);
}

void client_of_snapshot_row(struct arena *a, const struct client_snapshot_row *row, struct client *ret)
{
    CLIENT_FROM(a, row, ret);
}

err client_load(struct task *t, client_id id, const struct client **ret)
{
    const struct snapshot *s;
    TRY(snapshot_of(t, &s));
    *ret = snapshot_client(s, id);
    if (*ret)
        return OK;
    const struct client_find_row *row;
    TRY(client_find(t, id, &row));
    if (!row)
        return OK;
    struct client *c = arena_new(t->arena, struct client);
    CLIENT_FROM(t->arena, row, c);
    *ret = c;
    return OK;
}

err client_registered_uri(struct task *t, client_id id, str kind, str asked, str *ret)
{
    const struct client_uris_row *rows;
    size_t n;
    TRY(client_uris(t, id, kind, &rows, &n));
    *ret = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(rows[i].uri, asked)) {
            *ret = rows[i].uri;
            return OK;
        }
        if (!str_given(*ret) && redirect_matches(rows[i].uri, asked))
            *ret = rows[i].uri;
    }
    return OK;
}

err client_only_uri(struct task *t, client_id id, str *ret, size_t *n)
{
    const struct client_uris_row *rows;
    TRY(client_uris(t, id, STR("redirect"), &rows, n));
    *ret = *n > 0 ? rows[0].uri : STR_NONE;
    return OK;
}
