/* The configuration of authsrv: one list gives the struct, the parser, the limits and the help text. */
#pragma once

#include "shared/server/transport_settings.h"

#define AUTHSRV_CONFIG(X)                                                                                              \
    X(TEXT, issuer, "", 1, 200, "Issuer URL: https (http for a loopback address only), no trailing slash")             \
    X(TEXT, listen_address, "127.0.0.1", 1, 64, "Address of the public listener")                                      \
    X(INTEGER, port, "7000", 0, 65535, "Port of the public listener")                                                  \
    X(INTEGER, admin_port, "7007", 0, 65535, "Port of health, readiness and metrics, on 127.0.0.1")                    \
    X(TEXT, database_url, "", 1, 1000, "PostgreSQL connection string")                                                 \
    X(TEXT, redis_url, "redis://127.0.0.1:6379", 1, 1000, "Redis: rate limits only")                                   \
    X(TEXT, smtp_url, "", 0, 1000, "Mail server, smtp://host:port; empty: no mails")                                   \
    X(TEXT, mail_from, "", 0, 200, "Sender of mails")                                                                  \
    X(SECRET, pepper_file, "", 32, 4096, "File with the secret mixed into password hashes")                            \
    X(SECRET, sealing_key_file, "", 32, 4096, "File with the secret that seals signing keys and partner secrets")      \
    X(SECRET, initial_access_token_file, "", 32, 4096, "File with the token that may register clients (RFC 7591)")     \
    X(BOOL, client_documents, "false", 0, 1,                                                                           \
      "Take clients whose id is the https URL of their own metadata document (MCP clients)")                           \
    X(TEXT, registration, "token", 4, 5,                                                                               \
      "Who may register clients: token (the holder of such a token) or open (anybody)")                                \
    X(BOOL, require_software_statement, "false", 0, 1,                                                                 \
      "Only software that a trusted issuer vouches for registers itself (RFC 7591, authsrv issuers add)")              \
    X(BOOL, self_registration, "false", 0, 1,                                                                          \
      "Let people open an account by themselves, with a code that is mailed to them")                                  \
    X(INTEGER, workers, "16", 1, 256, "Requests worked on at a time")                                                  \
    X(INTEGER, database_connections, "16", 1, 256, "Database connections that requests share")                         \
    X(INTEGER, io_threads, "0", 0, 64, "Threads of the listener; 0: one per core")                                     \
    X(INTEGER, queue_limit, "1024", 1, 65536, "Requests that may wait for a worker; beyond: 503")                      \
    X(INTEGER, password_workers, "0", 0, 64, "Threads that hash passwords, 19 MiB each; 0: all cores but one")         \
    X(INTEGER, password_queue, "64", 1, 4096, "Requests that may wait for them; beyond: 503")                          \
    X(INTEGER, password_min, "8", 8, 64, "Fewest characters of a new password")                                        \
    X(TEXT, breached_passwords_file, "", 0, 4096,                                                                      \
      "SHA-1 digests in hexadecimal of passwords that nobody may choose, one a line, sorted; empty: none")             \
    X(TEXT, log_level, "info", 1, 8, "debug, info, warn or error")                                                     \
    X(BOOL, rate_limits, "true", 0, 1, "Limit requests per address and account")                                       \
    X(DURATION, statement_timeout, "5s", 1, 600, "Longest time of one statement of a request")                         \
    X(DURATION, command_timeout, "10m", 1, 86400, "Longest time of one statement of an operator's command")            \
    X(DURATION, access_token_ttl, "300s", 60, 86400, "Life of an access token")                                        \
    X(DURATION, refresh_token_ttl, "30d", 3600, 31536000, "Life of a grant with its refresh tokens, never extended")   \
    X(DURATION, refresh_grace, "10s", 0, 300, "How long the previous refresh token gets the same successor again")     \
    X(DURATION, code_ttl, "60s", 10, 600, "Life of an authorization code")                                             \
    X(DURATION, device_code_ttl, "600s", 60, 1800, "Life of a device code and its user code (RFC 8628)")               \
    X(DURATION, ciba_ttl, "300s", 30, 3600, "Longest life of a backchannel authentication request (CIBA)")             \
    X(DURATION, poll_interval, "5s", 1, 60, "How long a client waits between two polls for a decision")                \
    X(BOOL, dpop_nonce, "false", 0, 1, "Demand a nonce of this server in every DPoP proof")                            \
    X(DURATION, session_ttl, "12h", 5, 2592000, "Life of a log-in session, however much it is used")                   \
    X(DURATION, session_idle_ttl, "2h", 5, 2592000, "Without use for so long a session asks for a log-in and ends")    \
    X(DURATION, partner_metadata_ttl, "10m", 1, 86400,                                                                 \
      "How long what a partner publishes of itself is not asked again")                                                \
    X(DURATION, partner_timeout, "10s", 1, 60,                                                                         \
      "Longest time of one request to a partner: its metadata, tokens, users")                                         \
    X(DURATION, key_publish_lead, "24h", 3600, 2592000, "How long a key is in the JWKS before it signs")               \
    X(DURATION, key_active_life, "90d", 86400, 315360000, "Age at which a signing key is replaced")                    \
    X(DURATION, key_retiring_life, "2d", 3600, 31536000, "How long a replaced key stays in the JWKS")                  \
    X(DURATION, logout_retry_first, "1s", 1, 3600, "Pause after the first failed back-channel logout, then doubled")   \
    X(DURATION, logout_retry_longest, "1h", 1, 86400, "Longest pause between attempts, and of the breaker")            \
    X(DURATION, logout_retry_for, "24h", 1, 604800, "How long a back-channel logout is tried")                         \
    X(INTEGER, logout_breaker_failures, "5", 1, 1000, "Failures in a row after which a client's logouts rest")         \
    X(DURATION, logout_breaker_rest, "1m", 1, 86400, "How long they rest, doubled with each further failure")          \
    X(INTEGER, partner_breaker_failures, "5", 1, 1000, "Failures in a row after which a partner's log-in rests")       \
    X(DURATION, partner_breaker_rest, "30s", 1, 600, "How long it rests, doubled with each further failure")           \
    X(TEXT, fetch_own_networks, "", 0, 1000,                                                                           \
      "Private networks, as CIDRs, of partners' log-in servers that an operator registered")                           \
    X(TEXT, fetch_allow_networks, "", 0, 1000,                                                                         \
      "Private networks that addresses of client applications may lead to, too, and by http; empty: https, public")    \
    TRANSPORT_CONFIG(X)

struct config {
    CONFIG_FIELDS(AUTHSRV_CONFIG)
};

/* Judges a struct config beyond those limits. false: every mistake was printed to stderr. */
bool config_judge(const void *config);
