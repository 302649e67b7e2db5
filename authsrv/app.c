/* See app.h. */
#include "authsrv/app.h"

#include <assert.h>
#include <stddef.h>

#include "authsrv/flow/client/client_document.h"
#include "authsrv/flow/client/jwks_cache.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/flow/token/verified.h"
#include "authsrv/flow/upstream/upstream.h"
#include "shared/crypto/crypto.h"
#include "shared/text/url.h"

static_assert(offsetof(struct app, service) == 0, "the shared part finds its own in front");

str app_address(struct task *t, const char *path)
{
    return arena_printf(t->arena, "%.*s%s", STR_ARG(app_of(t)->issuer), path);
}

void app_open(void *memory, const void *settings, struct arena *process)
{
    struct app *app = memory;
    const struct config *config = settings;
    struct url issuer;
    app->config = *config;
    app->issuer = config->issuer;
    if (url_parse(config->issuer, &issuer))
        app->origin = url_origin(process, &issuer);
    app->sealing_key = typed_digest("sealing", config->sealing_key_file.hidden);
    app->pairwise_key = typed_digest("pairwise", config->pepper_file.hidden);
    app->nonce_key = typed_digest("dpop_nonce", config->sealing_key_file.hidden);
    app->family_key = typed_digest("refresh_family", config->sealing_key_file.hidden);
    app->initial_token_hash = typed_digest("initial_token", config->initial_access_token_file.hidden);
    app->snapshots = snapshot_box_create(process);
    app->upstreams = upstream_box_create(process);
    app->jwks = jwks_cache_create(process);
    app->documents = client_documents_create(process);
    app->verified = verified_create(process);
}

bool app_start(void *memory, struct arena *process)
{
    struct app *app = memory;
    const struct db_config database = service_database(&app->service);
    batches_open(&app->batches, process, &database);
    return true;
}

void app_close(void *memory)
{
    struct app *app = memory;
    snapshot_box_close(app->snapshots);
    upstream_box_close(app->upstreams);
    jwks_cache_close(app->jwks);
    client_documents_close(app->documents);
}
