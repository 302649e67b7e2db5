/* Turning rows into clients. */
#include "authsrv/flow/client/client_load.h"

#include "authsrv/faults.h"
#include "authsrv/flow/client/client_document.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/store/client.sql.h"
#include "shared/ops/log.h"

/* The tree of a document is many times as large as what is read of it: `[0,0]` has 32 bytes for two. */
#define TREE_FIRST_BYTES ((size_t)16 << 10)
#define TREE_MAX_BYTES ((size_t)32 << 20)
/* More than one leaves, with its row: those of a list, whom nobody bounds, end before the memory does. */
#define ONE_MAX_BYTES ((size_t)2 << 20)

static bool metadata_of(struct arena *a, str text, struct client_metadata *ret)
{
    struct arena *tree = arena_create(TREE_FIRST_BYTES, TREE_MAX_BYTES);
    const struct json_value *document;
    struct metadata_problem problem;
    bool is_good = json_parse(tree, text, &document) && client_metadata_read(tree, document, ret, &problem);
    if (is_good)
        client_metadata_keep(a, ret);
    arena_destroy(tree);
    return is_good;
}

static void keys_release(void *set)
{
    jose_set_free(set);
}

static bool keys_parse(struct arena *a, struct client *c)
{
    if (!str_given(c->meta.jwks))
        return true;
    struct jose_set *set = jose_set_parse(c->meta.jwks, c->meta.jwks.n);
    if (!set)
        return false;
    arena_defer(a, keys_release, set);
    c->keys = set;
    return true;
}

bool client_of_row(struct arena *a, const struct client_find_row *row, struct client *ret)
{
    *ret = (struct client){
        .id = { arena_str(a, row->id.v) },
        .partner = arena_str(a, row->partner),
        .partner_name = arena_str(a, row->partner_name),
        .first_party = row->first_party,
        .verified = row->verified,
        .challenge = arena_str(a, row->challenge),
        .resource_server = arena_str(a, row->resource_server),
        .version = row->version,
        .is_document = row->document_at_given,
        .document_at = row->document_at,
    };
    if (row->secret_hash.p && row->secret_hash.n == sizeof ret->secret_hash.b)
        memcpy(ret->secret_hash.b, row->secret_hash.p, row->secret_hash.n);
    if (row->previous_hash.p && row->previous_hash.n == sizeof ret->previous_hash.b) {
        memcpy(ret->previous_hash.b, row->previous_hash.p, row->previous_hash.n);
        ret->previous_until = row->previous_until;
    }
    if (row->secret_sealed.p)
        ret->secret_sealed = bytes_of(arena_str(a, (str){ (const char *)row->secret_sealed.p, row->secret_sealed.n }));
    if (!metadata_of(a, row->metadata, &ret->meta))
        return false;
    /* A document that was kept by rules of before may say of itself what is the operator's to give. */
    if (ret->is_document) {
        ret->meta.authorization_details_types = (struct text_list){ 0 };
        ret->meta.access_token_ttl = ret->meta.refresh_token_ttl = -1;
    }
    return client_complete(ret) && keys_parse(a, ret);
}

err client_load(struct task *t, client_id id, const struct client **ret)
{
    TRY(client_find_stored(t, id, ret));
    if (*ret && !(*ret)->is_document)
        return OK;
    if (client_document_wanted(t, id.v))
        return client_document_refresh(t, id, ret);
    *ret = NULL; /* what was fetched before the operator said no is not taken any more */
    return OK;
}

err client_load_listed(struct task *t, client_id id, const struct client **ret)
{
    err e = client_load(t, id, ret);
    if (!err_is(e, &FAULT_INTERNAL))
        return e;
    log_failure(t, e);
    *ret = NULL;
    return OK;
}

err client_find_stored(struct task *t, client_id id, const struct client **ret)
{
    const struct snapshot *s;
    TRY(snapshot_of(t, &s));
    *ret = snapshot_client(s, id);
    if (*ret)
        return OK;
    const struct client_find_row *row;
    if (arena_left(t->arena) < ONE_MAX_BYTES)
        return FAIL(t, INTERNAL, "client %.*s is one too many for what asked", STR_ARG(id.v));
    TRY(client_find(t, id, &row));
    if (!row)
        return OK;
    struct client *c = arena_new(t->arena, struct client);
    bool is_good = client_of_row(t->arena, row, c);
    if (!is_good && row->document_at_given)
        return OK; /* it is fetched again, and may be a good one by now */
    if (!is_good)
        return FAIL(t, INTERNAL, "the metadata of client %.*s cannot be read", STR_ARG(id.v));
    *ret = c;
    return OK;
}
