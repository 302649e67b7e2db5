/*
 * What every task of paysrv can reach through task.app: made in app.c before the first thread, immutable afterwards
 * but for what locks itself. Nothing correct depends on it: facts are in PostgreSQL.
 */
#pragma once

#include "paysrv/config.h"
#include "paysrv/domain/acquirer/method.h"
#include "paysrv/domain/money.h"
#include "paysrv/domain/settlement/settlement.h"
#include "paysrv/flow/payment/steps.h"
#include "shared/base/task.h"
#include "shared/server/service.h"

struct keys;
struct revocations;
struct token_cache;
struct store_cache;
struct live_partners;
struct db_group;
struct pay_env;
struct connector;
struct request_log;
struct partner_standings;
struct pace;

/* See CREWS_MAX. */
enum { CREW_WEBHOOKS, CREW_BILLING };

struct app {
    struct service service;
    struct config config;
    struct keys *keys;                   /* the issuer's public keys */
    struct token_cache *tokens;          /* verified access tokens */
    struct revocations *revocations;     /* those that were taken back */
    struct store_cache *stores;          /* profiles of stores, for a moment */
    struct live_partners *live;          /* partners whose time is the wall clock's */
    struct partner_standings *standings; /* how partners stand, for a moment */
    struct pace *renewals, *collections; /* how many periods begin, and invoices are collected, at a time */
    struct request_log *requests;        /* what partners will find in their logs of requests */
    struct money_limits limits;          /* of payments, per currency */
    struct settlement_rates acquirer_rates, wallet_rates;
    const struct connector *acquirers[PAYMENT_METHOD_COUNT];      /* of live partners; NULL: none */
    const struct connector *test_acquirers[PAYMENT_METHOD_COUNT]; /* of partners with a clock of their own */
    const struct pay_env *env;                                    /* effects of the money core */
    struct steps steps;                                           /* batches of the payment path; empty in commands */
    struct db_batch *webhook_outcomes;                            /* NULL in commands */
    struct db_group *group;                                       /* NULL in commands */
    digest sealing_key;                                           /* SHA-256 of the content of sealing_key_file */
    digest code_key;                                              /* SHA-256 of the content of code_key_file */
};

void app_open(void *app, const void *config, struct arena *process);
/* Starts what writes for the payment path. */
bool app_start(void *app, struct arena *process);
void app_close(void *app);
