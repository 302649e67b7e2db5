/*
 * Events to partners' endpoints: handed to a queue per endpoint, delivered at least once, signed as Standard Webhooks.
 * Two kinds of jobs: those that take only endpoints that answered last time, two of them so that one which just stopped
 * answering holds up nobody, and one for the rest.
 */
#pragma once

#include "shared/base/bytes.h"
#include "shared/base/task.h"

/* The secret of an endpoint is kept sealed; its id is the context. */
bytes webhook_secret_seal(struct task *t, str endpoint, str secret_text);

MUST_USE err webhooks_deliver_healthy(struct task *t);
MUST_USE err webhooks_deliver_all(struct task *t);
