/* Background work of paysrv: X(name, every in seconds, function), run as `err function(struct task *t)`. */
#pragma once

#include "shared/ops/worker.h"

#define PAYSRV_JOBS(X)                                                                                                 \
    X("issuer.keys", 5, issuer_keys_refresh)                                                                           \
    X("payments.reconcile", 1, reconcile_run)                                                                          \
    X("ledger.fold", 10, ledger_fold)                                                                                  \
    X("idempotency.purge", 60, idempotency_sweep)                                                                      \
    X("issuer.revocations", 1, revocations_poll)                                                                       \
    X("mails.send", 1, mail_send_due)                                                                                  \
    X("payouts.expire", 10, payouts_expire)                                                                            \
    X("webhooks.healthy", 1, webhooks_deliver_healthy)                                                                 \
    X("webhooks.healthy_2", 1, webhooks_deliver_healthy)                                                               \
    X("webhooks.all", 1, webhooks_deliver_all)                                                                         \
    X("operator.sweep", 300, operator_sweep)

#define JOB_DECLARE(name, seconds, run) MUST_USE err run(struct task *t);
PAYSRV_JOBS(JOB_DECLARE)
