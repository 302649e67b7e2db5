/* One event to one of a partner's endpoints: the message, signed as Standard Webhooks, and what came of it. */
#pragma once

#include "paysrv/domain/message/webhook.h"
#include "paysrv/store/webhook.rows.h"
#include "shared/base/bytes.h"
#include "shared/base/task.h"

struct db_batch;
struct db_config;

/* The secret of an endpoint is kept sealed; its id is the context. */
bytes webhook_secret_seal(struct task *t, str endpoint, str secret_text);

struct webhook_secrets {
    str now, before; /* before: of a rotation, while receivers change over; empty: none */
};
void webhook_secrets_open(struct task *t, const struct webhook_endpoints_claim_row *endpoint,
                          struct webhook_secrets *ret);

/* Outcomes that come at the same time are written down by one statement. */
struct db_batch *webhook_outcomes_open(struct arena *process, const struct db_config *config, size_t max);

struct webhook_result {
    enum webhook_outcome outcome;
    int status; /* 0: no answer */
    duration took;
    int64_t retry_after_s; /* as the receiver asks; 0: he does not */
};
/* One POST, and its outcome is written down. A failure is ours, and says nothing of the endpoint. */
MUST_USE err webhook_deliver(struct task *t, const struct webhook_endpoints_claim_row *endpoint,
                             const struct webhook_secrets *secrets, const struct webhook_delivery_due_row *d,
                             struct webhook_result *ret);
