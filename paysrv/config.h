/* What paysrv can be configured with: one list gives struct, parser, defaults and --help (shared/ops/config.h). */
#pragma once

#include "shared/server/transport_settings.h"

#define PAYSRV_CONFIG(X)                                                                                               \
    X(TEXT, public_url, "", 8, 200, "Base URL under which clients and buyers reach this server, no trailing slash")    \
    X(TEXT, issuer, "", 8, 200, "Issuer URL of the authorization server whose tokens are taken")                       \
    X(TEXT, listen_address, "127.0.0.1", 1, 64, "Address to listen on")                                                \
    X(INTEGER, port, "7001", 1, 65535, "Port to listen on")                                                            \
    X(INTEGER, admin_port, "7008", 1, 65535, "Port of health, readiness and metrics, on 127.0.0.1")                    \
    X(TEXT, database_url, "", 1, 1000, "PostgreSQL connection string or URL")                                          \
    X(TEXT, redis_url, "", 1, 1000, "redis://host:port/db or unix:///path")                                            \
    X(TEXT, smtp_url, "", 1, 1000, "smtp://host:port of the mail server")                                              \
    X(TEXT, mail_from, "Stoa <no-reply@localhost>", 3, 200, "Sender of the mails")                                     \
    X(TEXT, mail_bounces, "", 0, 200,                                                                                  \
      "Address that undeliverable mails come back to, as bounces+ID@ for bounces@; empty: the sender's")               \
    X(INTEGER, workers, "32", 1, 256, "Requests worked on at a time")                                                  \
    X(INTEGER, database_connections, "16", 1, 256, "Database connections that requests share")                         \
    X(INTEGER, webhook_senders, "128", 1, 1024, "Deliveries of events to partners under way at a time")                \
    X(INTEGER, renewals_at_once, "32", 1, 1024, "Periods and invoices of subscriptions worked on at a time")           \
    X(INTEGER, io_threads, "0", 0, 64, "I/O threads; 0: one per core")                                                 \
    X(INTEGER, queue_limit, "256", 1, 100000, "Requests that may wait for a worker; beyond: 503")                      \
    X(TEXT, log_level, "info", 4, 5, "debug, info, warn or error")                                                     \
    X(BOOL, rate_limits, "on", 0, 1, "Limits per client address")                                                      \
    X(DURATION, statement_timeout, "5s", 1, 600, "Longest time of one statement of a request")                         \
    X(DURATION, command_timeout, "10m", 1, 86400, "Longest time of one statement of an operator's command")            \
    X(DURATION, ledger_check_every, "24h", 0, 31536000,                                                                \
      "How often each rule of the books is checked by the server itself; 0: never")                                    \
    X(TEXT, acquirer, "sandbox", 1, 40, "The acquirer of live partners: sandbox or stripe")                            \
    X(TEXT, acquirer_mode, "", 0, 4, "stripe: test or live; a key of the other one is refused")                        \
    X(TEXT, acquirer_url, "", 8, 200, "Base URL of the acquirer's API")                                                \
    X(SECRET, acquirer_key_file, "", 16, 4096, "File with our key at the acquirer")                                    \
    X(SECRET, acquirer_webhook_secret_file, "", 24, 4096, "File with the secret that signs the acquirer's messages")   \
    X(TEXT, test_acquirer_url, "", 0, 200, "Base URL of the API of the acquirer of sandbox partners; empty: none")     \
    X(SECRET, test_acquirer_key_file, "", 0, 4096, "File with our key at that acquirer")                               \
    X(SECRET, test_acquirer_webhook_secret_file, "", 0, 4096, "File with the secret that signs its messages")          \
    X(TEXT, wallet, "", 0, 40, "The acquirer of wallet payments of live partners: sandbox_wallet; empty: none")        \
    X(TEXT, wallet_url, "", 0, 200, "Base URL of the wallet's API")                                                    \
    X(SECRET, wallet_key_file, "", 0, 4096, "File with our key at the wallet")                                         \
    X(SECRET, wallet_webhook_secret_file, "", 0, 4096, "File with the secret that signs the wallet's messages")        \
    X(TEXT, test_wallet_url, "", 0, 200, "Base URL of the API of the wallet of sandbox partners; empty: none")         \
    X(SECRET, test_wallet_key_file, "", 0, 4096, "File with our key at that wallet")                                   \
    X(SECRET, test_wallet_webhook_secret_file, "", 0, 4096, "File with the secret that signs its messages")            \
    X(BOOL, acquirer_settlements, "off", 0, 1,                                                                         \
      "The acquirer's registries are fetched from it; off: they are imported")                                         \
    X(TEXT, acquirer_fees, "", 0, 4000,                                                                                \
      "What the acquirer takes, basis points and minor units: EUR 140 25, JPY 180 0; empty: not compared")             \
    X(BOOL, wallet_settlements, "off", 0, 1, "The wallet's registries are fetched from it; off: they are imported")    \
    X(TEXT, wallet_fees, "", 0, 4000, "What the wallet takes, as acquirer_fees; empty: not compared")                  \
    X(DURATION, settled_within, "96h", 0, 31536000,                                                                    \
      "After this what the acquirer owes for and no registry has is missing")                                          \
    X(TEXT, acquirer_account, "", 0, 100, "Our account name in the acquirer's messages; empty: not compared")          \
    X(SECRET, code_key_file, "", 32, 4096, "File with the key of confirmation codes")                                  \
    X(SECRET, sealing_key_file, "", 32, 4096, "File with the key that seals stored secrets and checkout cookies")      \
    X(TEXT, fetch_own_networks, "", 0, 1000,                                                                           \
      "Private networks, as CIDRs, of what this configuration names by address: issuer, acquirer, bank, screening")    \
    X(TEXT, fetch_allow_networks, "", 0, 1000,                                                                         \
      "Private networks that addresses of partners (webhooks) may lead to, too, and by http; empty: https, public")    \
    TRANSPORT_CONFIG(X)                                                                                                \
    X(TEXT, payment_limits, "", 0, 4000, "Least and most of a payment: EUR 50 1000000, JPY 50 2000000")                \
    X(INTEGER, commit_batch, "64", 1, 256, "Statements that share one commit on the payment path; 1: each its own")    \
    X(INTEGER, committers, "2", 1, 8, "Connections that write for the payment path")                                   \
    X(INTEGER, store_proof_port, "443", 1, 65535,                                                                      \
      "Port where the domains of stores are asked for their proof; another than 443 is asked by http, for "            \
      "development")                                                                                                   \
    X(TEXT, zone_directory, "/usr/share/zoneinfo", 1, 1000, "Where the system's time zones are")                       \
    X(TEXT, spool_directory, "/var/tmp", 1, 1000,                                                                      \
      "Where large exports are written before they are sent; never read again")                                        \
    X(DURATION, authorization_warning, "24h", 0, 2592000,                                                              \
      "Before an authorization ends, its partner is told so long ahead")                                               \
    X(DURATION, reconcile_after, "30s", 1, 3600, "After this an operation without an outcome is asked for")            \
    X(DURATION, dispute_reminder, "72h", 0, 2592000,                                                                   \
      "Before the time for evidence ends, its owner is reminded so long ahead")                                        \
    X(TEXT, operator_client_id, "", 0, 200,                                                                            \
      "Our client id at the issuer: operator's pages, revocations; empty: none of both")                               \
    X(SECRET, operator_client_secret_file, "", 0, 4096, "File with that client's secret")                              \
    X(BOOL, hold_outgoing, "off", 0, 1,                                                                                \
      "No renewal is charged, nothing paid out to cards, wallets or by schedule, nothing refunded but what "           \
      "somebody asks for, and no invoice for fees issued: for a restored database")                                    \
    X(TEXT, debtor_name, "", 0, 70, "Name of the account that pays sellers out (pain.001)")                            \
    X(TEXT, debtor_iban, "", 0, 34, "IBAN of that account")                                                            \
    X(TEXT, debtor_bic, "", 0, 11, "BIC of that account's bank")                                                       \
    X(TEXT, debtor_account, "", 0, 20, "Number of the account in roubles that pays to Russian accounts; empty: none")  \
    X(TEXT, debtor_bik, "", 0, 9, "BIK of its bank")                                                                   \
    X(TEXT, debtor_correspondent, "", 0, 20, "Correspondent account of its bank; may be empty")                        \
    X(TEXT, debtor_inn, "", 0, 12, "INN of its holder")                                                                \
    X(TEXT, rouble_orders, "pain.001", 1, 10, "Format of orders out of it: pain.001, 1c (windows-1251) or 1c-utf8")    \
    X(TEXT, platform_name, "", 0, 200, "Our legal name on acts; empty: debtor_name, else public_url")                  \
    X(TEXT, platform_address, "", 0, 500, "Our address on acts")                                                       \
    X(TEXT, font_file, "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 1, 1000,                                     \
      "TrueType font of the documents that are written as PDF")                                                        \
    X(TEXT, bank_url, "", 0, 200, "Base URL of the channel to the bank; empty: files are carried by hand")             \
    X(SECRET, bank_key_file, "", 0, 4096, "File with our key at that channel")                                         \
    X(BOOL, bank_transfers, "off", 0, 1, "Buyers may pay by bank transfer to that account")                            \
    X(DURATION, transfer_pay_within, "168h", 3600, 7776000, "How long a buyer has to order a bank transfer")           \
    X(DURATION, transfer_grace, "96h", 0, 2592000,                                                                     \
      "After it what was ordered in time is waited for so long: banks rest on weekends")                               \
    X(DURATION, event_life, "2160h", 2592000, 315360000,                                                               \
      "After this an event is deleted with its deliveries, when none of these is still to come")                       \
    X(DURATION, mail_life, "720h", 3600, 31536000, "After this a mail that was sent or given up is deleted")           \
    X(DURATION, user_retention, "87600h", 86400, 946080000,                                                            \
      "What the law asks to keep of a user who was erased goes after this")                                            \
    X(INTEGER, manual_entry_approve_from, "0", 0, 1000000000000,                                                       \
      "From this many minor units on an entry by hand waits for a second operator; 0: none does")                      \
    X(INTEGER, order_release_from, "0", 0, 1000000000000,                                                              \
      "From this many minor units on, with what went within a day unseen, an order to the bank waits for an operator " \
      "who has not made it; 0: none does")                                                                             \
    X(DURATION, payout_code_ttl, "10m", 60, 3600, "Life of a mailed code")                                             \
    X(DURATION, requisite_cooldown, "24h", 0, 2592000, "How long a changed account waits before it is paid out to")    \
    X(TEXT, screening_url, "", 0, 200,                                                                                 \
      "Your service that is asked about a payee before money first goes to him; empty: nobody is")                     \
    X(SECRET, screening_secret_file, "", 0, 4096, "File with the secret (whsec_...) that signs these questions")       \
    X(INTEGER, bank_return_fee_max, "5000", 0, 1000000,                                                                \
      "Minor units that a bank may keep of a payout that it returns; the return of less is for a person")              \
    X(DURATION, bank_answer_within, "72h", 1, 2592000, "After this a payout that was sent and not answered is unknown")

struct config {
    CONFIG_FIELDS(PAYSRV_CONFIG)
};

bool config_judge(const void *config);
