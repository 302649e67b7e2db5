/* authsrv, the authorization server: what it consists of. The rest is every server's (shared/server). */
#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/flow/partner/partners.h"
#include "authsrv/flow/partner/site.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/jobs.h"
#include "authsrv/meanings.h"
#include "authsrv/routes.h"
#include "authsrv/shapes.h"
#include "authsrv/store/migrations.h"
#include "authsrv/store/statements.h"
#include "authsrv/verbs.h"
#include "shared/server/clock.h"
#include "shared/server/durability.h"
#include "shared/server/server.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

#define CONFIG_ITEM_STRUCT struct config
static const struct config_item items[] = { CONFIG_ITEMS(AUTHSRV_CONFIG) };
static const struct slotted slotted[] = {
    { "sealing_key", offsetof(struct config, sealing_key_file) },
    { "pepper", offsetof(struct config, pepper_file) },
};
static const struct verb verbs[] = { AUTHSRV_VERBS(VERB_ROW) };
static const struct route *const routes[] = { AUTHSRV_ROUTES(ROUTE_ROW) };
static const struct shape *const shapes[] = { AUTHSRV_SHAPES(SHAPE_ROW) };
static const struct job jobs[] = { AUTHSRV_JOBS(JOB_ROW) };

static struct server_settings settings_of(const void *config)
{
    const struct config *c = config;
    bool private_allowed = c->fetch_allow_networks.n > 0;
    return (struct server_settings)SERVER_SETTINGS(c, .url = c->issuer, .costly_workers = c->password_workers,
                                                   .costly_queue = c->password_queue,
                                                   .fetch = { .allow_http = private_allowed,
                                                              .any_port = private_allowed,
                                                              .allow_networks = c->fetch_allow_networks,
                                                              .own_networks = c->fetch_own_networks,
                                                              .ca_file = c->ca_file });
}

static bool keys_usable(struct task *t)
{
    const struct snapshot *s;
    return snapshot_of(t, &s) == OK && snapshot_signer(s, ALG_ES256) && snapshot_signer(s, ALG_RS256);
}

static const struct readiness readiness[] = {
    { "database", server_database_usable },
    { "clock", server_clock_usable },
    { "durability", server_durability_usable },
    { "redis", server_redis_usable },
    { "keys", keys_usable },
};

int main(int argc, char **argv)
{
    const struct server authsrv = {
        .name = "authsrv",
        .title = "Stoa authorization server",
        .prefix = "AUTHSRV",
        .schema = "auth",
        .items = items,
        .n_items = N(items),
        .config_bytes = sizeof(struct config),
        .config_judge = config_judge,
        .settings_of = settings_of,
        .slotted = slotted,
        .n_slotted = N(slotted),
        .verbs = verbs,
        .n_verbs = N(verbs),
        .routes = routes,
        .n_routes = N(routes),
        .shapes = shapes,
        .n_shapes = N(shapes),
        .meanings = &authsrv_meanings,
        .jobs = jobs,
        .n_jobs = N(jobs),
        .readiness = readiness,
        .n_readiness = N(readiness),
        .migrations = authsrv_migrations,
        .n_migrations = authsrv_migrations_n,
        .statements = authsrv_statements,
        .n_statements = authsrv_statements_n,
        .migrated = rows_provide,
        .app_bytes = sizeof(struct app),
        .app_open = app_open,
        .app_start = app_start,
        .app_close = app_close,
        .metrics_register = counters_register,
        .page_begin = language_begin,
        .error_page = failure_page,
        .site_find = site_find,
    };
    return server_main(&authsrv, argc, argv);
}
