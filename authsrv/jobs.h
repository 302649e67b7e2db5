/* Background work of authsrv: X(name, every in seconds, thread, function), run as `err function(struct task *t)`. */
#pragma once

#include "shared/ops/worker.h"

#define AUTHSRV_JOBS(X)                                                                                                \
    X("snapshot.refresh", 1, NOTIFIED, snapshot_refresh)                                                               \
    X("audit.chain", 2, SHARED_THREAD, audit_chain)                                                                    \
    X("keys.housekeep", 60, SHARED_THREAD, keys_housekeep)                                                             \
    X("gauges.measure", 10, SHARED_THREAD, gauges_measure)                                                             \
    X("passwords.rest", 10, SHARED_THREAD, passwords_rest)                                                             \
    X("sessions.expire", 5, SHARED_THREAD, sessions_expire)                                                            \
    X("logouts.deliver", 1, OWN_THREAD, logouts_deliver)                                                               \
    X("logouts.retry", 1, OWN_THREAD, logouts_retry)                                                                   \
    X("grants.end", 1, OWN_THREAD, grants_end)                                                                         \
    X("rows.purge", 10, SHARED_THREAD, rows_purge)                                                                     \
    X("notices.send", 1, OWN_THREAD, notices_send)                                                                     \
    X("notices.retry", 1, OWN_THREAD, notices_retry)                                                                   \
    X("notices.mail", 1, OWN_THREAD, notices_mail)                                                                     \
    X("mails.send", 1, OWN_THREAD, mails_send)                                                                         \
    X("parts.measure", 10, OWN_THREAD, parts_measure)                                                                  \
    X("secrets.hold", 10, SHARED_THREAD, secrets_hold)                                                                 \
    X("clock.watch", 5, OWN_THREAD, clock_watch)                                                                       \
    X("durability.watch", 10, SHARED_THREAD, durability_watch)

#define JOB_DECLARE(name, seconds, thread, run) MUST_USE err run(struct task *t);
AUTHSRV_JOBS(JOB_DECLARE)
