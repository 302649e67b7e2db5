/* What statements of authsrv may walk (plans_test.c). */
#pragma once

#include "tests/contract/plans.h"

/* Tables that stay small: what operators set up, single rows. */
static const char *const plans_few[] = {
    "assertion_issuer", "cache_version",  "detail_type", "exchange_rule",  "initial_token",
    "partner",          "partner_health", "resource",    "resource_scope", "sign_key",
};

/* Partial indexes that a row leaves when it is done with. */
static const char *const plans_open[] = {
    "decoupled_notice_due", "logout_turns", "mail_challenge_live", "mail_due", "mailed_code_live",
};

static const struct plan_reason plans_reasons[] = {
    { "invariants_read", NULL, "the check of everything" },
    { "statistics_read", NULL, PLAN_OPERATOR },
    { "client_list", "client", PLAN_OPERATOR },
    { "scope_close", "client", "an operator takes a scope from all clients" },
    { "account_page", "users", PLAN_PAGE },
    { "client_page", "client", PLAN_PAGE },
    { "audit_page", "audit", PLAN_PASSED },
    { "logout_list", "logout", PLAN_PASSED },
    { "backlog_read", "audit_chain", PLAN_END },
    { "backlog_read", "audit", PLAN_TAIL },
    { "backlog_read", "flow", "log-ins that are on their way" },
    { "revocation_list", NULL, PLAN_TAIL },
    { "session_expire", "session", "what is over" },
    { "session_idle", "session", "what nobody is known to have used lately" },
    { "grant_ending_slice", "grant_ending", "what ended seconds ago and had very many grants" },
    { "session_purge", "session", PLAN_GONE },
    { "branding_file_purge", "branding_file", "files of all brandings, looked up one by one" },
    { "ciba_page", "decoupled", "questions of minutes" },
    { "decoupled_expire", "decoupled", PLAN_GONE },
    { "audit_page", "audit_chain", PLAN_END },
    { "client_snapshot", "client", "what a server holds in memory, 12,000 at most, by a hundred" },
    { "open_client_purge", "pushed_request", "requests of an hour, for clients of which nothing else is known" },
    { "upstream_logout_create", "upstream_logout", "log-outs of an hour" },
    { "account_erase", "mailed_code", "codes of an hour, once for an account" },
    { "account_erase", "mail_challenge", "challenges of a day, once for an account" },
};
