/*
 * The sandbox acquirer (docs/protocol/acquirer.md): what its parts share. Everything it knows lies in memory under one
 * lock and in the journal; a handler never waits for anything but that lock.
 */
#pragma once

#include <pthread.h>

#include "paysrv/sandbox/bank.h"
#include "paysrv/sandbox/faults.h"
#include "paysrv/sandbox/iso_bank.h"
#include "paysrv/sandbox/journal.h"
#include "paysrv/sandbox/notify.h"
#include "paysrv/sandbox/wallet.h"
#include "shared/base/faults.h"
#include "shared/http/endpoint.h"
#include "shared/ops/config.h"
#include "shared/ops/worker.h"

#define ACQUIRER_CONFIG(X)                                                                                             \
    X(INTEGER, port, "7002", 0, 65535, "Port of the API and the card page; 0 lets the system choose")                  \
    X(INTEGER, admin_port, "0", 0, 65535, "Port of health and metrics; 0: none")                                       \
    X(TEXT, listen_address, "127.0.0.1", 7, 45, "Address to listen on")                                                \
    X(TEXT, data, "", 1, 1000, "Directory of the journal")                                                             \
    X(SECRET, key_file, "", 16, 4096, "File with the merchant's key")                                                  \
    X(TEXT, webhook_url, "", 0, 1000, "Where notifications go; empty: nowhere")                                        \
    X(SECRET, webhook_secret_file, "", 0, 4096, "File with the secret that signs notifications (whsec_...)")           \
    X(SECRET, wallet_key_file, "", 0, 4096, "File with the merchant's key at the wallet; empty: key_file")             \
    X(TEXT, wallet_webhook_url, "", 0, 1000, "Where the wallet's notifications go; empty: nowhere")                    \
    X(SECRET, wallet_webhook_secret_file, "", 0, 4096, "File with the secret that signs them (whsec_...)")             \
    X(TEXT, ca_file, "", 0, 1000, "PEM file of CAs trusted for notifications, besides the system's")                   \
    X(TEXT, frame_ancestors, "'none'", 1, 1000, "Origins whose pages may frame the card page")                         \
    X(TEXT, public_url, "http://127.0.0.1:7002", 8, 200, "Where browsers reach the card page")                         \
    X(TEXT, merchant, "Stoa", 1, 100, "The merchant's name on the pages")                                              \
    X(TEXT, log_level, "warn", 4, 5, "debug, info, warn or error")                                                     \
    X(INTEGER, io_threads, "1", 1, 16, "Threads that serve requests")

struct sandbox_config {
    CONFIG_FIELDS(ACQUIRER_CONFIG)
};

struct settlement_list {
    struct settlement *first, *last;
};

struct app {
    struct sandbox_config config;
    pthread_mutex_t lock; /* guards banks, wallet, journal, faults and outbox */
    struct bank bank;
    struct iso_bank iso_bank;
    struct wallet wallet;
    struct settlement_list settlements[2]; /* of cards, of the wallet */
    struct journal journal;
    struct fault_plan faults;
    struct outbox outbox;
    struct jobs *jobs; /* NULL: no notifications */
};

#define SANDBOX_FAULTS(X)                                                                                              \
    X(UNAUTHENTICATED, 401, "unauthenticated", "The merchant key is missing or wrong.")                                \
    X(IDEMPOTENCY_MISMATCH, 422, "idempotency_mismatch", "This key was used with another body.")                       \
    X(ORDER_DUPLICATE, 409, "order_duplicate", "This message id was used with another order.")                         \
    X(CARD_REFUSED, 422, "card_refused", "The card details are not valid.")
FAULTS_DECLARE(SANDBOX_FAULTS)

/* Authorization: Bearer <merchant key>, at the acquirer and at the wallet. */
extern const struct guard GUARD_MERCHANT, GUARD_WALLET_MERCHANT;

/* Idempotency-Key: bare or quoted, 1 to 255 printable ASCII. */
MUST_USE err idempotency_key(struct task *t, const struct request *rq, str *ret);

/* A new dispute of all that a charge took. Its lines go into the journal before it is entered and told. */
struct bank_dispute dispute_of_charge(struct task *t, struct charge *charge, bool is_chargeback);
void dispute_prepare(struct task *t, struct app *app, const struct bank_dispute *d, struct notice *notice,
                     struct buf *lines);
const struct bank_dispute *dispute_enter(struct app *app, const struct bank_dispute *d, struct notice *notice);

/* Decides a payment that nobody has decided, once: by this user, or for nobody; with a code it is declined. */
MUST_USE err wallet_decide(struct task *t, struct app *app, struct wallet_payment *p, const struct wallet_user *user,
                           str decline_code);

/* A challenge whose time is over is settled: before a charge is shown. c NULL: nothing. */
MUST_USE err challenge_look(struct task *t, struct app *app, struct charge *c);

/* Takes the lock; nothing that holds it may block or fail to release it. */
struct app *sandbox_enter(struct task *t);
void sandbox_leave(struct app *app);

#define SANDBOX_ROUTES(X)                                                                                              \
    X(charge_create)                                                                                                   \
    X(charge_find)                                                                                                     \
    X(charge_get)                                                                                                      \
    X(charge_expire)                                                                                                   \
    X(push_create)                                                                                                     \
    X(push_find)                                                                                                       \
    X(refund_create)                                                                                                   \
    X(refund_find)                                                                                                     \
    X(capture_create)                                                                                                  \
    X(capture_find)                                                                                                    \
    X(void_create)                                                                                                     \
    X(void_find)                                                                                                       \
    X(dispute_create)                                                                                                  \
    X(dispute_get)                                                                                                     \
    X(dispute_file_put)                                                                                                \
    X(dispute_evidence)                                                                                                \
    X(dispute_accept)                                                                                                  \
    X(dispute_decide)                                                                                                  \
    X(card_session_create)                                                                                             \
    X(token_create)                                                                                                    \
    X(card_get)                                                                                                        \
    X(settlement_create)                                                                                               \
    X(settlement_list)                                                                                                 \
    X(settlement_get)                                                                                                  \
    X(report)                                                                                                          \
    X(card_page)                                                                                                       \
    X(card_submit)                                                                                                     \
    X(challenge_page)                                                                                                  \
    X(challenge_answer)                                                                                                \
    X(wallet_payment_create)                                                                                           \
    X(wallet_payment_find)                                                                                             \
    X(wallet_payment_expire)                                                                                           \
    X(wallet_refund_create)                                                                                            \
    X(wallet_refund_find)                                                                                              \
    X(wallet_account)                                                                                                  \
    X(wallet_payout_create)                                                                                            \
    X(wallet_payout_find)                                                                                              \
    X(wallet_settlement_create)                                                                                        \
    X(wallet_settlement_list)                                                                                          \
    X(wallet_settlement_get)                                                                                           \
    X(wallet_page)                                                                                                     \
    X(wallet_answer)                                                                                                   \
    X(order_create)                                                                                                    \
    X(day_end)                                                                                                         \
    X(payee_ask)                                                                                                       \
    X(bank_credit)                                                                                                     \
    X(bank_files)                                                                                                      \
    X(bank_file)                                                                                                       \
    X(faults_get)                                                                                                      \
    X(faults_put)                                                                                                      \
    X(faults_end)                                                                                                      \
    X(health)
#define SANDBOX_ROUTE_DECLARE(name) extern const struct route name##_route;
SANDBOX_ROUTES(SANDBOX_ROUTE_DECLARE)
