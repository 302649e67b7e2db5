/* Background work of authsrv: X(name, every in seconds, function), run as `err function(struct task *t)`. */
#pragma once

#include "shared/ops/worker.h"

#define AUTHSRV_JOBS(X)                                                                                                \
    X("snapshot.refresh", 1, snapshot_refresh)                                                                         \
    X("audit.chain", 2, audit_chain)                                                                                   \
    X("keys.housekeep", 60, keys_housekeep)                                                                            \
    X("gauges.measure", 10, gauges_measure)                                                                            \
    X("sessions.expire", 5, sessions_expire)                                                                           \
    X("logouts.deliver", 1, logouts_deliver)                                                                           \
    X("logouts.retry", 1, logouts_retry)                                                                               \
    X("rows.purge", 10, rows_purge)                                                                                    \
    X("notices.send", 1, notices_send)                                                                                 \
    X("mails.send", 1, mails_send)

#define JOB_DECLARE(name, seconds, run) MUST_USE err run(struct task *t);
AUTHSRV_JOBS(JOB_DECLARE)
