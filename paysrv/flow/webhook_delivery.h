/*
 * Events to partners' endpoints: handed to a queue per endpoint, delivered at least once, signed as Standard Webhooks.
 * Two jobs: one takes only endpoints that answered last time, so that dead ones never hold up the others.
 */
#pragma once

#include "shared/base/bytes.h"
#include "shared/base/task.h"

/* The secret of an endpoint is kept sealed; its id is the context. */
bytes webhook_secret_seal(struct task *t, str endpoint, str secret_text);

MUST_USE err webhooks_deliver_healthy(struct task *t);
MUST_USE err webhooks_deliver_all(struct task *t);
