/* Clients into the database; every process sees them within a second (flow/snapshot.h), this one at once. */
#include "authsrv/flow/client/client_store.h"

#include "authsrv/app.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/client/sector.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/store/client.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"

static digest registration_digest(str token)
{
    return typed_digest("registration", token);
}

bool client_wants_secret(const struct client_metadata *m)
{
    enum auth_method method;
    return auth_method_parse(m->token_endpoint_auth_method, &method) && auth_method_has_secret(method);
}

err client_scope_granted(struct task *t, str *scope)
{
    const struct snapshot *s;
    size_t n;
    TRY(snapshot_of(t, &s));
    const struct scope_owner *owners = snapshot_owners(s, &n);
    *scope = scope_for_strangers(t->arena, *scope, owners, n);
    return OK;
}

#define SECRET_CONTEXT STR("client_secret")

bool client_secret_is_key(const struct client_metadata *m)
{
    return str_eq(m->token_endpoint_auth_method, STR("client_secret_jwt"));
}

bytes client_secret_seal(struct task *t, bool as_key, str secret_text)
{
    if (!str_given(secret_text) || !as_key)
        return (bytes){ 0 };
    return seal(t->arena, &app_of(t)->sealing_key, bytes_of(secret_text), SECRET_CONTEXT);
}

bool client_secret_unseal(struct task *t, const struct client *client, str *ret)
{
    bytes plain;
    if (!client->secret_sealed.p ||
        !unseal(t->arena, &app_of(t)->sealing_key, client->secret_sealed, SECRET_CONTEXT, &plain))
        return false;
    *ret = (str){ (const char *)plain.p, plain.n };
    return true;
}

static err refuse(struct task *t, const char *why)
{
    struct failure *f = FAIL(t, INVALID_TOKEN, "%s", why);
    f->challenge = STR("Bearer error=\"invalid_token\"");
    return f;
}

struct registering {
    const struct client_new *n;
    struct client_create_args row;
    bool exists;
};

/* A use of the initial token goes with the client that it brings, and not with what was refused. */
static err register_in_tx(struct task *t, void *context)
{
    struct registering *r = context;
    const struct client_create_row *row;
    int64_t taken = 1;
    if (r->n->initial_token)
        TRY(initial_token_take(t, *r->n->initial_token, &taken));
    if (taken == 0)
        return refuse(t, "somebody else had the last use of this initial access token");
    TRY(client_create(t, &r->row, &row));
    r->exists = row == NULL;
    return row ? audit_write(t, r->n->actor, STR("client.created"), row->id.v, r->n->meta->client_name) : OK;
}

err client_register(struct task *t, const struct client_new *n, struct client_issued *ret)
{
    struct client_issued out = { .id = n->id, .secret = STR_NONE, .registration_token = STR_NONE };
    TRY(sector_check(t, n->meta));
    if (!str_given(out.id.v))
        out.id = (client_id){ random_id(t->arena, "cl_") };
    if (client_wants_secret(n->meta))
        out.secret = str_given(n->secret) ? n->secret : random_token(t->arena, CLIENT_SECRET_PREFIX);
    if (n->manageable)
        out.registration_token = random_token(t->arena, "rat_");
    digest secret_hash = sha256_str(out.secret), registration = registration_digest(out.registration_token);
    struct registering r = {
        .n = n,
        .row = { .id = out.id,
                 .metadata = client_metadata_document(t->arena, n->meta),
                 .secret_hash = str_given(out.secret) ? digest_bytes(&secret_hash) : (bytes){ 0 },
                 .secret_sealed = client_secret_seal(t, client_secret_is_key(n->meta), out.secret),
                 .registration_hash = n->manageable ? digest_bytes(&registration) : (bytes){ 0 },
                 .partner = n->partner,
                 .first_party = n->first_party,
                 .verified = n->verified,
                 .resource_server = n->resource_server,
                 .software_statement = n->statement },
    };
    TRY(db_tx(t, register_in_tx, &r));
    *ret = r.exists ? (struct client_issued){ 0 } : out;
    return r.exists ? OK : snapshot_refresh(t);
}

err client_manage(struct task *t, client_id id, str token, struct managed *ret)
{
    const struct client_of_registration_row *row;
    TRY(client_of_registration(t, id, registration_digest(token), &row));
    if (!row)
        return refuse(t, "no client has this registration access token");
    *ret = (struct managed){ .token = token, .statement = row->software_statement, .created_at = row->created_at };
    TRY(client_load(t, row->id, &ret->client));
    return ret->client ? OK : refuse(t, "the client was disabled");
}

err client_change(struct task *t, const struct managed *m, const struct client_metadata *meta, str statement,
                  struct client_issued *ret)
{
    const struct client_replace_row *row;
    const struct client *client = m->client;
    struct client_issued out = { .id = client->id, .registration_token = random_token(t->arena, "rat_") };
    bool keeps = client_wants_secret(meta), as_key = client_secret_is_key(meta);
    TRY(sector_check(t, meta));
    if (keeps && (!auth_method_has_secret(client->auth_method) || (as_key && !client->secret_sealed.p)))
        out.secret = random_token(t->arena, CLIENT_SECRET_PREFIX);
    digest secret_hash = sha256_str(out.secret);
    TRY(client_replace(t,
                       &(struct client_replace_args){ .id = client->id,
                                                      .registration_hash = registration_digest(m->token),
                                                      .fresh = registration_digest(out.registration_token),
                                                      .metadata = client_metadata_document(t->arena, meta),
                                                      .software_statement = statement,
                                                      .keeps_secret = keeps,
                                                      .keeps_sealed = as_key,
                                                      .secret_sealed = client_secret_seal(t, as_key, out.secret),
                                                      .secret_hash = str_given(out.secret) ? digest_bytes(&secret_hash)
                                                                                           : (bytes){ 0 } },
                       &row));
    if (!row)
        return refuse(t, "somebody else used this registration access token");
    *ret = out;
    TRY(audit_write(t, client->id.v, STR("client.changed"), client->id.v, meta->client_name));
    return snapshot_refresh(t);
}

struct ending {
    str actor;
    client_id id;
    bool done;
};

static err end_in_tx(struct task *t, void *context)
{
    struct ending *e = context;
    const struct client_disable_row *row;
    TRY(client_disable(t, e->id, &row));
    e->done = row != NULL;
    return row ? audit_write(t, e->actor, STR("client.disabled"), row->id.v, STR("")) : OK;
}

#define SLICE 2000
#define SLICES 10 /* what is left is for the job (flow/purge.c): nobody waits for it, since nothing of it counts */

static err grants_end(struct task *t, client_id id)
{
    int64_t n = SLICE;
    for (int i = 0; i < SLICES && n == SLICE; i++)
        TRY(client_grants_end(t, id, SLICE, &n));
    return OK;
}

/* Once more: what requests that were under way made for it meanwhile ends, too. */
err client_end(struct task *t, client_id id, str actor, bool *ended)
{
    struct ending e = { .actor = actor, .id = id };
    const struct client_settle_row *settled;
    const struct client_disable_row *row;
    TRY(db_tx_in_turn(t, end_in_tx, &e));
    *ended = e.done;
    if (!e.done)
        return OK;
    TRY(client_settle(t, id, &settled));
    TRY(client_disable(t, id, &row));
    TRY(snapshot_refresh(t));
    return grants_end(t, id);
}
