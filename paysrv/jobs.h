/* Background work of paysrv: X(name, every in seconds, thread, function), run as `err function(struct task *t)`. */
#pragma once

#include "shared/ops/worker.h"

#define PAYSRV_JOBS(X)                                                                                                 \
    X("issuer.keys", 5, OWN_THREAD, issuer_keys_refresh)                                                               \
    X("payments.reconcile", 1, OWN_THREAD, reconcile_run)                                                              \
    X("payments.timers", 2, OWN_THREAD, payment_timers_run)                                                            \
    X("cards.keep", 2, OWN_THREAD, saved_cards_settle)                                                                 \
    X("payments.wind", 5, SHARED_THREAD, payment_timers_wind)                                                          \
    X("subscriptions.run", 5, OWN_THREAD, subscriptions_run)                                                           \
    X("subscriptions.refund", 5, OWN_THREAD, unused_refunds_run)                                                       \
    X("disputes.ask", 10, OWN_THREAD, dispute_walks_run)                                                               \
    X("disputes.run", 5, OWN_THREAD, disputes_run)                                                                     \
    X("holdbacks.run", 5, OWN_THREAD, holdbacks_run)                                                                   \
    X("holds.end", 5, OWN_THREAD, deals_run)                                                                           \
    X("refunds.queue", 5, OWN_THREAD, refund_queue_run)                                                                \
    X("fee_invoices.issue", 10, OWN_THREAD, fee_invoices_run)                                                          \
    X("holdbacks.sweep", 300, SHARED_THREAD, holdbacks_sweep)                                                          \
    X("ledger.fold", 2, SHARED_THREAD, ledger_fold)                                                                    \
    X("ledger.seal", 10, SHARED_THREAD, ledger_seal)                                                                   \
    X("ledger.seal_whole", 1, SHARED_THREAD, ledger_seal_whole)                                                        \
    X("ledger.publish", 300, SHARED_THREAD, ledger_publish)                                                            \
    X("ledger.scrub", 1, OWN_THREAD, ledger_scrub)                                                                     \
    X("ledger.check", 10, OWN_THREAD, ledger_rules_check)                                                              \
    X("idempotency.purge", 60, SHARED_THREAD, idempotency_sweep)                                                       \
    X("events.sweep", 60, SHARED_THREAD, events_sweep)                                                                 \
    X("issuer.revocations", 1, OWN_THREAD, revocations_poll)                                                           \
    X("mails.send", 1, OWN_THREAD, mail_send_due)                                                                      \
    X("payouts.scheduled", 10, OWN_THREAD, schedules_run)                                                              \
    X("payouts.send", 1, OWN_THREAD, payouts_send)                                                                     \
    X("payouts.expire", 10, SHARED_THREAD, payouts_expire)                                                             \
    X("confirmations.expire", 10, SHARED_THREAD, confirmations_expire)                                                 \
    X("clocks.run", 2, OWN_THREAD, clocks_run)                                                                         \
    X("bank.exchange", 2, OWN_THREAD, bank_exchange)                                                                   \
    X("bank.upkeep", 10, OWN_THREAD, bank_upkeep)                                                                      \
    X("bank.compare", 300, OWN_THREAD, bank_compare)                                                                   \
    X("screenings.run", 2, OWN_THREAD, screenings_run)                                                                 \
    X("payees.verify", 2, OWN_THREAD, verifications_run)                                                               \
    X("settlements.run", 10, OWN_THREAD, settlements_run)                                                              \
    X("webhooks.fan_out", 1, OWN_THREAD, webhooks_fan_out)                                                             \
    X("webhooks.deliver", 1, OWN_THREAD, webhooks_deliver)                                                             \
    X("requests.write", 0.1, OWN_THREAD, request_log_write)                                                            \
    X("audit.chain", 10, SHARED_THREAD, audit_chain)                                                                   \
    X("requests.sweep", 60, SHARED_THREAD, request_log_sweep)                                                          \
    X("users.forget", 3600, SHARED_THREAD, users_forget)                                                               \
    X("users.look", 10, SHARED_THREAD, users_look)                                                                     \
    X("operator.sweep", 300, SHARED_THREAD, operator_sweep)                                                            \
    X("anomalies.watch", 10, SHARED_THREAD, anomalies_watch)                                                           \
    X("parts.measure", 10, OWN_THREAD, parts_measure)                                                                  \
    X("secrets.hold", 10, SHARED_THREAD, secrets_hold)                                                                 \
    X("clock.watch", 5, OWN_THREAD, clock_watch)                                                                       \
    X("durability.watch", 10, SHARED_THREAD, durability_watch)

#define JOB_DECLARE(name, seconds, thread, run) MUST_USE err run(struct task *t);
PAYSRV_JOBS(JOB_DECLARE)
