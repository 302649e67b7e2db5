/* See app.h. */
#include "paysrv/app.h"

#include <assert.h>
#include <stddef.h>

#include "paysrv/domain/pace.h"
#include "paysrv/flow/access/keys.h"
#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/flow/access/revocations.h"
#include "paysrv/flow/access/token_cache.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/webhook_delivery.h"
#include "paysrv/flow/request_log.h"
#include "paysrv/flow/stores/store_cache.h"
#include "shared/crypto/crypto.h"
#include "shared/db/group.h"
#include "shared/ops/log.h"

static_assert(offsetof(struct app, service) == 0, "the shared part finds its own in front");

#define AT_ONCE_FIRST 8 /* whom it calls is our own: the acquirer, the database */

static struct pace *pace_create(struct arena *process, int64_t most)
{
    struct pace *ret = arena_new(process, struct pace);
    *ret = pace_of(AT_ONCE_FIRST, (int32_t)most, 0, 0);
    return ret;
}

void app_open(void *memory, const void *settings, struct arena *process)
{
    struct app *app = memory;
    const struct config *config = settings;
    app->config = *config;
    app->keys = keys_create(process, config->issuer);
    app->revocations = revocations_create(process);
    app->tokens = token_cache_create(process);
    app->stores = store_cache_create(process);
    app->live = live_partners_create(process);
    app->standings = partner_standings_create(process);
    app->requests = request_log_create(process);
    app->renewals = pace_create(process, config->renewals_at_once);
    app->collections = pace_create(process, config->renewals_at_once);
    app->env = &pay_env_live;
    app->acquirers[METHOD_CARD] = connector_named(config->acquirer); /* config_judge knows it */
    app->test_acquirers[METHOD_CARD] = &connector_sandbox;
    app->acquirers[METHOD_WALLET] = config->wallet.n > 0 ? connector_named(config->wallet) : NULL;
    app->test_acquirers[METHOD_WALLET] = config->test_wallet_url.n > 0 ? &connector_wallet : NULL;
    if (config->bank_transfers)
        app->acquirers[METHOD_BANK_TRANSFER] = app->test_acquirers[METHOD_BANK_TRANSFER] = &connector_bank;
    (void)money_limits_parse(config->payment_limits, &app->limits);            /* config_judge has accepted it */
    (void)settlement_rates_parse(config->acquirer_fees, &app->acquirer_rates); /* the same */
    (void)settlement_rates_parse(config->wallet_fees, &app->wallet_rates);
    app->sealing_key = sha256_str(config->sealing_key_file.hidden);
    app->code_key = sha256_str(config->code_key_file.hidden);
}

bool app_start(void *memory, struct arena *process)
{
    struct app *app = memory;
    const struct db_config database = service_database(&app->service);
    const struct db_group_config config = {
        .db = database,
        .committers = (unsigned)app->config.committers,
        .max_batch = (unsigned)app->config.commit_batch,
    };
    app->group = db_group_start(&config);
    if (!app->group)
        return false;
    if (app->config.hold_outgoing)
        log_warn(NULL, "outgoing.held", L_STR("until", STR("hold_outgoing is off")));
    db_group_install(app->group);
    steps_open(&app->steps, process, &database, (size_t)app->config.commit_batch);
    app->webhook_outcomes = webhook_outcomes_open(process, &database, (size_t)app->config.commit_batch);
    return true;
}

void app_close(void *memory)
{
    struct app *app = memory;
    db_group_install(NULL);
    if (app->group)
        db_group_stop(app->group);
}
