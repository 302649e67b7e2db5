/*
 * What every task of paysrv can reach through task.app: made in main.c before the first thread, immutable afterwards
 * but for what locks itself. Nothing correct depends on it: facts are in PostgreSQL.
 */
#pragma once

#include "paysrv/config.h"
#include "paysrv/flow/steps.h"
#include "shared/base/task.h"

struct keys;
struct token_cache;
struct store_cache;
struct jobs;
struct pay_env;

struct app {
    struct config config;
    struct keys *keys;          /* the issuer's public keys */
    struct token_cache *tokens; /* verified access tokens */
    struct store_cache *stores; /* profiles of stores, for a moment */
    const struct pay_env *env;  /* effects of the money core */
    struct steps steps;         /* batches of the payment path; empty in commands */
    struct jobs *jobs;          /* NULL in commands */
    digest sealing_key;         /* SHA-256 of the content of sealing_key_file */
    digest code_key;            /* SHA-256 of the content of code_key_file */
};
