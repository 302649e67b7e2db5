/*
 * What every task of authsrv can reach through task.app: made in app.c before the first thread, immutable afterwards
 * but for what locks itself. Nothing correct depends on it: facts are in PostgreSQL.
 */
#pragma once

#include "authsrv/config.h"
#include "authsrv/flow/batches.h"
#include "shared/base/task.h"
#include "shared/server/service.h"

struct snapshot_box;
struct upstream_box;
struct jwks_cache;
struct client_documents;
struct verified;

struct app {
    struct service service;
    struct config config;
    str issuer;
    str origin; /* scheme://host[:port] of the issuer: what Origin must say on our forms */
    digest sealing_key;
    digest initial_token_hash;
    digest nonce_key;               /* of the nonces of DPoP */
    digest family_key;              /* of the grants that refresh tokens name */
    digest pairwise_key;            /* of pairwise subjects */
    struct snapshot_box *snapshots; /* clients, resources and keys in memory */
    struct upstream_box *upstreams; /* what partners publish about themselves */
    struct jwks_cache *jwks;        /* keys that partners and clients publish */
    struct client_documents *documents;
    struct verified *verified; /* signatures of our tokens that held */
    struct batches batches;
};

/* An address of this server: the issuer and a path. */
str app_address(struct task *t, const char *path);

void app_open(void *app, const void *config, struct arena *process);
bool app_start(void *app, struct arena *process);
void app_close(void *app);

static inline const struct app *app_of(const struct task *t)
{
    return t->app;
}
