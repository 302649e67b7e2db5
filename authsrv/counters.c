/* The metrics of authsrv. */
#include "authsrv/counters.h"

#include "shared/ops/metrics.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

static const char *const login_results[] = { "password_good", "password_bad", "partner_good", "partner_bad" };
static const char *const grants[] = { "authorization_code", "refresh_token", "client_credentials" };
static const char *const decisions[] = { "allowed", "denied" };

static struct metric logins = { .name = "stoa_login_total",
                                .help = "Log-ins by method and result",
                                .label = "result",
                                .values = login_results,
                                .n = N(login_results) };
static struct metric tokens = { .name = "stoa_tokens_issued_total",
                                .help = "Token responses by grant",
                                .label = "grant",
                                .values = grants,
                                .n = N(grants) };
static struct metric consents = { .name = "stoa_consent_total",
                                  .help = "Decisions on the consent page",
                                  .label = "result",
                                  .values = decisions,
                                  .n = N(decisions) };
static const char *const registrants[] = { "token", "anybody" };
static struct metric registrations = { .name = "stoa_clients_registered_total",
                                       .help = "Clients that registered themselves, by what they showed",
                                       .label = "by",
                                       .values = registrants,
                                       .n = N(registrants) };
static struct metric replays = { .name = "stoa_code_replay_total", .help = "Codes that came twice", .n = 1 };
static struct metric reuses = { .name = "stoa_refresh_reuse_total", .help = "Refresh tokens that came again", .n = 1 };

static const char *const logout_results[] = { "delivered", "refused", "failed", "given_up" };
static struct metric logouts = { .name = "stoa_logout_deliveries_total",
                                 .help = "Back-channel logouts by result; failed ones are tried again",
                                 .label = "result",
                                 .values = logout_results,
                                 .n = N(logout_results) };
static struct metric logout_queue = {
    .name = "stoa_logout_queue", .help = "Back-channel logouts that wait to be delivered", .n = 1, .is_gauge = true
};

void counters_register(void)
{
    metric_register(&logins);
    metric_register(&tokens);
    metric_register(&consents);
    metric_register(&registrations);
    metric_register(&replays);
    metric_register(&reuses);
    metric_register(&logouts);
    metric_register(&logout_queue);
}

void count_login(const struct task *t, enum login_method method, bool good)
{
    metric_add(&logins, t->slot, (size_t)method * 2 + (good ? 0 : 1), 1);
}

void count_tokens(const struct task *t, enum token_grant grant)
{
    metric_add(&tokens, t->slot, grant, 1);
}

void count_consent(const struct task *t, bool allowed)
{
    metric_add(&consents, t->slot, allowed ? 0 : 1, 1);
}

void count_registration(const struct task *t, bool is_open)
{
    metric_add(&registrations, t->slot, is_open ? 1 : 0, 1);
}

void count_code_replay(const struct task *t)
{
    metric_add(&replays, t->slot, 0, 1);
}

void count_refresh_reuse(const struct task *t)
{
    metric_add(&reuses, t->slot, 0, 1);
}

void count_logout(const struct task *t, enum logout_result result)
{
    metric_add(&logouts, t->slot, result, 1);
}

void logout_queue_set(int64_t n)
{
    metric_set(&logout_queue, 0, n);
}
