/* paysrv, the marketplace payment server: what it consists of. The rest is every server's (shared/server). */
#include "paysrv/app.h"
#include "paysrv/cli/named.h"
#include "paysrv/domain/message/event_type.h"
#include "paysrv/flow/access/keys.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/guards.h"
#include "paysrv/jobs.h"
#include "paysrv/meanings.h"
#include "paysrv/pages.h"
#include "paysrv/routes.h"
#include "paysrv/served.h"
#include "paysrv/shapes.h"
#include "paysrv/store/migrations.h"
#include "paysrv/store/statements.h"
#include "paysrv/verbs.h"
#include "shared/http/openapi.h"
#include "shared/server/clock.h"
#include "shared/server/durability.h"
#include "shared/server/server.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

#define CONFIG_ITEM_STRUCT struct config
static const struct config_item items[] = { CONFIG_ITEMS(PAYSRV_CONFIG) };
static const struct slotted slotted[] = {
    { "sealing_key", offsetof(struct config, sealing_key_file) },
    { "code_key", offsetof(struct config, code_key_file) },
};
static const struct verb verbs[] = { PAYSRV_VERBS(VERB_ROW) };
static const struct named named[] = { { "PARTNER", "partner", partner_is_there },
                                      { "STORE", "store", store_is_there },
                                      { "USER", "user", user_is_there },
                                      { "PAYMENT", "payment", payment_is_there } };
static const struct route *const routes[] = { PAYSRV_ROUTES(ROUTE_ROW) };
static const struct shape *const shapes[] = { PAYSRV_SHAPES(SHAPE_ROW) };
static const struct openapi_header headers[] = {
    { .name = "Idempotency-Key",
      .meaning = "The same key with the same body does it once, and gets the same answer again.",
      .max = 255,
      .of_posts = true },
    { .name = "Stoa-Version", .meaning = "A version of the API by its day; else the partner's.", .max = 10 },
};
static const struct job jobs[] = { PAYSRV_JOBS(JOB_ROW) };

static struct server_settings settings_of(const void *config)
{
    const struct config *c = config;
    return (struct server_settings)SERVER_SETTINGS(
        c, .url = c->public_url,
        .crews = { [CREW_WEBHOOKS] = c->webhook_senders, [CREW_BILLING] = c->renewals_at_once },
        .fetch = { .allow_http = c->fetch_allow_networks.n > 0, /* to receivers on one's own machine */
                   .any_port = true,
                   .allow_networks = c->fetch_allow_networks,
                   .own_networks = c->fetch_own_networks,
                   .ca_file = c->ca_file });
}

static bool issuer_keys_usable(struct task *t)
{
    const struct app *app = t->app;
    return keys_usable(app->keys);
}

static const struct readiness readiness[] = {
    { "database", server_database_usable },     { "clock", server_clock_usable },
    { "durability", server_durability_usable }, { "redis", server_redis_usable },
    { "issuer_keys", issuer_keys_usable },
};

int main(int argc, char **argv)
{
    const struct server paysrv = {
        .name = "paysrv",
        .title = "Stoa payment server",
        .prefix = "PAYSRV",
        .schema = "pay",
        .items = items,
        .n_items = N(items),
        .config_bytes = sizeof(struct config),
        .settings_of = settings_of,
        .slotted = slotted,
        .n_slotted = N(slotted),
        .config_judge = config_judge,
        .verbs = verbs,
        .n_verbs = N(verbs),
        .named = named,
        .n_named = N(named),
        .routes = routes,
        .n_routes = N(routes),
        .render = answer_render,
        .served = request_served,
        .whose = request_whose,
        .shapes = shapes,
        .n_shapes = N(shapes),
        .messages = event_types,
        .n_messages = event_types_n,
        .headers = headers,
        .n_headers = N(headers),
        .meanings = &paysrv_meanings,
        .jobs = jobs,
        .n_jobs = N(jobs),
        .readiness = readiness,
        .n_readiness = N(readiness),
        .migrations = paysrv_migrations,
        .n_migrations = paysrv_migrations_n,
        .statements = paysrv_statements,
        .n_statements = paysrv_statements_n,
        .app_bytes = sizeof(struct app),
        .app_open = app_open,
        .app_start = app_start,
        .app_close = app_close,
        .metrics_register = pay_metrics_register,
        .page_begin = page_speak,
        .error_page = failure_page,
    };
    return server_main(&paysrv, argc, argv);
}
