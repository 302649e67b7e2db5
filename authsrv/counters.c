/* The metrics of authsrv. */
#include "authsrv/counters.h"

#include "shared/ops/metrics.h"

#define N(a) (sizeof(a) / sizeof(a)[0])

static const char *const login_results[] = { "password_good",  "password_bad", "partner_good", "partner_bad",
                                             "second_good",    "second_bad",   "passkey_good", "passkey_bad",
                                             "challenge_good", "challenge_bad" };
static const char *const grants[] = { "authorization_code",
                                      "refresh_token",
                                      "client_credentials",
                                      "device_code",
                                      "token_exchange",
                                      "jwt_bearer",
                                      "ciba",
                                      "implicit" };
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
static const char *const registrants[] = { "token", "anybody" };
static struct metric registrations = { .name = "stoa_clients_registered_total",
                                       .help = "Clients that registered themselves, by what they showed",
                                       .label = "by",
                                       .values = registrants,
                                       .n = N(registrants) };
static const char *const statement_results[] = { "accepted", "invalid", "unapproved" };
static struct metric statements = { .name = "stoa_software_statements_total",
                                    .help = "Software statements in registrations",
                                    .label = "result",
                                    .values = statement_results,
                                    .n = N(statement_results) };
static struct metric replays = { .name = "stoa_code_replay_total", .help = "Codes that came twice", .n = 1 };
static struct metric reuses = { .name = "stoa_refresh_reuse_total", .help = "Refresh tokens that came again", .n = 1 };
static struct metric decoupled = { .name = "stoa_decoupled_total",
                                   .help = "Authorizations asked for on one device and decided on another",
                                   .label = "event",
                                   .values = decoupled_events,
                                   .n = N(decoupled_events) };
static struct metric notices = { .name = "stoa_decoupled_notices_total",
                                 .help =
                                     "Mails, pings and pushes about authorizations that are decided on another device",
                                 .label = "result",
                                 .values = notice_results,
                                 .n = N(notice_results) };
static struct metric mails = { .name = "stoa_mails_total",
                               .help = "Mails to people about their account",
                               .label = "result",
                               .values = notice_results,
                               .n = N(notice_results) };
static const char *const challenge_events[] = { "asked", "limited", "created", "sent_on", "disowned" };
static struct metric challenges = { .name = "stoa_challenges_total",
                                    .help = "Log-ins inside applications: codes asked for, refused by a limit, "
                                            "accounts created, sent to our pages, disowned",
                                    .label = "event",
                                    .values = challenge_events,
                                    .n = N(challenge_events) };
static struct metric wrong_codes = { .name = "stoa_user_code_wrong_total",
                                     .help = "User codes that no device waits with",
                                     .n = 1 };

static struct metric limited = { .name = "stoa_login_limited_total",
                                 .help = "Log-in attempts refused by a rate limit",
                                 .n = 1 };
static struct metric client_failures = { .name = "stoa_client_auth_failures_total",
                                         .help = "Failed client authentications",
                                         .n = 1 };

static const char *const key_algs[] = { "ES256", "RS256", "PS256", "EdDSA" };
static struct metric key_ages = { .name = "stoa_key_age_seconds",
                                  .help = "Age of the key that signs",
                                  .label = "alg",
                                  .values = key_algs,
                                  .n = N(key_algs),
                                  .is_gauge = true };
static struct metric unchained = { .name = "stoa_audit_unchained_entries",
                                   .help = "Audit entries that are not in the chain yet",
                                   .n = 1,
                                   .is_gauge = true };
static struct metric audit_lag = { .name = "stoa_audit_lag_seconds",
                                   .help = "Age of the oldest audit entry that is not in the chain yet",
                                   .n = 1,
                                   .is_gauge = true };
static struct metric snapshot = { .name = "stoa_snapshot_version",
                                  .help = "Version of clients, resources and keys that requests are judged by",
                                  .n = 1,
                                  .is_gauge = true };
static struct metric flows = { .name = "stoa_flows_open", .help = "Log-ins under way", .n = 1, .is_gauge = true };

static const char *const logout_results[] = { "delivered", "refused", "failed", "given_up" };
static struct metric logouts = { .name = "stoa_logout_deliveries_total",
                                 .help = "Back-channel logouts by result; failed ones are tried again",
                                 .label = "result",
                                 .values = logout_results,
                                 .n = N(logout_results) };
static struct metric logout_queue = {
    .name = "stoa_logout_queue", .help = "Back-channel logouts that wait to be delivered", .n = 1, .is_gauge = true
};

static const char *const upstream_events[] = { "answered", "failed",     "rested", "refused", "denied",
                                               "moved",    "logged_out", "left",   "returned" };
static struct metric upstream_calls = {
    .name = "stoa_upstream_total",
    .help = "Log-ins at partners: answered, failed there, not tried while it rests, refused by us, denied, "
            "not tried because its metadata changed; logouts told by them; browsers sent on to their log-out, and back",
    .label = "event",
    .values = upstream_events,
    .n = N(upstream_events)
};
static const char *const upstream_token_events[] = { "kept", "given", "refreshed", "refused", "failed", "unknown" };
static struct metric upstream_tokens = {
    .name = "stoa_upstream_tokens_total",
    .help =
        "Tokens of partners: kept after a log-in, given to their clients, refreshed; refreshes that were refused, did "
        "not happen, or of which nobody knows",
    .label = "event",
    .values = upstream_token_events,
    .n = N(upstream_token_events)
};
static const char *const upstream_states[] = { "healthy", "failing", "resting" };
static struct metric upstream_partners = { .name = "stoa_upstream_partners",
                                           .help = "Partners by the state of their service",
                                           .label = "state",
                                           .values = upstream_states,
                                           .n = N(upstream_states),
                                           .is_gauge = true };

static const char *const link_events[] = { "offered", "linked", "refused", "separate", "unlinked" };
static struct metric links = { .name = "stoa_links_total",
                               .help =
                                   "Identities at partners and accounts that exist: offered, linked, refused (somebody "
                                   "else's, or not proven), a separate account chosen, unlinked",
                               .label = "event",
                               .values = link_events,
                               .n = N(link_events) };

static struct metric *const all[] = { &upstream_calls, &upstream_partners, &logins,     &tokens,   &consents,
                                      &registrations,  &replays,           &reuses,     &limited,  &client_failures,
                                      &key_ages,       &unchained,         &audit_lag,  &snapshot, &flows,
                                      &logouts,        &logout_queue,      &decoupled,  &notices,  &wrong_codes,
                                      &mails,          &statements,        &challenges, &links,    &upstream_tokens };

void counters_register(void)
{
    for (size_t i = 0; i < N(all); i++)
        metric_register(all[i]);
}

void count_upstream(const struct task *t, enum upstream_event event)
{
    metric_add(&upstream_calls, t->slot, event, 1);
}

void count_upstream_token(const struct task *t, enum upstream_token_event event)
{
    metric_add(&upstream_tokens, t->slot, event, 1);
}

void count_link(const struct task *t, enum link_event event)
{
    metric_add(&links, t->slot, event, 1);
}

void gauge_partners(int64_t healthy, int64_t failing, int64_t resting)
{
    metric_set(&upstream_partners, 0, healthy);
    metric_set(&upstream_partners, 1, failing);
    metric_set(&upstream_partners, 2, resting);
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

void count_statement(const struct task *t, enum statement_result result)
{
    metric_add(&statements, t->slot, result, 1);
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

void count_mail(const struct task *t, enum notice_result result)
{
    metric_add(&mails, t->slot, result, 1);
}

void count_challenge(const struct task *t, enum challenge_event event)
{
    metric_add(&challenges, t->slot, event, 1);
}

void count_user_code_wrong(const struct task *t)
{
    metric_add(&wrong_codes, t->slot, 0, 1);
}

void count_login_limited(const struct task *t)
{
    metric_add(&limited, t->slot, 0, 1);
}

void count_client_auth_failure(const struct task *t)
{
    metric_add(&client_failures, t->slot, 0, 1);
}

void gauge_key_age(enum gauge_alg alg, int64_t seconds)
{
    metric_set(&key_ages, alg, seconds);
}

void gauge_audit(int64_t n, int64_t lag_s)
{
    metric_set(&unchained, 0, n);
    metric_set(&audit_lag, 0, lag_s);
}

void gauge_snapshot(int64_t version)
{
    metric_set(&snapshot, 0, version);
}

void gauge_flows(int64_t open)
{
    metric_set(&flows, 0, open);
}

void count_logout(const struct task *t, enum logout_result result)
{
    metric_add(&logouts, t->slot, result, 1);
}

void logout_queue_set(int64_t n)
{
    metric_set(&logout_queue, 0, n);
}
