/* The metrics of authsrv. */
#include "authsrv/counters.h"

#include "shared/ops/metrics.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

static const char *const login_results[] = { "password_good", "password_bad", "partner_good", "partner_bad" };
static const char *const grants[] = {
    "authorization_code", "refresh_token", "client_credentials", "device_code", "token_exchange", "jwt_bearer", "ciba"
};
static const char *const decoupled_events[] = { "asked", "approved", "denied" };
static const char *const notice_results[] = { "sent", "postponed", "given_up" };
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
static struct metric replays = { .name = "stoa_code_replay_total", .help = "Codes that came twice", .n = 1 };
static struct metric reuses = { .name = "stoa_refresh_reuse_total", .help = "Refresh tokens that came again", .n = 1 };
static struct metric decoupled = { .name = "stoa_decoupled_total",
                                   .help = "Authorizations asked for on one device and decided on another",
                                   .label = "event",
                                   .values = decoupled_events,
                                   .n = N(decoupled_events) };
static struct metric notices = { .name = "stoa_decoupled_notices_total",
                                 .help = "Mails, pings and pushes about such authorizations",
                                 .label = "result",
                                 .values = notice_results,
                                 .n = N(notice_results) };
static struct metric wrong_codes = { .name = "stoa_user_code_wrong_total",
                                     .help = "User codes that no device waits with",
                                     .n = 1 };

void counters_register(void)
{
    metric_register(&logins);
    metric_register(&tokens);
    metric_register(&consents);
    metric_register(&replays);
    metric_register(&reuses);
    metric_register(&decoupled);
    metric_register(&notices);
    metric_register(&wrong_codes);
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

void count_code_replay(const struct task *t)
{
    metric_add(&replays, t->slot, 0, 1);
}

void count_refresh_reuse(const struct task *t)
{
    metric_add(&reuses, t->slot, 0, 1);
}

void count_decoupled(const struct task *t, enum decoupled_event event)
{
    metric_add(&decoupled, t->slot, event, 1);
}

void count_notice(const struct task *t, enum notice_result result)
{
    metric_add(&notices, t->slot, result, 1);
}

void count_user_code_wrong(const struct task *t)
{
    metric_add(&wrong_codes, t->slot, 0, 1);
}
